import type { Compilable, Kysely } from 'kysely'
import type { z } from 'zod'
import type { Registry } from '../registry/registry.ts'
import type { Tables } from '../storage/tables.ts'
import type { Finding } from './finding.ts'
import type { Move } from './move.ts'

/** What proposals of one kind are about, and what becomes of the registry when one takes effect. */
// biome-ignore lint/suspicious/noExplicitAny: a list of kinds holds each with a document of its own
export type Kind<Doc = any> = {
  readonly name: string
  /** What of the registry it changes: two that change the same thing cannot both be decided on its old state. */
  readonly changes: string
  readonly schema: z.ZodType<Doc>
  readonly moves: readonly Move[]
  /** What it changes, whose it is, and the other side. */
  place(doc: Doc, registry: Registry): Place
  /** What stands in the registry now; undefined where there is none yet. */
  current(target: string, registry: Registry): unknown
  /** The document as it is kept, once it is known to fit. @throws Refusal. */
  prepare?(doc: Doc, registry: Registry): Promise<Doc>
  check(doc: Doc, around: Around): readonly Finding[]
  /** Statements that cannot fail, in the transaction of the act. */
  effect(doc: Doc, on: Effect): readonly Compilable[]
}

export type Place = { readonly target: string; readonly agency: string; readonly party?: string }

/** `today` is an ISO date. */
export type Around = { readonly registry: Registry; readonly today: string }

export type Effect = {
  readonly db: Kysely<Tables>
  readonly registry: Registry
  readonly move: Move
  /** Epoch milliseconds: the entry's own time. */
  readonly timeAt: number
}
