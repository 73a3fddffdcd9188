import { html } from 'hono/html'
import type { Item } from '../../registry/documents.ts'
import type { Registry } from '../../registry/registry.ts'
import { table } from '../components/table.ts'
import { CATALOG } from '../texts/catalog.ts'
import { TERMS } from '../texts/terms.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

/** What a system may ask, and whether it gets a value or only yes or no. */
export function asksOf({ lang }: View, { contracts }: Registry, { contract }: Item): Html {
  const says = CATALOG[lang]
  const known = contract === null ? undefined : contracts.get(contract)
  if (!known) return html`<p>${says.noContract}</p>`
  const comma = TERMS[lang].comma
  return table(lang, {
    caption: says.asks,
    rows: [...known.claims.values()],
    columns: [
      {
        head: says.claim,
        isHead: true,
        cell: ({ name, title }) => html`${pick(lang, title)} <code class="small">${name}</code>`,
      },
      {
        head: says.way,
        cell: ({ read, predicates }) => {
          const only = says.predicates([...predicates].join(comma))
          const ways = [...(read ? [says.reads] : []), ...(predicates.size > 0 ? [only] : [])]
          return ways.join(comma)
        },
      },
    ],
  })
}
