import type { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { AGAIN_MILLIS, startThread } from './thread.ts'
import type { Pass } from './wal-thread.ts'

const LOOK_MILLIS = 200
/** What has gathered for a pass: 8 MiB. A small gateway never has so much, and never starts the thread. */
const PAGES = 2000
/**
 * Where no thread gets on, whoever commits copies so many pages himself: SQLite's own rule. Fewer, larger
 * passes halve the 99th percentile then.
 */
const OWN_PAGES = 16_000
/**
 * So long the log may grow, 192 MiB, before it begins anew: for that everything must be copied while nobody
 * writes, and whoever answers waits for the disk (13 to 60 ms). Every 8 MiB that was twice a second.
 */
const ANEW_PAGES = 48_000

/**
 * Has the write-ahead log copied into the database by a thread, so that no request waits for megabytes to
 * reach the disk. What is left when the log is long is a few pages; copied here they let SQLite begin it
 * anew. Nothing depends on it: killed, or on a full disk, the log stands, and whoever commits next meets
 * what is wrong.
 *
 * @param anewPages how long the log may grow
 */
export function copyWal(
  raw: Database.Database,
  file: string,
  anewPages = ANEW_PAGES,
): { stop(): Promise<void> } {
  const ownPages = (pages: number) => raw.open && raw.pragma(`wal_autocheckpoint = ${pages}`)
  ownPages(OWN_PAGES)
  let thread: Worker | undefined
  let isCopying = false

  function start(): Worker {
    const script = new URL('./wal-thread.ts', import.meta.url)
    const started = startThread(script, { youngMb: 1, data: file })
    // SQLite's own rule waits until the thread has had its turn.
    ownPages(anewPages + OWN_PAGES)
    started.on('message', () => {
      isCopying = false
      const state = pass(raw, 'NOOP')
      if (state && state.log >= anewPages) pass(raw, 'PASSIVE')
    })
    started.on('exit', () => {
      thread = undefined
      ownPages(OWN_PAGES)
      setTimeout(() => {
        isCopying = false
      }, AGAIN_MILLIS).unref()
    })
    return started
  }

  function look(): void {
    if (isCopying) return
    const state = pass(raw, 'NOOP')
    if (!state || state.log - state.checkpointed < PAGES) return
    isCopying = true
    thread ??= start()
    thread.postMessage('copy')
  }

  const looking = setInterval(look, LOOK_MILLIS).unref()
  return {
    stop: async () => {
      clearInterval(looking)
      await thread?.terminate()
    },
  }
}

/** Undefined where it cannot be asked just now. */
function pass(raw: Database.Database, mode: 'NOOP' | 'PASSIVE'): Pass | undefined {
  if (!raw.open || raw.inTransaction) return undefined
  try {
    return (raw.pragma(`wal_checkpoint(${mode})`) as [Pass])[0]
  } catch {
    return undefined
  }
}
