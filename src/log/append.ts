import type { SyncCrypto } from '../crypto.ts'
import type { Batch, Build, Draft, Head, Locked, NewEntry, Quota, Store } from '../storage/store.ts'
import { StaleHead } from '../storage/store.ts'
import { admit, type Fate, OverLimit } from './admit.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type Edge, edgeRoot, extendEdge } from './edge.ts'
import type { NoteSigner } from './note.ts'
import { type Anchor, type LogIdentity, loadEdge, mustContain } from './open.ts'
import type { PastLog } from './shard.ts'

/** Drafts in one commit at the most; the queue behind it, before callers are told to come back. */
const BATCH_MAX = 256
const QUEUE_MAX = 4096
/** How long a batch waits at the most for those who are expected: one commit costs as much as thirty entries. */
const LINGER_MILLIS = 8
/** A stale head is certain to be uncommitted, so building again is safe; bounded all the same. */
const REBUILDS_MAX = 3

/** How far the clocks of a gateway and of the database it shares may be apart. */
const ASTRAY_MILLIS = 5000

/**
 * Where a draft went: its own new number, with the state of its daily quota, or the earlier record that
 * holds its retry key.
 */
export type Appended = {
  readonly index: number
  readonly taken: boolean
  readonly quota?: Quota | undefined
}

export type Log = {
  /**
   * Announces a draft that is on its way, so that the next batch waits for it a little. Call the
   * result when it was appended or will not be; more than once does no harm.
   */
  expect(): () => void
  /**
   * Resolves once the entry is durable (promise 1).
   *
   * @throws OverLimit where its daily quota or its guesses are used up: nothing was written.
   * @throws LogUnavailable when it is not durable, or when nobody can tell; the same request may be sent
   *   again, its retry key decides.
   */
  append(draft: Draft): Promise<Appended>
  /** The last committed head. */
  head(): Head
  /** The shards before this one, oldest first: no process sees a change of shard, each starts in one. */
  readonly past: readonly PastLog[]
  /** The right edge of the last committed tree, for readers of tiles. */
  edge(): Edge
  /**
   * A committed head of this shard that covers the record of that number: read again where another process wrote it, or a commit of
   * which nobody could tell. @throws DamagedLog.
   */
  covering(number: number): Promise<Shown>
  /** The last committed head of whoever wrote it, for readers of the log. @throws DamagedLog. */
  current(): Promise<Shown>
  /** Whether it could sign now: after a failed append the stored log is read and checked again. */
  ready(): Promise<boolean>
  /** Waits for everything queued, then writes the anchor. */
  drain(): Promise<void>
}

export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable'
}

/** A committed tree. */
export type Shown = { readonly head: Head; readonly edge: Edge }

export type LogDeps = {
  readonly identity: LogIdentity
  readonly noteSigner: NoteSigner
  readonly store: Store
  readonly crypto: SyncCrypto
  readonly clock: () => number
  readonly anchor: Anchor
  readonly report: (event: string, fields?: Readonly<Record<string, string | number>>) => void
}

type Waiter = {
  readonly draft: Draft
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: Error) => void
}

/**
 * One appender per process. While one commit is in flight the next batch collects; a checkpoint that
 * is not committed never leaves `build`. If a commit throws, memory is dropped and reloaded from the
 * store before anything else is signed: signing two trees of one size is the one thing a log may not do.
 */
export function appender(deps: LogDeps, opened: Shown & Pick<Log, 'past'>): Log {
  const { past, ...loaded } = opened
  let state: Shown | undefined = loaded
  let shown: Shown = loaded
  let queue: Waiter[] = []
  let running: Promise<void> | undefined
  const company = gathering(() => queue.length >= BATCH_MAX)

  async function run(): Promise<void> {
    while (queue.length > 0) {
      await company.gather()
      const batch = queue.slice(0, BATCH_MAX)
      queue = queue.slice(BATCH_MAX)
      await commit(batch)
    }
    running = undefined
  }

  async function commit(batch: readonly Waiter[]): Promise<void> {
    try {
      settle(batch, await attempt(batch))
    } catch (error) {
      state = undefined
      deps.report('log-append-failed', { error: String(error), waiting: batch.length })
      const unavailable = new LogUnavailable('the entry is not known to be durable', {
        cause: error,
      })
      for (const waiter of batch) waiter.reject(unavailable)
    }
  }

  async function attempt(batch: readonly Waiter[]): Promise<Placed[]> {
    const drafts = batch.map((waiter) => waiter.draft)
    for (let tries = 0; ; tries++) {
      state ??= await reload()
      const from = state
      let built: Built | undefined
      const build: Build = (locked) => {
        built = buildBatch(deps, caughtUp(deps, from, locked), { drafts, locked })
        return built.batch
      }
      try {
        await deps.store.append(drafts, from.head.size, build)
      } catch (error) {
        if (!(error instanceof StaleHead) || tries === REBUILDS_MAX) throw error
        state = undefined
        continue
      }
      const { next, placed } = built as Built
      state = next
      shown = next
      deps.anchor.offer(next.head.checkpoint)
      return placed
    }
  }

  /** What was committed before must still be there: a database that went back would make a fork of the log. */
  async function reload(): Promise<Shown> {
    const stored = await loadEdge(deps)
    if (shown.head.checkpoint !== '') await mustContain(deps, stored, shown.head.checkpoint)
    return stored
  }

  async function current(): Promise<Shown> {
    const { size } = await deps.store.readHead()
    if (size > shown.head.size) {
      const stored = await reload()
      if (stored.head.size > shown.head.size) shown = stored
    }
    return shown
  }

  return {
    expect: company.expect,
    append: (draft) =>
      new Promise((resolve, reject) => {
        if (queue.length >= QUEUE_MAX) {
          reject(new LogUnavailable('too many entries are waiting'))
          return
        }
        queue.push({ draft, resolve, reject })
        running ??= run()
      }),
    head: () => shown.head,
    past,
    edge: () => shown.edge,
    current,
    covering: (number) =>
      number < shown.head.base + shown.head.size ? Promise.resolve(shown) : current(),
    ready: async () => {
      try {
        if (!running) state ??= await reload()
        if (deps.store.shared) mustAgree(deps.clock(), await deps.store.shared.now())
      } catch {
        return false
      }
      return state !== undefined
    },
    drain: async () => {
      while (running) await running
      await deps.anchor.flush()
    },
  }
}

