import type { Proposing } from './act.ts'
import { type Actor, holdsOn } from './actor.ts'
import type { Kind } from './kind.ts'
import { judgeMove, type Move } from './move.ts'
import { type Listed, listWhole, readHistories, thingOf, type Wanted } from './proposal.ts'

/**
 * What this person was asked for by an act that changes no state, an extension say: while it is neither
 * decided nor too late. Of each kind the ones changed last are looked at.
 */
export async function readAsked(
  deps: Proposing,
  actor: Actor,
  { limit }: { readonly limit: number },
): Promise<readonly Listed[]> {
  const found: Listed[] = []
  for (const kind of deps.kinds.values())
    for (const move of kind.moves) {
      const { awaitedAfter, by, from: states } = move
      const mayEver = by.some(({ role }) => actor.roles.some((own) => own.role === role))
      if (awaitedAfter === undefined || !mayEver) continue
      const after = `${kind.name}.${awaitedAfter}`
      const wanted = { kind: kind.name, states, after, limit }
      found.push(...(await open(deps, actor, { kind, move, wanted })))
    }
  return found
}

type Awaited = {
  readonly kind: Kind
  readonly move: Move
  readonly wanted: Wanted
}

async function open(deps: Proposing, actor: Actor, { kind, move, wanted }: Awaited) {
  const { store, registry, clock } = deps
  const view = await registry.view()
  const now = clock()
  const rows = (await listWhole(store.db, wanted)).filter((one) => {
    const acting = { ...actor, holds: holdsOn(actor, one, view.agencies) }
    const whyNot = judgeMove(move, one, { acting, now })
    return whyNot === undefined || whyNot === 'step-up'
  })
  const things = rows.map(({ id }) => thingOf(id))
  const histories = await readHistories(store.db, things, kind.clocks?.acts ?? [])
  const isStill = (proposal: (typeof rows)[number]) => {
    const history = histories.get(thingOf(proposal.id)) ?? []
    const on = { proposal, history, registry: view, now, details: {}, person: actor.id }
    return kind.bar?.(move, on) === undefined
  }
  return rows.filter(isStill).map(({ doc: _, ...listed }) => listed)
}
