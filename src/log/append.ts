import type { SyncCrypto } from '../crypto.ts'
import { type Build, type Draft, type Head, StaleHead, type Store } from '../storage/store.ts'
import { OverLimit, StaleRevision } from './admit.ts'
import { agreeOnTime } from './agree.ts'
import {
  type Appended,
  type Built,
  buildBatch,
  caughtUp,
  type Placed,
  type Shown,
} from './batch.ts'
import type { Edge } from './edge.ts'
import { gathering } from './gathering.ts'
import type { NoteSigner } from './note.ts'
import { type Anchor, type LogIdentity, loadEdge, mustContain } from './open.ts'
import type { PastLog } from './shard.ts'
import { LogUnavailable } from './unavailable.ts'

/** Drafts in one commit at the most; the queue behind it, before callers are told to come back. */
const BATCH_MAX = 256
const QUEUE_MAX = 4096
/** Whoever has waited so long when a commit fails is not made to wait for the next one. */
const WAIT_MILLIS = 3000
/** A stale head is certain to be uncommitted, so building again is safe; bounded all the same. */
const REBUILDS_MAX = 3

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
   * @throws StaleRevision where what its act was decided on has gone on: nothing was written.
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
  readonly since: number
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
  let wasReady = true
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
      for (const waiter of [...batch, ...takeLate()]) waiter.reject(unavailable)
    }
  }

  /** Of the queue, oldest first, so that a store that is away keeps nobody for the sum of its time-outs. */
  function takeLate(): readonly Waiter[] {
    const from = deps.clock() - WAIT_MILLIS
    const first = queue.findIndex(({ since }) => since > from)
    const late = first < 0 ? queue : queue.slice(0, first)
    queue = queue.slice(late.length)
    return late
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
      const { next, placed, batch: written } = built as Built
      company.ended(batch.length, next.head.size - from.head.size - written.entries.length)
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
        queue.push({ draft, since: deps.clock(), resolve, reject })
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
        await agreeOnTime(deps.store, deps.clock)
      } catch (error) {
        if (wasReady) deps.report('log-not-ready', { error: String(error) })
        wasReady = false
        return false
      }
      wasReady = true
      return state !== undefined
    },
    drain: async () => {
      while (running) await running
      await deps.anchor.flush()
    },
  }
}

function settle(batch: readonly Waiter[], placed: readonly Placed[]): void {
  batch.forEach((waiter, i) => {
    const one = placed[i] as Placed
    if (one instanceof OverLimit || one instanceof StaleRevision) waiter.reject(one)
    else waiter.resolve(one)
  })
}
