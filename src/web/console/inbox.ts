import { html } from 'hono/html'
import type { Inbox } from '../../proposal/inbox.ts'
import type { Listed } from '../../proposal/proposal.ts'
import { linkButton } from '../components/form.ts'
import { emptyState } from '../components/lists.ts'
import { page } from '../page.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { reviewDeadline } from './proposal-words.ts'
import { proposalTable } from './proposals.ts'

/** The first page after signing in: what waits for this person, the most urgent first, and what he has under way. */
export function inboxPage(desk: Desk, { waiting, own }: Inbox): Html {
  const { view, menu } = desk
  const { lang } = view
  const says = PROPOSALS[lang]
  const waits =
    waiting.length === 0
      ? emptyState({ title: says.waitingNone, why: says.waitingWhy })
      : proposalTable(desk, mostUrgentFirst(desk, waiting), says.waiting)
  const proposes = desk.actor.roles.some(({ role }) => role === 'admin')
  const mine =
    own.length > 0
      ? proposalTable(desk, own, says.own)
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

function mostUrgentFirst({ view, registry, now }: Desk, rows: readonly Listed[]): Listed[] {
  const dueAt = (one: Listed) =>
    reviewDeadline(view.lang, registry.calendar, one, now)?.at ?? Number.MAX_VALUE
  return rows.toSorted((a, b) => dueAt(a) - dueAt(b) || a.changedAt - b.changedAt)
}
