import type { SyncCrypto } from '../crypto.ts'
import type { Build, Draft, Head, NewEntry, Store } from '../storage/store.ts'
import { StaleHead } from '../storage/store.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type Edge, edgeRoot, extendEdge } from './edge.ts'
import type { NoteSigner } from './note.ts'
import { type Anchor, type LogIdentity, loadEdge } from './open.ts'

/** Drafts in one commit at the most; the queue behind it, before callers are told to come back. */
const BATCH_MAX = 256
const QUEUE_MAX = 4096
/** How long a batch waits at the most for those who are expected: one commit costs as much as thirty entries. */
const LINGER_MILLIS = 8
/** A stale head is certain to be uncommitted, so building again is safe; bounded all the same. */
const REBUILDS_MAX = 3

/** Where a draft went: its own new index, or the earlier record that holds its retry key. */
export type Appended = { readonly index: number; readonly taken: boolean }

export type Log = {
  /**
   * Announces a draft that is on its way, so that the next batch waits for it a little. Call the
   * result when it was appended or will not be; more than once does no harm.
   */
  expect(): () => void
  /**
   * Resolves once the entry is durable (promise 1). @throws LogUnavailable when it is not, or when
   * nobody can tell; the same request may be sent again, its retry key decides.
   */
  append(draft: Draft): Promise<Appended>
  /** The last committed head. */
  head(): Head
  /** The right edge of the last committed tree, for readers of tiles. */
  edge(): Edge
  /**
   * A committed head that covers `index`: read again where another process wrote it, or a commit of
   * which nobody could tell. @throws DamagedLog.
   */
  covering(index: number): Promise<{ readonly head: Head; readonly edge: Edge }>
  /** Whether it could sign now: after a failed append the stored log is read and checked again. */
  ready(): Promise<boolean>
  /** Waits for everything queued, then writes the anchor. */
  drain(): Promise<void>
}

export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable'
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
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: Error) => void
}

/**
 * One appender per process. While one commit is in flight the next batch collects; a checkpoint that
 * is not committed never leaves `build`. If a commit throws, memory is dropped and reloaded from the
 * store before anything else is signed: signing two trees of one size is the one thing a log may not do.
 */
export function appender(deps: LogDeps, loaded: { head: Head; edge: Edge }): Log {
  let state: { head: Head; edge: Edge } | undefined = loaded
  let shown = loaded
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

  async function attempt(batch: readonly Waiter[]): Promise<Appended[]> {
    for (let tries = 0; ; tries++) {
      state ??= await loadEdge(deps)
      const from = state
      let next = from
      let placements: Appended[] = []
      const build: Build = (head, known) => {
        const built = buildBatch(deps, from, head, batch, known)
        next = { head: built.head, edge: built.edge }
        placements = built.placements
        return built
      }
      try {
        await deps.store.append(
          batch.map((waiter) => waiter.draft),
          build,
        )
      } catch (error) {
        if (!(error instanceof StaleHead) || tries === REBUILDS_MAX) throw error
        state = undefined
        continue
      }
      state = next
      shown = next
      deps.anchor.offer(next.head.checkpoint)
      return placements
    }
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
    edge: () => shown.edge,
    covering: async (index) => {
      if (index < shown.head.size) return shown
      const loaded = await loadEdge(deps)
      if (loaded.head.size > shown.head.size) shown = loaded
      return shown
    },
    ready: async () => {
      try {
        if (!running) state ??= await loadEdge(deps)
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

function settle(batch: readonly Waiter[], placements: readonly Appended[]): void {
  batch.forEach((waiter, i) => {
    waiter.resolve(placements[i] as Appended)
  })
}

/** Pure but for the clock: what one commit writes on top of `from`. @throws StaleHead. */
function buildBatch(
  deps: LogDeps,
  from: { head: Head; edge: Edge },
  head: Head,
  batch: readonly Waiter[],
  known: readonly (number | undefined)[],
) {
  if (head.checkpoint !== from.head.checkpoint) throw new StaleHead('another process appended')
  const timeAt = Math.max(deps.clock(), head.timeAt)
  const time = new Date(timeAt).toISOString()
  const entries: NewEntry[] = []
  const placements = batch.map(({ draft }, i): Appended => {
    const taken = known[i]
    if (taken !== undefined) return { index: taken, taken: true }
    const leaf = draft.leaf(time)
    // RFC 9162 §2.1.1: a leaf is hashed behind a zero byte.
    const hash = deps.crypto.sha256(`\0${leaf}`)
    entries.push({ leaf, hash, draft })
    return { index: head.size + entries.length - 1, taken: false }
  })
  if (entries.length === 0) return { ...from, entries, tiles: [], placements }
  const grown = extendEdge(
    deps.crypto.sha256,
    from.edge,
    entries.map((entry) => entry.hash),
  )
  const tree = {
    origin: deps.identity.origin,
    size: grown.edge.size,
    root: edgeRoot(deps.crypto.sha256, grown.edge),
  }
  const checkpoint = signCheckpoint(tree, deps.noteSigner)
  const next: Head = { size: tree.size, checkpoint, timeAt }
  return { head: next, edge: grown.edge, entries, tiles: grown.tiles, placements }
}
