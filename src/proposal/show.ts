import { type Code, Refusal } from '../errors.ts'
import type { Finding } from '../registry/checks/rule.ts'
import { type Change, diffDocuments } from '../registry/diff.ts'
import type { Agreement } from '../registry/documents.ts'
import type { Members } from '../registry/members.ts'
import { currentVersion } from '../registry/order.ts'
import type { Registry } from '../registry/registry.ts'
import type { Proposing } from './act.ts'
import { type Actor, holdsOn } from './actor.ts'
import type { Kind } from './kind.ts'
import { isUnderWay, judgeMove, type Move } from './move.ts'
import {
  type Done,
  type Proposal,
  readHistories,
  readHistory,
  readProposal,
  thingOf,
} from './proposal.ts'
import { asksForWords, unmet } from './review.ts'
import type { RunningClock } from './running-clock.ts'

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
  /** False once nothing of it is checked any more: its findings are then what was said about it. */
  readonly isUnderWay: boolean
  readonly choices: readonly Choice[]
  /** The statutory clocks that run, or ran. */
  readonly clocks: readonly RunningClock[]
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
  const proposal = await mustSee({ store, registry }, actor, id)
  const kind = kinds.get(proposal.kind)
  if (!kind) throw new Refusal('not-found')
  const view = await registry.view()
  const holds = holdsOn(actor, proposal, view.agencies)
  const acting = { id: actor.id, steppedUpAt: actor.steppedUpAt, holds }
  const now = clock()
  const current = await kind.current(proposal, { registry: view, db: store.db })
  const found = kind.check(proposal.doc, { registry: view, today: today(now) })
  const open = new Set(unmet(found, proposal.said))
  // Judged by the registry that holds it already, what has taken effect would fail: its version is taken.
  const isChecked = kind.moves.some((move) => move.isChecked)
  const isOpen = !isChecked || isUnderWay(kind.moves, proposal.state)
  const isToldOf = (one: Finding) => isOpen || (asksForWords(one) && !open.has(one))
  const { calendar } = view
  const timed = await readHistory(store.db, thingOf(id), kind.clocks?.acts ?? [])
  const on = { proposal, history: timed, registry: view, now, details: {}, person: actor.id }
  return {
    proposal,
    current,
    changes: diffDocuments(current as Members | undefined, inOrder(kind, proposal.doc)),
    findings: found.filter(isToldOf).map((one) => ({ ...one, isMet: !open.has(one) })),
    isUnderWay: isOpen,
    choices: kind.moves
      .filter(({ from }) => from.includes(proposal.state))
      .map((move) => {
        const bar = kind.bar?.(move, on)
        // What nobody can do now is not said to be up to somebody else.
        const whyNot = bar === 'wrong-state' ? bar : judgeMove(move, proposal, { acting, now })
        return { move, whyNot: whyNot ?? bar }
      }),
    clocks: kind.clocks?.of(timed, { calendar, now }) ?? [],
    history: await readHistory(store.db, thingOf(id)),
  }
}

/** @throws Refusal `not-found`, as `showProposal` does. */
export async function mustSee(
  { store, registry }: Pick<Proposing, 'store' | 'registry'>,
  actor: Actor,
  id: string,
): Promise<Proposal> {
  const proposal = await readProposal(store.db, id)
  const { agencies } = await registry.view()
  if (!proposal || !maySee(actor, proposal, agencies)) throw new Refusal('not-found')
  return proposal
}

/** Kept as canonical JSON a document has lost the order of its fields; its schema has it. */
function inOrder({ schema }: Kind, doc: unknown): Members {
  const read = schema.safeParse(doc)
  return (read.success ? read.data : doc) as Members
}

/** What runs on proposals of a list, by id: without traces, which are for whoever opens one. */
export async function clocksIn(
  { store, registry, kinds, clock }: Proposing,
  proposals: readonly Pick<Proposal, 'id' | 'kind'>[],
): Promise<ReadonlyMap<string, readonly Omit<RunningClock, 'trace'>[]>> {
  const timed = proposals.filter(({ kind }) => kinds.get(kind)?.clocks)
  const acts = [...new Set(timed.flatMap(({ kind }) => kinds.get(kind)?.clocks?.acts ?? []))]
  const things = timed.map(({ id }) => thingOf(id))
  const histories = await readHistories(store.db, things, acts)
  const { calendar } = await registry.view()
  const now = clock()
  return new Map(
    timed.map(({ id, kind }) => {
      const history = histories.get(thingOf(id)) ?? []
      const running = kinds.get(kind)?.clocks?.of(history, { calendar, now }) ?? []
      return [id, running.map(({ trace: _, ...rest }) => rest)]
    }),
  )
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

/** As `maySee` has it: a side of an agreement is each agency that asks, and whoever provides its item now. */
export function maySeeAgreement(
  actor: Pick<Actor, 'roles'>,
  { items, agencies }: Pick<Registry, 'items' | 'agencies'>,
  { item, requesters }: Pick<Agreement, 'item' | 'requesters'>,
): boolean {
  const party = currentVersion(items.get(item) ?? [])?.provider ?? null
  return requesters.some((agency) => maySee(actor, { agency, party }, agencies))
}
