import { html } from 'hono/html'
import {
  type CatalogueQuery,
  type Entry,
  type Found,
  findItems,
  type Sort,
} from '../../registry/catalogue.ts'
import type { Registry } from '../../registry/registry.ts'
import { emptyState } from '../components/lists.ts'
import { stateTag } from '../components/state.ts'
import { type Column, table } from '../components/table.ts'
import { exportLinks } from '../exports.ts'
import { page } from '../page.ts'
import { paged } from '../paging.ts'
import { agencyLink, itemLink, limitWords } from '../terms.ts'
import { CATALOG } from '../texts/catalog.ts'
import { TERMS } from '../texts/terms.ts'
import { hrefWith, type View } from '../view.ts'
import { type Html, pick } from '../words.ts'
import { filterChips, filterForm } from './catalog-filters.ts'

const PAPERS_SHOWN = 3
const FILTERS = ['q', 'agency', 'kind', 'sharing', 'state', 'level']

/** The catalogue as a table, narrowed by what stands in the address. */
export function catalogPage(
  view: View,
  registry: Registry,
  { page: at, ...query }: CatalogueQuery & { readonly page: number },
): Html {
  const { lang } = view
  const says = CATALOG[lang]
  const found = findItems(registry, query)
  const { shown, links } = paged(view, found.entries, at)
  const narrowed = filterChips(view, registry, query)
  const list =
    shown.length === 0
      ? emptyState({ title: says.noneTitle, why: found.all === 0 ? says.empty : says.none })
      : html`${tableOf(view, shown, query.sort ?? 'code')}
${links}
${exportLinks(view, '/v1/catalog/export/items', FILTERS)}`
  return page(view, {
    title: says.title,
    current: '/catalog',
    body: html`<p>${says.lead}</p>${filterForm(view, registry, query, found)}${narrowed}
<p class="count" role="status">${sentence(view, found)}</p>${list}`,
  })
}

/** "37 项：35 项已发布，2 项已暂停。" */
function sentence({ lang }: View, { entries, all }: Found): string {
  const says = CATALOG[lang]
  if (entries.length !== all) return says.found(entries.length, all)
  const published = entries.filter(({ item }) => item.state === 'published').length
  return says.counts(all, published, all - published)
}

function tableOf(view: View, rows: readonly Entry[], sort: Sort): Html {
  const { lang } = view
  const says = CATALOG[lang]
  const terms = TERMS[lang]
  const columns: Column<Entry>[] = [
    {
      head: says.code,
      cell: ({ item }) => html`<a href="/items/${item.code}"><code>${item.code}</code></a>`,
      sort: sortBy(view, 'code', sort),
    },
    {
      head: says.item,
      isHead: true,
      cell: ({ item }) => html`${itemLink(lang, item.code, item.names)}${papers(view, item)}`,
      sort: sortBy(view, 'name', sort),
    },
    {
      head: says.agency,
      cell: ({ item, provider }) => agencyLink(lang, item.provider, provider),
      sort: sortBy(view, 'agency', sort),
    },
    { head: says.kind, cell: ({ item }) => terms.kinds[item.kind] },
    { head: says.sharing, cell: ({ item }) => terms.sharing[item.sharing.class] },
    { head: says.limit, cell: ({ item }) => limitWords(lang, item.timeLimit.promised) },
    { head: says.state, cell: ({ item }) => stateTag(lang, item.state) },
  ]
  return table(lang, { caption: says.title, rows, columns })
}

function papers({ lang }: View, { replaces }: Entry['item']): Html | '' {
  if (replaces.length === 0) return ''
  const names = replaces.slice(0, PAPERS_SHOWN).map((one) => pick(lang, one))
  return html`<br><span class="faint small">${CATALOG[lang].replaces(names.join(TERMS[lang].comma))}</span>`
}

/** Once more on the same heading turns the order round. */
function sortBy(
  view: View,
  by: 'code' | 'name' | 'agency',
  sort: Sort,
): NonNullable<Column<Entry>['sort']> {
  const now = sort === by ? 'ascending' : sort === `-${by}` ? 'descending' : undefined
  const next = now === 'ascending' ? `-${by}` : by
  return {
    href: hrefWith(view, { sort: next === 'code' ? undefined : next, page: undefined }),
    now,
  }
}
