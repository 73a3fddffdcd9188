import type { Compilable } from 'kysely'
import { Refusal } from '../errors.ts'
import { StaleRevision } from '../log/admit.ts'
import { leafText } from '../log/entry.ts'
import { canonicalJson } from '../log/leaf.ts'
import { readRevision } from '../storage/revision.ts'
import type { Acted, Judged, Proposing, Target } from './act.ts'
import type { Actor } from './actor.ts'
import { after, changedPlaces, hashOf, seen } from './next.ts'
import { thingOf, toRow } from './proposal.ts'

/** The act, its entry and its effect, in one commit. */
export async function write(
  deps: Proposing,
  actor: Actor,
  { kind, made, step, proposal, target }: Judged & { readonly target: Target },
): Promise<Acted> {
  const { store, log, registry, crypto } = deps
  const held = { name: thingOf(proposal.id), revision: proposal.revision }
  const things = target ? [held, target] : [held]
  const view = await registry.view()
  const { proposer } = proposal
  const what = `${proposal.kind}.${made.verb}`
  const approver = made.signs === 'approver' ? actor.id : (proposal.approver ?? undefined)
  const id = proposal.target
  const act = { what, id, by: actor.id, proposer, approver, hash: crypto.digest(seen(proposal)) }
  let next = proposal
  const writes = (entry: number, timeAt: number) => {
    const { details = {} } = step
    const by = { person: actor.id, timeAt, details }
    const marks = kind.mark?.(made, { ...by, marks: proposal.marks }) ?? proposal.marks
    const moved = after(proposal, made, by)
    next = { ...moved, marks, state: kind.leads?.(made, marks) ?? moved.state }
    const { db } = store
    const row = toRow(next, canonicalJson(next.doc))
    const note = JSON.stringify({ reason: step.reason, details: step.details })
    const done = { entry, thing: thingOf(next.id), what, person: actor.id, at: timeAt, note }
    const statements: Compilable[] = [
      proposal.revision === 0
        ? db.insertInto('proposal').values(row)
        : db.updateTable('proposal').set(row).where('id', '=', row.id),
      db.insertInto('act').values(done),
    ]
    if (made.takesEffect)
      statements.push(...kind.effect(next.doc, { db, registry: view, move: made, marks, timeAt }))
    return statements.map((statement) => statement.compile())
  }
  try {
    const { index } = await log.append({
      leaf: (time) => leafText({ kind: 'act', act }, time),
      act: { things, writes },
    })
    if (made.takesEffect) await registry.refresh()
    return { proposal: next, entry: index }
  } catch (error) {
    if (error instanceof StaleRevision) throw new Refusal('stale')
    throw error
  }
}

/**
 * What the proposal would replace must be what it was written for. Its revision is read first: what changes
 * between this and the commit is seen by the engine.
 *
 * @throws Refusal `stale` naming the members that have changed since; `only-once` for what was to be the
 *   first change and is not.
 */
export async function unchangedTarget(
  { store, registry, crypto }: Proposing,
  { kind, made, proposal }: Judged,
) {
  const name = kind.thing(proposal.target)
  const revision = await readRevision(store.db, name)
  if (made.isFirst && revision > 0) throw new Refusal('only-once')
  await registry.refresh()
  const view = await registry.view()
  const current = await kind.current(proposal, { registry: view, db: store.db })
  if (!made.isOnOwn && proposal.revision > 0 && hashOf(crypto, current) !== proposal.base)
    throw new Refusal('stale', { pointers: changedPlaces(current, proposal.doc) })
  return { name, revision }
}
