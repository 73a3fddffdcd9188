import type { Compilable, Kysely } from 'kysely'
import type { z } from 'zod'
import type { Calendar } from '../calendar/calendar.ts'
import type { Code } from '../errors.ts'
import type { About, Finding } from '../registry/checks/rule.ts'
import type { Registry } from '../registry/registry.ts'
import type { Tables } from '../storage/tables.ts'
import type { Move } from './move.ts'
import type { Done, Proposal } from './proposal.ts'
import type { RunningClock } from './running-clock.ts'

/** What proposals of one kind are about, and what becomes of the registry when one takes effect. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds holds each with a document of its own
export type Kind<Doc = any> = {
  readonly name: string
  /** What it changes, by the engine's name: two that change one thing cannot both be decided on its old state. */
  thing(target: string): string
  readonly schema: z.ZodType<Doc>
  readonly moves: readonly Move[]
  /** What it changes, whose it is, and the other side. */
  place(doc: Doc, registry: Registry): Place
  /** What stands now where it would change something; undefined where there is nothing yet. */
  current(proposal: Pick<Proposal, 'target'> & { readonly doc: Doc }, from: Standing): unknown
  /** The document as it is kept, once it is known to fit. @throws Refusal. */
  prepare?(doc: Doc, registry: Registry, db: Kysely<Tables>): Promise<Doc>
  /** What the approver is shown; what blocks cannot be submitted. */
  check(doc: Doc, about: About): readonly Finding[]
  /** What bars a move beyond its row: a second correction notice, an extension after the due date. */
  bar?(move: Move, on: Barring): Code | undefined
  /** What the kind remembers after a move, beside document and state. */
  mark?(move: Move, on: Marking): Marks
  /** Where a move leads that its row leaves open: by what is remembered after it. */
  leads?(move: Move, marks: Marks): string | undefined
  readonly clocks?: Clocks
  /** Statements that cannot fail, in the transaction of the act. */
  effect(doc: Doc, on: Effect): readonly Compilable[]
}

/** Where what stands now is read: the view that everything else is judged by, or a table that is in none. */
export type Standing = { readonly registry: Registry; readonly db: Kysely<Tables> }

/** The statutory clocks of a kind: pure, from the acts that it names, each of which is rare. */
export type Clocks = {
  /** As `Done.what` has them. */
  readonly acts: readonly string[]
  of(
    history: readonly Done[],
    when: { readonly calendar: Calendar; readonly now: number },
  ): readonly RunningClock[]
}

/** By name: what happened, when, in which words. JSON. */
export type Marks = Readonly<Record<string, unknown>>

/** `now` in epoch milliseconds. */
export type Barring = {
  readonly proposal: Omit<Proposal, 'revision'>
  /** The document as it stood before a move that edits. */
  readonly before?: unknown
  /** The acts that the kind's clocks are counted by, oldest first. */
  readonly history: readonly Done[]
  readonly registry: Registry
  readonly now: number
  readonly details: Details
  /** Who would make it. */
  readonly person: string
}

export type Marking = {
  readonly marks: Marks
  readonly person: string
  readonly timeAt: number
  readonly details: Details
}

/** What a move says beside its reason, by name: the code of a refusal. */
export type Details = Readonly<Record<string, string>>

export type Place = { readonly target: string; readonly agency: string; readonly party?: string }

export type Effect = {
  readonly db: Kysely<Tables>
  readonly registry: Registry
  readonly move: Move
  /** As they are after the move. */
  readonly marks: Marks
  /** Epoch milliseconds: the entry's own time. */
  readonly timeAt: number
}
