import type { ZodError } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { halfCharacters, pointersOf } from '../pointers.ts'
import { type Actor, holdsOn } from './actor.ts'
import type { Details, Kind } from './kind.ts'
import { judgeMove, type Move } from './move.ts'
import { changedPlaces, hashOf } from './next.ts'
import { blank, type Proposal, readHistory, readProposal, type Said, thingOf } from './proposal.ts'
import { unmet } from './review.ts'
import { unchangedTarget, write } from './write.ts'

export type Proposing = Pick<Deps, 'store' | 'log' | 'registry' | 'crypto' | 'clock'> & {
  readonly kinds: ReadonlyMap<string, Kind>
  /** The day in Shanghai, as an ISO date. */
  readonly today: (now: number) => string
}

/** What a person does to a proposal, and on which revision of it he decided. */
export type Step = {
  readonly verb: string
  readonly revision: number
  readonly doc?: unknown
  readonly said?: Said | undefined
  readonly reason?: string | undefined
  readonly details?: Details | undefined
}

export type Acted = { readonly proposal: Proposal; readonly entry: number }

/**
 * Opens a proposal, by whatever verb its kind opens with.
 *
 * @param id where the same opening must not happen twice: the second is refused as `stale`
 * @throws Refusal; LogUnavailable, and then nothing was written or nobody can tell: read before acting again.
 */
export function open(
  deps: Proposing,
  actor: Actor,
  {
    kind,
    id = crypto.randomUUID(),
    ...step
  }: Omit<Step, 'revision'> & { readonly kind: string; readonly id?: string },
): Promise<Acted> {
  const opened = blank(id, kind, actor.id)
  return take(deps, actor, { before: opened, step: { ...step, revision: 0 } })
}

/** @throws Refusal `not-found`, and as `open` does. */
export async function move(
  deps: Proposing,
  actor: Actor,
  { id, ...step }: Step & { readonly id: string },
): Promise<Acted> {
  const before = await readProposal(deps.store.db, id)
  if (!before) throw new Refusal('not-found')
  return take(deps, actor, { before, step })
}

type Taking = { readonly before: Proposal; readonly step: Step }

/** Judged as it was read; that it is still so when it is written is the engine's to see. */
async function take(deps: Proposing, actor: Actor, { before, step }: Taking): Promise<Acted> {
  const kind = deps.kinds.get(before.kind)
  const made = kind?.moves.find(({ verb }) => verb === step.verb)
  if (!kind || !made) throw new Refusal('not-found')
  if (step.revision !== before.revision)
    throw new Refusal('stale', { pointers: staleIn(kind, before.doc, step.doc) })
  const taken = await takeIn(deps, kind, { before, made, step })
  const judged = { kind, made, step, proposal: taken }
  await mustBeAllowed(deps, actor, { ...judged, before: before.doc })
  const target = made.takesEffect ? await unchangedTarget(deps, judged) : undefined
  await mustBeReviewed(deps, judged)
  return write(deps, actor, { ...judged, target })
}

/** Where what is sent differs from what stands now; of what is no document nobody looks for places. */
function staleIn({ schema }: Kind, before: unknown, sent: unknown): string[] {
  const { data } = schema.safeParse(sent)
  return halfCharacters(data).length > 0 ? [] : changedPlaces(before, data)
}

/** With the document and the words that came with the step. */
async function takeIn(
  { store, registry, crypto }: Proposing,
  kind: Kind,
  { before, made, step }: Taking & { readonly made: Move },
): Promise<Proposal> {
  const said = step.said ?? before.said
  if (!made.edits) return { ...before, said }
  const read = kind.schema.safeParse(step.doc)
  if (!read.success) throw new Refusal('parameters', { pointers: below('/doc', read.error) })
  const halves = halfCharacters(read.data).map((pointer) => `/doc${pointer}`)
  if (halves.length > 0) throw new Refusal('parameters', { pointers: halves })
  const view = await registry.view()
  const doc = (await kind.prepare?.(read.data, view, store.db)) ?? read.data
  const { target, agency, party = null } = kind.place(doc, view)
  const isMoved =
    before.revision > 0 &&
    (target !== before.target || agency !== before.agency || party !== before.party)
  if (isMoved) throw new Refusal('parameters', { pointers: ['/doc'] })
  const base = hashOf(crypto, await kind.current({ target, doc }, { registry: view, db: store.db }))
  return { ...before, said, doc, target, agency, party, base }
}

function below(member: string, error: ZodError): string[] {
  return pointersOf(error).map((pointer) => `${member}${pointer}`)
}

export type Judged = {
  readonly kind: Kind
  readonly made: Move
  readonly step: Step
  readonly proposal: Proposal
}

/** What the move changes beside its proposal, and at which revision. */
export type Target = { readonly name: string; readonly revision: number } | undefined

async function mustBeAllowed(
  { store, registry, clock }: Proposing,
  actor: Actor,
  { kind, made, step, proposal, before }: Judged & { readonly before: unknown },
): Promise<void> {
  const view = await registry.view()
  const holds = holdsOn(actor, proposal, view.agencies)
  const acting = { id: actor.id, steppedUpAt: actor.steppedUpAt, holds }
  const whyNot = judgeMove(made, proposal, { acting, now: clock() })
  if (whyNot) throw new Refusal(whyNot)
  if (made.needsReason && !step.reason) throw new Refusal('parameters', { pointers: ['/reason'] })
  const { details = {} } = step
  const said = made.details?.safeParse(details)
  if (said?.error) throw new Refusal('parameters', { pointers: below('/details', said.error) })
  if (!kind.bar) return
  const history = await readHistory(store.db, thingOf(proposal.id), kind.clocks?.acts ?? [])
  const now = clock()
  const on = { proposal, before, history, registry: view, now, details, person: actor.id }
  const bar = kind.bar(made, on)
  if (bar) throw new Refusal(bar)
}

/** What blocks was mended, and what asks for words has them. @throws Refusal `blocked`. */
async function mustBeReviewed(
  { registry, clock, today }: Proposing,
  { kind, made, proposal }: Judged,
): Promise<void> {
  if (!made.isChecked) return
  const view = await registry.view()
  const about = { registry: view, today: today(clock()) }
  const findings = kind.check(proposal.doc, about)
  const open = unmet(findings, proposal.said)
  if (open.length > 0)
    throw new Refusal('blocked', {
      pointers: open.map(({ id, pointer }) => `/doc${pointer}#${id}`),
    })
}
