import { html } from 'hono/html'
import { linkButton } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { page } from '../page.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { dueAt, mostUrgent } from './proposal-clocks.ts'
import { type People, proposalTable, type Row } from './proposals.ts'

type Told = {
  readonly waiting: readonly Row[]
  readonly own: readonly Row[]
  readonly people: People
}

/** The first page after signing in: what waits for this person, the most urgent first, and what he has under way. */
export function inboxPage(desk: Desk, { waiting, own, people }: Told): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = PROPOSALS[lang]
  const waits =
    waiting.length === 0
      ? emptyState(nothing(desk))
      : proposalTable(desk, { rows: mostUrgentFirst(waiting), caption: says.waiting, people })
  const proposes = desk.actor.roles.some(({ role }) => role === 'admin')
  const mine =
    own.length > 0
      ? proposalTable(desk, { rows: own, caption: says.own, people })
      : emptyState({
          title: says.ownNone,
          why: says.ownWhy,
          action: linkButton('/console/items', says.toItems),
        })
  return page(view, {
    title: says.inbox,
    menu,
    current: '/console',
    body: html`<h2>${says.waiting}${waiting.length > 0 ? ` (${waiting.length})` : ''}</h2>${waits}
${proposes || own.length > 0 ? html`<h2>${says.own}</h2>${mine}` : ''}`,
  })
}

/** Who audits is led to what he is there for. */
function nothing({ view, actor }: Desk) {
  const says = PROPOSALS[view.lang]
  const title = says.waitingNone
  return actor.roles.some(({ role }) => role === 'auditor')
    ? { title, why: says.auditsWhy, action: linkButton('/console/log', says.toLog) }
    : { title, why: says.waitingWhy }
}

function mostUrgentFirst(rows: readonly Row[]): Row[] {
  const ends = ({ clocks }: Row) => {
    const due = mostUrgent(clocks)
    return due ? Math.min(dueAt(due), Number.MAX_VALUE) : Number.MAX_VALUE
  }
  return rows.toSorted((a, b) => ends(a) - ends(b) || a.changedAt - b.changedAt)
}
