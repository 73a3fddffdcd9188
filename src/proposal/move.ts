import type { z } from 'zod'
import type { Code } from '../errors.ts'
import type { RoleName } from '../people/person.ts'
import { isFresh } from '../people/session.ts'

/** Whose role counts: the proposing agency's, the other side's, or the authority that is competent for it. */
export type Side = 'agency' | 'party' | 'authority'

/** A proposal that was not opened yet. */
export const NEW = 'new'

/** One row of a kind's table: who may take a proposal from where to where. */
export type Move = {
  readonly verb: string
  readonly from: readonly string[]
  /** Undefined: it stays where it is. */
  readonly to?: string
  readonly by: readonly { readonly role: RoleName; readonly of: Side }[]
  /** The second pair of eyes: never the proposer's, and signed in anew (step-up). */
  readonly signs?: 'approver' | 'publisher'
  /** Signed in anew, where one person alone decides. */
  readonly stepUp?: true
  /** Somebody waits for it, though it takes no second pair of eyes. */
  readonly isAwaited?: true
  /** Somebody waits for it once this was done, while the kind does not bar it: no state says so. */
  readonly awaitedAfter?: string
  /** Must say why. */
  readonly needsReason?: true
  /** What it must say beside its reason, by name. */
  readonly details?: z.ZodType
  /** Takes the document anew. */
  readonly edits?: true
  /** No finding may block; what asks for a reason or an answer must have one. */
  readonly isChecked?: true
  /** The registry changes with it. */
  readonly takesEffect?: true
  /** Nobody has changed the thing by a proposal before: it was loaded by the operator. */
  readonly isFirst?: true
  /** It changes what this proposal itself put in place, not what it was written against. */
  readonly isOnOwn?: true
}

/** What is judged of a proposal. */
export type Standing = {
  readonly state: string
  /** Everybody who wrote at it. */
  readonly authors: readonly string[]
  readonly approver?: string | null
  readonly agency: string
  readonly party: string | null
}

/** What is judged of the person who acts. `holds` says whether he has a role on a side of this proposal. */
export type Acting = {
  readonly id: string
  readonly steppedUpAt: number | null
  holds(role: RoleName, side: Side): boolean
}

export type WhyNot = Extract<Code, 'wrong-state' | 'forbidden' | 'own-proposal' | 'step-up'>

/**
 * Whether a person may make a move, and if not, the first reason why: so that pages can say it where a
 * button is missing. Pure; `now` in epoch milliseconds.
 */
export function judgeMove(
  move: Move,
  standing: Standing,
  { acting, now }: { readonly acting: Acting; readonly now: number },
): WhyNot | undefined {
  if (!move.from.includes(standing.state)) return 'wrong-state'
  if (!move.by.some(({ role, of }) => acting.holds(role, of))) return 'forbidden'
  if (move.signs && standing.authors.includes(acting.id)) return 'own-proposal'
  // Who holds a role on both sides does not agree with himself.
  if (move.signs === 'publisher' && standing.approver === acting.id) return 'own-proposal'
  if ((move.signs || move.stepUp) && !isFresh(acting.steppedUpAt, now)) return 'step-up'
  return undefined
}

/**
 * Whether something is still judged of a proposal in this state, now or on a way from it: it could be
 * submitted, approved, published. What a proposal put in place may be suspended by it and resumed; nothing
 * of its content is judged for that. Pure.
 */
export function isUnderWay(
  moves: readonly Move[],
  state: string,
  seen: ReadonlySet<string> = new Set(),
): boolean {
  const known = new Set(seen).add(state)
  return moves
    .filter(({ from }) => from.includes(state))
    .some(
      ({ isChecked, takesEffect, isOnOwn, to }) =>
        isChecked === true ||
        (takesEffect === true && isOnOwn !== true) ||
        (to !== undefined && !known.has(to) && isUnderWay(moves, to, known)),
    )
}