/**
 * When a batch is together: everybody who announced himself has come, it is full, or time is up. So a
 * lone request is committed at once, and under load a commit is shared by all who are near.
 */
function gathering(isFull: () => boolean) {
  let expected = 0
  let together: (() => void) | undefined
  return {
    gather(): Promise<void> {
      if (expected === 0 || isFull()) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(() => together?.(), LINGER_MILLIS)
        together = () => {
          clearTimeout(timer)
          together = undefined
          resolve()
        }
      })
    },
    expect(): () => void {
      let isExpected = true
      expected += 1
      return () => {
        if (!isExpected) return
        isExpected = false
        expected -= 1
        if (expected === 0 || isFull()) together?.()
      }
    },
  }
}

type Placed = Appended | OverLimit

function settle(batch: readonly Waiter[], placed: readonly Placed[]): void {
  batch.forEach((waiter, i) => {
    const one = placed[i] as Placed
    if (one instanceof OverLimit) waiter.reject(one)
    else waiter.resolve(one)
  })
}

/**
 * Whoever signs must not have a clock of his own: leaf times never decrease, so one node an hour ahead
 * would drag the log's time along for all of them, and leases would mean nothing.
 */
export function mustAgree(own: number, shared: number | undefined): void {
  const offset = own - (shared ?? own)
  if (Math.abs(offset) > ASTRAY_MILLIS)
    throw new LogUnavailable(`the clock is ${offset} ms away from the database's`)
}

/**
 * The edge of the locked head: its own, extended by what other nodes appended. Ed25519 is deterministic
 * (RFC 8032), so signing their tree again must give their checkpoint, byte for byte.
 *
 * @throws StaleHead where it does not: reload, and judge what is stored.
 */
function caughtUp(deps: LogDeps, from: Shown, { head, newer }: Locked): Shown {
  if (newer.length === 0 && head.checkpoint === from.head.checkpoint) return from
  const { edge } = extendEdge(deps.crypto.sha256, from.edge, newer)
  if (edge.size !== head.size || signed(deps, edge) !== head.checkpoint)
    throw new StaleHead('what is stored does not follow from what was committed')
  return { head, edge }
}

function signed({ crypto, identity, noteSigner }: LogDeps, edge: Edge): string {
  const root = edgeRoot(crypto.sha256, edge)
  return signCheckpoint({ origin: identity.origin, size: edge.size, root }, noteSigner)
}

type Built = { readonly batch: Batch; readonly next: Shown; readonly placed: Placed[] }

/** Pure but for the clock: what one commit writes on top of `from`. */
function buildBatch(
  deps: LogDeps,
  from: Shown,
  { drafts, locked }: { drafts: readonly Draft[]; locked: Locked },
): Built {
  const now = deps.clock()
  mustAgree(now, locked.now)
  const { head } = from
  const timeAt = Math.max(now, head.timeAt)
  const time = new Date(timeAt).toISOString()
  const entries: NewEntry[] = []
  const fates = admit(drafts, locked.standings)
  const placed = drafts.map((draft, i): Placed => {
    const fate = fates[i] as Fate
    if (fate.is === 'taken') return { index: fate.index, taken: true }
    if (fate.is === 'over') return fate.error
    const leaf = draft.leaf(time)
    // RFC 9162 §2.1.1: a leaf is hashed behind a zero byte.
    const hash = deps.crypto.sha256(`\0${leaf}`)
    entries.push({ leaf, hash, draft, seen: fate.seen })
    return { index: head.base + head.size + entries.length - 1, taken: false, quota: fate.quota }
  })
  if (entries.length === 0) return { batch: { head, entries, tiles: [] }, next: from, placed }
  const hashes = entries.map((entry) => entry.hash)
  const { edge, tiles } = extendEdge(deps.crypto.sha256, from.edge, hashes)
  const next = { ...head, size: edge.size, checkpoint: signed(deps, edge), timeAt }
  const own = tiles.map((tile) => ({ ...tile, shard: head.shard }))
  return { batch: { head: next, entries, tiles: own }, next: { head: next, edge }, placed }
}
