import type { Proposing } from './act.ts'
import { type Actor, holdsOn } from './actor.ts'
import { readAsked } from './asked.ts'
import type { Kind } from './kind.ts'
import { judgeMove, type Move } from './move.ts'
import { type Listed, listProposals } from './proposal.ts'

/** More than these nobody reads at once. */
const SHOWN_MAX = 200
/** What runs by itself, although it can still be stopped. */
const RUNS = ['active', 'suspended']

export type Inbox = {
  /** What this person may decide now, a fresh sign-in aside. */
  readonly waiting: readonly Listed[]
  /** What he wrote and is not over. */
  readonly own: readonly Listed[]
}

/**
 * What waits for a person, and what he has under way, each newest change first; of what stands anywhere in
 * the authority's region, the 200 changed last are looked at.
 */
export async function readInbox(deps: Proposing, actor: Actor): Promise<Inbox> {
  const { store, registry, kinds, clock } = deps
  const { agencies } = await registry.view()
  const now = clock()
  const isAuthority = actor.roles.some(({ role }) => role === 'authority')
  const among = isAuthority ? undefined : actor.roles.map(({ agency }) => agency)
  const states = [...new Set([...kinds.values()].flatMap(decidedStates))]
  const open = await listProposals(store.db, { states, among, limit: SHOWN_MAX })
  const mine = await listProposals(store.db, { proposer: actor.id, limit: SHOWN_MAX })
  const decidable = open.filter((one) => {
    const acting = { ...actor, holds: holdsOn(actor, one, agencies) }
    const decisions = kinds.get(one.kind)?.moves.filter(isDecision) ?? []
    return decisions.some((move) => {
      const whyNot = judgeMove(move, one, { acting, now })
      return whyNot === undefined || whyNot === 'step-up'
    })
  })
  const asked = await readAsked(deps, actor, { limit: SHOWN_MAX })
  return {
    waiting: newestFirst([...decidable, ...asked]),
    own: mine.filter(({ kind, state }) => {
      const moves = kinds.get(kind)?.moves ?? []
      return !RUNS.includes(state) && moves.some(({ from }) => from.includes(state))
    }),
  }
}

/** Each once: one may wait for a signature and for more time. */
function newestFirst(all: readonly Listed[]): readonly Listed[] {
  const each = new Map(all.map((one) => [one.id, one]))
  return [...each.values()].sort((a, b) => b.changedAt - a.changedAt || (a.id < b.id ? 1 : -1))
}

/** A suspension stands until somebody lifts it; it waits for nobody. */
function isDecision({ signs, isAwaited, from }: Move): boolean {
  return (signs !== undefined || isAwaited === true) && !from.includes('in-force')
}

function decidedStates({ moves }: Kind): readonly string[] {
  return moves.filter(isDecision).flatMap(({ from }) => from)
}
