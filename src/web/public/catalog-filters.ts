import { html } from 'hono/html'
import type { CatalogueQuery, Found } from '../../registry/catalogue.ts'
import type { Registry } from '../../registry/registry.ts'
import { button, type Choice, field } from '../components/form.ts'
import { type Chip, chips, fold } from '../components/lists.ts'
import { stateWord } from '../components/state.ts'
import { CATALOG } from '../texts/catalog.ts'
import { TERMS } from '../texts/terms.ts'
import { hrefWith, type View } from '../view.ts'
import { type Html, pick } from '../words.ts'

/** More than these would fill the page; the search box finds the others by name. */
const AGENCIES_SHOWN = 50

const FILTERS = ['agency', 'kind', 'sharing', 'state', 'level'] as const

type Filter = (typeof FILTERS)[number]

/** Search and filters; they stand in the address, so a list can be sent to somebody. */
export function filterForm(
  view: View,
  registry: Registry,
  query: CatalogueQuery,
  found: Found,
): Html {
  const { lang } = view
  const says = CATALOG[lang]
  const search = field(lang, {
    ...{ kind: 'search', name: 'q', label: says.search, value: query.q, maxLength: 100 },
  })
  const selects = FILTERS.map((name) =>
    field(lang, {
      ...{ kind: 'select', name, label: says[name], value: query[name] },
      choices: [{ value: '', text: says.any }, ...choicesOf(view, registry, name, query, found)],
    }),
  )
  const sort = query.sort ? html`<input type="hidden" name="sort" value="${query.sort}">` : ''
  return html`<form method="get" action="/catalog" role="search" data-auto-submit><div class="ask">${search}${button(says.apply)}</div>${fold(says.filters, html`<div class="filters">${selects}</div>`)}${sort}</form>`
}

/** The filters in use, each with the way to take it off. */
export function filterChips(view: View, registry: Registry, query: CatalogueQuery): Html | '' {
  const { lang } = view
  const says = CATALOG[lang]
  const words: Chip[] = query.q
    ? [{ text: says.words(query.q), href: hrefWith(view, { q: undefined, page: undefined }) }]
    : []
  const active = FILTERS.filter((name) => query[name] !== undefined)
  const shown = active.map((name) => ({
    text: `${says[name]}${TERMS[lang].colon}${wordOf(view, registry, name, String(query[name]))}`,
    href: hrefWith(view, { [name]: undefined, page: undefined }),
  }))
  const all = [...words, ...shown]
  const clear = { text: says.clear, href: '/catalog' }
  return chips(lang, all, all.length > 1 ? clear : undefined)
}

function choicesOf(
  view: View,
  registry: Registry,
  name: Filter,
  query: CatalogueQuery,
  { agencies }: Found,
): readonly Choice[] {
  const choice = (value: string) => ({ value, text: wordOf(view, registry, name, value) })
  if (name !== 'agency') return VALUES[name].map(choice)
  const shown = agencies.slice(0, AGENCIES_SHOWN)
  const chosen = query.agency
  const isShown = chosen === undefined || shown.some(({ uscc }) => uscc === chosen)
  const own = isShown ? [] : [choice(chosen)]
  return [
    ...own,
    ...shown.map(({ uscc, count }) => ({
      value: uscc,
      text: `${wordOf(view, registry, name, uscc)} (${count})`,
    })),
  ]
}

const VALUES = {
  kind: ['verification', 'query', 'inquiry'],
  sharing: ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'],
  state: ['published', 'suspended'],
  level: ['city', 'county', 'township', 'village'],
} as const

function wordOf({ lang }: View, { agencies }: Registry, name: Filter, value: string): string {
  const terms = TERMS[lang]
  if (name === 'agency') {
    const agency = agencies.get(value)
    return agency ? pick(lang, agency.names) : value
  }
  if (name === 'state') return stateWord(lang, value as (typeof VALUES.state)[number])
  const words: Readonly<Record<string, string>> =
    name === 'kind' ? terms.kinds : name === 'sharing' ? terms.sharing : terms.levels
  return words[value] ?? value
}
