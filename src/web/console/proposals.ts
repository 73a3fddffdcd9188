import { html } from 'hono/html'
import { KINDS } from '../../proposal/kinds.ts'
import type { Listed } from '../../proposal/proposal.ts'
import { button, field, linkButton } from '../components/form.ts'
import { type Chip, chips, emptyState } from '../components/lists.ts'
import { type Column, table } from '../components/table.ts'
import { page } from '../page.ts'
import { CORRECTIONS } from '../texts/corrections.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { TERMS } from '../texts/terms.ts'
import { clockTime } from '../time.ts'
import { hrefWith } from '../view.ts'
import type { Html } from '../words.ts'
import { reports } from './correction.ts'
import type { Desk } from './enter.ts'
import { clockTag, type ListedClock, mostUrgent } from './proposal-clocks.ts'
import {
  agencyName,
  kindWord,
  proposalStateWord,
  proposalTag,
  targetCode,
  targetName,
} from './proposal-words.ts'

export type ListFilters = {
  readonly kind?: string | undefined
  readonly state?: string | undefined
  readonly target?: string | undefined
  readonly cursor?: string | undefined
}

/** A row of the list, with the clocks that run on it. */
export type Row = Listed & { readonly clocks: readonly ListedClock[] }

export type ProposalsPage = { readonly proposals: readonly Row[]; readonly next?: string }

/** What a list of changes is told with: names of persons whom a change may be about. */
export type People = ReadonlyMap<string, string>

/** Every change that this person may see, narrowed by what stands in the address. */
export function proposalsPage(
  desk: Desk,
  filters: ListFilters,
  { proposals, next, people }: ProposalsPage & { readonly people: People },
): Html {
  const { view, menu } = desk
  const says = PROPOSALS[view.lang]
  const isNarrowed = [filters.kind, filters.state, filters.target].some((one) => one !== undefined)
  const list =
    proposals.length === 0
      ? emptyState(
          isNarrowed
            ? { title: says.noneTitle, why: says.none }
            : { title: says.emptyTitle, why: says.empty },
        )
      : proposalTable(desk, { rows: proposals, caption: says.title, people })
  const older = next ? linkButton(hrefWith(view, { cursor: next }), says.older) : ''
  const newest = filters.cursor
    ? linkButton(hrefWith(view, { cursor: undefined }), says.newest)
    : ''
  return page(view, {
    title: says.title,
    menu,
    current: '/console/proposals',
    ...(reports(desk)
      ? { actions: linkButton('/console/corrections/new', CORRECTIONS[view.lang].link) }
      : {}),
    body: html`<p>${says.lead}</p>${filterForm(desk, filters)}${chipsOf(desk, filters)}
<p class="count" role="status">${sentence(desk, { n: proposals.length, isNarrowed, hasMore: next !== undefined })}</p>${list}
${older || newest ? html`<div class="actions">${newest}${older}</div>` : ''}`,
  })
}

function sentence(
  { view }: Desk,
  { n, isNarrowed, hasMore }: { n: number; isNarrowed: boolean; hasMore: boolean },
): string {
  const says = PROPOSALS[view.lang]
  if (hasMore) return says.shownMore(n)
  return isNarrowed ? says.narrowed(n) : says.shown(n)
}

type Table = {
  readonly rows: readonly Row[]
  readonly caption: string
  readonly people: People
}

/** Rows lead to their change, where the clock opens to the days that were counted. */
export function proposalTable({ view, registry }: Desk, { rows, caption, people }: Table): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const columns: readonly Column<Row>[] = [
    {
      head: says.what,
      isHead: true,
      cell: (one) =>
        html`<a href="/console/proposals/${one.id}">${kindWord(lang, one.kind)} ${targetCode(one)} ${targetName(lang, registry, one, people) ?? ''}</a>`,
    },
    { head: says.agency, cell: ({ agency }) => agencyName(lang, registry, agency) },
    { head: says.state, cell: ({ state }) => proposalTag(lang, state) },
    {
      head: says.due,
      cell: ({ clocks }) => {
        const due = mostUrgent(clocks)
        return due ? clockTag(lang, due) : '—'
      },
    },
    {
      head: says.changed,
      cell: ({ changedAt }) =>
        html`<span class="count">${clockTime(changedAt).slice(0, 16)}</span>`,
    },
  ]
  return table(lang, { columns, rows, caption })
}

const STATES = [
  ...new Set([...KINDS.values()].flatMap(({ moves }) => moves.flatMap(({ to }) => to ?? []))),
]

function filterForm({ view }: Desk, { kind = '', state = '', target = '' }: ListFilters): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const any = { value: '', text: says.any }
  const kinds = [...KINDS.keys()].map((value) => ({ value, text: kindWord(lang, value) }))
  const states = STATES.map((value) => ({ value, text: proposalStateWord(lang, value) }))
  return html`<form class="filters" method="get" action="/console/proposals" role="search" aria-label="${says.filter}" data-auto-submit>${field(lang, { name: 'kind', label: says.kind, kind: 'select', value: kind, choices: [any, ...kinds] })}${field(lang, { name: 'state', label: says.state, kind: 'select', value: state, choices: [any, ...states] })}${field(lang, { name: 'target', label: says.target, value: target, maxLength: 64 })}<div>${button(says.filter, { look: 'secondary' })}</div></form>`
}

function chipsOf({ view }: Desk, filters: ListFilters): Html | '' {
  const { lang } = view
  const says = PROPOSALS[lang]
  const words = {
    kind: kindWord,
    state: proposalStateWord,
    target: (_: unknown, own: string) => own,
  }
  const shown = (['kind', 'state', 'target'] as const).flatMap((name): Chip[] => {
    const value = filters[name]
    if (value === undefined) return []
    const text = `${says[name]}${TERMS[lang].colon}${words[name](lang, value)}`
    return [{ text, href: hrefWith(view, { [name]: undefined, cursor: undefined }) }]
  })
  const clear = { text: says.clear, href: '/console/proposals' }
  return chips(lang, shown, shown.length > 1 ? clear : undefined)
}
