import { html } from 'hono/html'
import { KINDS } from '../../proposal/kinds.ts'
import type { Move } from '../../proposal/move.ts'
import type { Shown } from '../../proposal/show.ts'
import { clock } from '../components/history.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { holderWords, reviewDeadline, verbWord } from './proposal-words.ts'

/** Who acts next, and by when: shown after sending and whenever the change is opened. */
export function nextStep({ view, registry, now }: Desk, { proposal, choices }: Shown): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const on = choices.map(({ move }) => move).filter(isForward)
  const [next] = on
  if (!next) return html`<h2>${says.next}</h2><p>${says.nextNone}</p>`
  const due = reviewDeadline(lang, registry.calendar, proposal, now)
  const later =
    !due && next.signs === 'approver' && isPublished(proposal.kind)
      ? html`<p class="faint">${says.reviewLater}</p>`
      : ''
  return html`<h2>${says.next}</h2><p>${says.nextBy(holderWords(lang, registry, next, proposal), verbWord(lang, next.verb))}</p>${due ? html`<p>${clock(lang, due)}</p>` : later}`
}

/** What brings it further, and not back. */
function isForward({ isChecked, signs }: Move): boolean {
  return isChecked === true || signs !== undefined
}

function isPublished(kind: string): boolean {
  return KINDS.get(kind)?.moves.some(({ signs }) => signs === 'publisher') ?? false
}
