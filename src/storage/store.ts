import type { CompiledQuery, Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** What the log last signed, as read under the head's lock. Size 0 and an empty note: never signed. */
export type Head = {
  /** Leaves of this shard's own tree. */
  readonly size: number
  readonly checkpoint: string
  readonly timeAt: number
  /** 1 is `/log`, n is `/log-n`. */
  readonly shard: number
  /** The number of the shard's first entry: a leaf's index in its tree is its number less this. */
  readonly base: number
}

/** The head of a store that was never signed. */
export const NO_HEAD: Head = { size: 0, checkpoint: '', timeAt: 0, shard: 1, base: 0 }

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

/**
 * What an act changes beside the log. Each of `things` must still have the revision that the act was decided
 * on (0: never touched); then each goes on by one.
 */
export type Act = {
  readonly things: readonly { readonly name: string; readonly revision: number }[]
  /**
   * Called once, under the head's lock, with the entry's number and time: statements of this store's own
   * dialect. One that fails takes the whole batch with it, so they are such as cannot fail.
   */
  writes(index: number, timeAt: number): readonly CompiledQuery[]
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
  /**
   * One use of a daily quota, refused where `limit` uses are committed or claimed. An intent claims it;
   * the entry that ends the intent uses the claim up or, without a counter, gives it back.
   */
  readonly counter?: { readonly key: string; readonly day: string; readonly limit: number }
  /**
   * Guesses about one subject: `join` adds them to those that are stored, under the head's lock, or
   * returns undefined where that would be too many. Pure.
   */
  readonly probe?: {
    readonly key: Uint8Array
    readonly day: string
    join(stored: string): string | undefined
  }
  /** Erases the evidence of earlier records in the same commit. */
  readonly erases?: readonly number[]
  readonly act?: Act
}

/** Of a draft's daily quota: what is used up, and what open intents have claimed beside it. */
export type Quota = { readonly used: number; readonly claimed: number }

/** What the engine found about one draft, under the head's lock. */
export type Standing = {
  /** The record that holds its retry key, or that ended its intent: then nothing of it may be written. */
  readonly taken: number | undefined
  readonly quota: Quota
  /** The guesses that are stored under its probe's key; empty where there are none. */
  readonly seen: string
  /** Of its act's things, in their order. */
  readonly revisions: readonly number[]
}

/** What a batch is built on. `standings[i]` is about the i-th draft. */
export type Locked = {
  readonly head: Head
  /** Leaf hashes of what others appended to this shard after `from`, in order. */
  readonly newer: readonly Uint8Array[]
  readonly standings: readonly Standing[]
  /** The database's clock in epoch milliseconds, where nodes share it. */
  readonly now?: number
}

/** `seen` is what its probe's key holds from now on. */
export type NewEntry = {
  readonly leaf: string
  readonly hash: Uint8Array
  readonly draft: Draft
  readonly seen?: string | undefined
}
/** Of the shard that is written, or of the one that this commit closes: see `TileTable`. */
export type NewTile = {
  readonly shard: number
  readonly level: number
  readonly n: number
  readonly hashes: Uint8Array
  readonly root: Uint8Array
}

/**
 * What one commit writes. The last entry gets the number `head.base + head.size - 1`, those before it the
 * numbers before.
 */
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
   * The same tables for what a request waits for: single statements that end within seconds, whatever the
   * database does. Absent where `db` is as good.
   */
  readonly quick?: Kysely<Tables>
  /**
   * Takes the head's lock, reads the head, what others appended after `from` and how each draft stands,
   * calls the synchronous `build`, writes its batch with `WHERE size = head.size` and commits. When it
   * resolves the batch is durable.
   *
   * @param from the size that the caller's edge has, of the current shard's tree
   * @throws StaleHead: for certain nothing was written. Anything else: whether the batch is durable is
   *   unknown, and the caller must reload before it signs again.
   */
  append(drafts: readonly Draft[], from: number, build: Build): Promise<Batch>
  readHead(): Promise<Head>
  readEdge(): Promise<StoredEdge>
  readTile(shard: number, level: number, n: number): Promise<Uint8Array | undefined>
  /** By the record's number, in whichever shard. */
  readLeaf(index: number): Promise<string | undefined>
  findRetry(retryKey: Uint8Array): Promise<Recorded | undefined>
  /** The guesses that are stored under a probe's key. */
  readProbe(key: Uint8Array): Promise<string | undefined>
  /** Open intents whose lease ended before this instant (epoch milliseconds), oldest first, 1,000 at most. */
  openIntents(before: number): Promise<readonly number[]>
  /** Deletes some of the probes of earlier days. @returns how many; 0 when none are left. */
  forgetProbes(before: string): Promise<number>
  /** The rows under a key, in file order; undefined when the snapshot itself is gone. */
  snapshotRows(snapshot: number, key: string): Promise<readonly string[] | undefined>
  /** Only where several gateways write one store. */
  readonly shared?: Shared
  close(): Promise<void>
}

/** What nodes of one store must ask it, since none of them knows it alone. */
export type Shared = {
  /** How long a request waits for another node that has claimed it. */
  readonly patienceMillis: number
  /** The database's clock, in epoch milliseconds. */
  now(): Promise<number>
  /**
   * Takes up to `want` tokens from a bucket that fills by `perSecond` up to `burst`, on the database's
   * clock. @returns how many there were.
   */
  borrow(bucket: string, rate: Rate, want: number): Promise<number>
}

export type Rate = { readonly perSecond: number; readonly burst: number }

export type Build = (locked: Locked) => Batch

/** What others appended between is read up to here; further behind, reload. */
export const NEWER_MAX = 4096

/** The stored head is not one that can be built on: nothing was written; reload, then build again. */
export class StaleHead extends Error {
  override readonly name = 'StaleHead'
}

/** The engine cannot be asked just now: nothing is known, and the same question may be asked again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
