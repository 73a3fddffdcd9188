import { html } from 'hono/html'
import {
  type Approval,
  type Lists,
  lists,
  type Power,
  type Responsibility,
} from '../../registry/lists.ts'
import type { Registry } from '../../registry/registry.ts'
import { type Column, table } from '../components/table.ts'
import { lawList, timeLimitWords } from '../terms.ts'
import { AGENCIES } from '../texts/agencies.ts'
import { TERMS } from '../texts/terms.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

const ROWS = 50

type Row = Power | Approval | Responsibility

/** 三张清单 (power, approval, responsibility): three views of what the catalogue says of this agency. */
export function agencyLists(view: View, registry: Registry, uscc: string): Html | '' {
  const found = lists(registry, uscc)
  if (!found || found.power.length + found.responsibility.length === 0) return ''
  const says = AGENCIES[view.lang]
  return html`<h2>${says.lists}</h2><p>${says.listsLead}</p>
${folded(view, says.power, found.power, [lawColumn(view)])}
${folded(view, says.approval, found.approval, [limitColumn(view), papersColumn(view)])}
${folded(view, says.responsibility, found.responsibility, dutyColumns(view))}
<p class="screen"><a href="/v1/catalog/agencies/${uscc}/lists">${says.json}</a></p>`
}

function folded<One extends Row>(
  { lang }: View,
  title: string,
  rows: readonly One[],
  columns: readonly Column<One>[],
): Html | '' {
  if (rows.length === 0) return ''
  const name: Column<One> = {
    head: AGENCIES[lang].entry,
    isHead: true,
    cell: ({ kind, code, names }) =>
      html`<a href="/${kind === 'item' ? 'items' : 'services'}/${code}">${pick(lang, names)}</a>`,
  }
  const shown = rows.slice(0, ROWS)
  return html`<details class="ds-details"><summary>${title} (${rows.length})</summary><div>${table(lang, { caption: title, rows: shown, columns: [name, ...columns] })}</div></details>`
}

function lawColumn({ lang }: View): Column<Power> {
  return { head: AGENCIES[lang].law, cell: ({ law }) => lawList(lang, law) }
}

function limitColumn({ lang }: View): Column<Approval> {
  return {
    head: AGENCIES[lang].limit,
    cell: ({ timeLimit }) => (timeLimit ? timeLimitWords(lang, timeLimit) : '—'),
  }
}

function papersColumn({ lang }: View): Column<Approval> {
  const says = AGENCIES[lang]
  return {
    head: says.papers,
    cell: ({ papers }) => (papers ? says.beforeAfter(papers.before, papers.after) : '—'),
  }
}

function dutyColumns({ lang }: View): readonly Column<Lists['responsibility'][number]>[] {
  const says = AGENCIES[lang]
  return [
    { head: says.role, cell: ({ role }) => TERMS[lang].duties[role] },
    { head: says.duty, cell: ({ answersFor }) => (answersFor ? pick(lang, answersFor) : '—') },
    { head: says.liability, cell: ({ liability }) => lawList(lang, [liability]) },
  ]
}
