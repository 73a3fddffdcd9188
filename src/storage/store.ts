import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** What the log last signed, as read under the head's lock. Size 0 and an empty note: never signed. */
export type Head = { readonly size: number; readonly checkpoint: string; readonly timeAt: number }

/** Sealed strings and pseudonyms of one record: everything about it that may later be erased. */
export type EvidenceRow = {
  readonly sealed: Uint8Array
  readonly dataKey: Uint8Array
  readonly kek: string
  readonly salt: string
  readonly subject: string | null
  readonly caseNo: string | null
  readonly official: string | null
}

/** One thing to be appended; all its parts are committed together or not at all. */
export type Draft = {
  /** The canonical leaf at this time; called once, under the head's lock. */
  readonly leaf: (time: string) => string
  /** SHA-256(iss ‖ 0 ‖ jti). Where it is known already nothing of this draft is written. */
  readonly retryKey?: Uint8Array
  /** For an intent: its claim on the retry key counts until this instant, in epoch milliseconds. */
  readonly leaseUntil?: number
  /**
   * The open intent that this entry ends: its claim passes to this entry's own retry key, or is given
   * up where there is none. Nothing is written where another entry has ended it already.
   */
  readonly ends?: number
  readonly evidence?: EvidenceRow
  /** Uses of a daily quota. */
  readonly counter?: { readonly key: string; readonly day: string }
  /** The distinct predicate values seen so far about one subject; `seen` is called under the lock. */
  readonly probe?: { readonly key: Uint8Array; readonly day: string; seen(): string }
  /** Erases the evidence of earlier records in the same commit. */
  readonly erases?: readonly number[]
}

export type NewEntry = { readonly leaf: string; readonly hash: Uint8Array; readonly draft: Draft }
export type NewTile = {
  readonly level: number
  readonly n: number
  readonly hashes: Uint8Array
  readonly root: Uint8Array
}

/** What one commit writes. `entries[i]` gets index `head.size + i`. */
export type Batch = {
  readonly head: Head
  readonly entries: readonly NewEntry[]
  readonly tiles: readonly NewTile[]
}

/** The log's partial tiles by level, and the leaves behind level 0, to rebuild the right edge from. */
export type StoredEdge = {
  readonly head: Head
  readonly lastLeaves: readonly string[]
  /** The last entry's leaf, also where it is in a full tile. */
  readonly lastLeaf: string | undefined
  readonly partial: readonly Uint8Array[]
}

/** A record found by its retry key. */
export type Recorded = {
  readonly index: number
  readonly leaf: string
  readonly sealed: Uint8Array | null
  readonly dataKey: Uint8Array | null
  readonly kek: string | null
}

/**
 * The one port to an engine. `append` is the only way to write the log; everything else is plain
 * Kysely. There is no "give me a transaction for a while".
 */
export type Store = {
  readonly db: Kysely<Tables>
  /**
   * Takes the head's lock, reads the head and which drafts may not be written (the index of the
   * record that holds their retry key or ended their intent, else undefined), calls the synchronous `build`, writes its batch with `WHERE size = head.size` and
   * commits. When it resolves the batch is durable; when it throws, whether it is durable is unknown
   * and the caller must reload before it signs again.
   */
  append(drafts: readonly Draft[], build: Build): Promise<Batch>
  readHead(): Promise<Head>
  readEdge(): Promise<StoredEdge>
  readTile(level: number, n: number): Promise<Uint8Array | undefined>
  readLeaf(index: number): Promise<string | undefined>
  findRetry(retryKey: Uint8Array): Promise<Recorded | undefined>
  readCounter(key: string, day: string): Promise<number>
  readProbe(key: Uint8Array): Promise<string | undefined>
  /** Open intents whose lease ended before this instant (epoch milliseconds), oldest first, 1,000 at most. */
  openIntents(before: number): Promise<readonly number[]>
  /** Deletes some of the probes of earlier days. @returns how many; 0 when none are left. */
  forgetProbes(before: string): Promise<number>
  /** The rows under a key, in file order; undefined when the snapshot itself is gone. */
  snapshotRows(snapshot: number, key: string): Promise<readonly string[] | undefined>
  close(): Promise<void>
}

export type Build = (head: Head, known: readonly (number | undefined)[]) => Batch

/** The stored head is not the one that was built on: reload, then build again. */
export class StaleHead extends Error {
  override readonly name = 'StaleHead'
}
