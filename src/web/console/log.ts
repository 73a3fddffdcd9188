import { html } from 'hono/html'
import type { Fault, Search } from '../../audit/filters.ts'
import type { LogPage, LogRow } from '../../audit/search.ts'
import type { Registry } from '../../registry/registry.ts'
import { linkButton } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { type Column, table } from '../components/table.ts'
import { page } from '../page.ts'
import { LOG } from '../texts/log.ts'
import { hrefWith, type View } from '../view.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { type Given, logChips, logFilters } from './log-filters.ts'
import {
  itemOf,
  kindWord,
  purposeOf,
  recordLink,
  resultOf,
  type Telling,
  timeOf,
  whoOf,
} from './log-words.ts'

/** What was found; or what is wrong with what was asked, and then nothing was looked for. */
export type Listed =
  | { readonly search: Search; readonly found: LogPage; readonly names: Telling['names'] }
  | { readonly faults: readonly Fault[] }

/** The log as a table, newest first, narrowed by what stands in the address. */
export function logPage(
  { view, menu, registry }: Desk,
  { given, listed }: { readonly given: Given; readonly listed: Listed },
): Html {
  const says = LOG[view.lang]
  const faults = 'faults' in listed ? listed.faults : []
  const shown = 'faults' in listed ? '' : listOf(view, registry, listed)
  return page(view, {
    title: says.title,
    menu,
    current: '/console/log',
    body: html`<p>${says.lead}</p>${logFilters(view, registry, { given, faults })}${shown}`,
  })
}

function listOf(
  view: View,
  registry: Registry,
  { search, found, names }: Exclude<Listed, { faults: unknown }>,
): Html {
  const { lang } = view
  const says = LOG[lang]
  const rows =
    found.rows.length === 0
      ? noneOf(view, found)
      : table(lang, {
          caption: says.title,
          rows: found.rows,
          columns: columnsOf({ lang, registry, names }),
        })
  return html`${logChips(view, registry, search)}<p class="count" role="status">${sentence(view, search, found)}</p>${rows}${pages(view, found)}
<p class="screen"><a href="${hrefWith({ path: '/v1/admin/log', query: view.query }, {})}">${says.json}</a></p>`
}

function columnsOf(telling: Telling): readonly Column<LogRow>[] {
  const { columns } = LOG[telling.lang]
  return [
    {
      head: columns.number,
      isNumber: true,
      isHead: true,
      cell: ({ number }) => recordLink(number),
    },
    { head: columns.time, cell: ({ leaf }) => timeOf(leaf) },
    { head: columns.kind, cell: ({ leaf }) => kindWord(telling.lang, leaf.kind) },
    { head: columns.who, cell: ({ leaf }) => whoOf(telling, leaf) },
    { head: columns.item, cell: ({ leaf }) => itemOf(telling, leaf) },
    { head: columns.purpose, cell: ({ leaf }) => purposeOf(telling, leaf) },
    { head: columns.result, cell: ({ leaf }) => resultOf(telling, leaf) },
  ]
}

/** How much there is and how far this page looked: an auditor must never take a part for the whole. */
function sentence({ lang }: View, search: Search, found: LogPage): string {
  const says = LOG[lang]
  const { rows, from, to, left, next } = found
  const number = new Intl.NumberFormat(lang)
  const size = says.size(number.format(found.size))
  if (Object.keys(search).length === 0) return [size, says.newest].join(SPACE[lang])
  const looked = number.format(to - from)
  const part = from === to ? [] : [says.looked(looked, String(from), String(to - 1), rows.length)]
  const rest = next === undefined ? says.end : says.left(number.format(left))
  return [size, ...part, rest].join(SPACE[lang])
}

const SPACE = { 'zh-CN': '', en: ' ' } as const

function noneOf({ lang }: View, { next }: LogPage): Html {
  const says = LOG[lang]
  return next === undefined
    ? emptyState({ title: says.none, why: says.noneWhy })
    : emptyState({ title: says.notYet, why: says.notYetWhy })
}

/** Forward by the number that a page ended at: entries that come meanwhile shift nothing. */
function pages(view: View, { rows, next }: LogPage): Html | '' {
  const says = LOG[view.lang]
  const isFirst = !view.query.has('before')
  if (next === undefined && isFirst) return ''
  const back = isFirst ? '' : linkButton(hrefWith(view, { before: undefined }), says.back)
  const older =
    next === undefined
      ? ''
      : linkButton(
          hrefWith(view, { before: String(next) }),
          rows.length === 0 ? says.goOn : says.older,
        )
  return html`<nav class="actions ds-pagination" aria-label="${says.pages}">${back}${older}</nav>`
}
