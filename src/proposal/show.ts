import { type Code, Refusal } from '../errors.ts'
import type { Finding } from '../registry/checks/rule.ts'
import { type Change, diffDocuments } from '../registry/diff.ts'
import type { Proposing } from './act.ts'
import { type Actor, holdsOn } from './actor.ts'
import { currentOf } from './current.ts'
import { judgeMove, type Move } from './move.ts'
import { type Done, type Proposal, readHistory, readProposal, thingOf } from './proposal.ts'
import { unmet } from './review.ts'

/** One move that there is from here, and why the reader may not make it, if so. */
export type Choice = { readonly move: Move; readonly whyNot: Code | undefined }

/** All that somebody needs to decide on a proposal. */
export type Shown = {
  readonly proposal: Proposal
  /** What stands in the registry now. */
  readonly current: unknown
  /** What differs from it, in the order of the fields. */
  readonly changes: readonly Change[]
  readonly findings: readonly (Finding & { readonly isMet: boolean })[]
  readonly choices: readonly Choice[]
  readonly history: readonly Done[]
}

/**
 * Who has a role on one of its sides sees a proposal; so does whoever audits.
 *
 * @throws Refusal `not-found`, also where there is one that this person has no business with.
 */
export async function showProposal(
  { store, registry, kinds, clock, today }: Proposing,
  actor: Actor,
  id: string,
): Promise<Shown> {
  const proposal = await readProposal(store.db, id)
  const kind = proposal && kinds.get(proposal.kind)
  const view = await registry.view()
  if (!kind || !maySee(actor, proposal, view.agencies)) throw new Refusal('not-found')
  const holds = holdsOn(actor, proposal, view.agencies)
  const acting = { id: actor.id, steppedUpAt: actor.steppedUpAt, holds }
  const now = clock()
  const current = await currentOf(kind, proposal, { view, store })
  const found = kind.check(proposal.doc, { registry: view, today: today(now) })
  const open = new Set(unmet(found, proposal.said))
  return {
    proposal,
    current,
    changes: diffDocuments(asMembers(current), asMembers(proposal.doc) ?? {}),
    findings: found.map((one) => ({ ...one, isMet: !open.has(one) })),
    choices: kind.moves
      .filter(({ from }) => from.includes(proposal.state))
      .map((move) => ({
        move,
        whyNot:
          judgeMove(move, proposal, { acting, now }) ??
          kind.bar?.(move, { proposal, registry: view, now, details: {}, person: actor.id }),
      })),
    history: await readHistory(store.db, thingOf(id)),
  }
}

function asMembers(doc: unknown): Readonly<Record<string, unknown>> | undefined {
  return doc === undefined ? undefined : (doc as Readonly<Record<string, unknown>>)
}

type Agencies = Parameters<typeof holdsOn>[2]

/** The agencies on both sides, the competent authority, and auditors, who see everything. */
export function maySee(
  actor: Pick<Actor, 'roles'>,
  { agency, party }: Pick<Proposal, 'agency' | 'party'>,
  agencies: Agencies,
): boolean {
  const holds = holdsOn(actor, { agency, party }, agencies)
  return (
    actor.roles.some(
      ({ role, agency: own }) => role === 'auditor' || own === agency || own === party,
    ) || holds('authority', 'authority')
  )
}
