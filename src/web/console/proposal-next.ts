import { html } from 'hono/html'
import { KINDS } from '../../proposal/kinds.ts'
import type { Choice, Shown } from '../../proposal/show.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { clockTag, mostUrgent } from './proposal-clocks.ts'
import { holderWords, neverApplies, verbWord } from './proposal-words.ts'

/** Who acts next, and by when: shown after sending and whenever the change is opened. */
export function nextStep({ view, registry }: Desk, { proposal, choices, clocks }: Shown): Html {
  const { lang } = view
  const says = PROPOSALS[lang]
  const [next, ...others] = choices.filter(isForward).map(({ move }) => move)
  if (!next) return html`<h2>${says.next}</h2><p>${says.nextNone}</p>`
  const due = mostUrgent(clocks)
  const later =
    !due && next.signs === 'approver' && isPublished(proposal.kind)
      ? html`<p class="faint">${says.reviewLater}</p>`
      : ''
  const who = holderWords(lang, registry, next, proposal)
  const alike = others.filter((one) => holderWords(lang, registry, one, proposal) === who)
  const verbs = [next, ...alike].map(({ verb }) => verbWord(lang, verb))
  return html`<h2>${says.next}</h2><p>${says.nextBy(who, verbs.join(says.or))}</p>${due ? html`<p>${clockTag(lang, due)}</p>` : later}`
}

/** Beside what is checked or signed: an answer and a delivery that are still owed, and what is to be mended. */
const OWED = new Set(['answer', 'deliver', 'amend'])
/** What brings it further, and not back. */
function isForward({ move, whyNot }: Choice): boolean {
  const { isChecked, signs, isAwaited, verb } = move
  if (neverApplies(whyNot) || whyNot === 'only-once') return false
  return isChecked === true || signs !== undefined || isAwaited === true || OWED.has(verb)
}

/** By the authority, from what the agency's head approved. */
function isPublished(kind: string): boolean {
  return KINDS.get(kind)?.moves.some(({ verb }) => verb === 'publish') ?? false
}
