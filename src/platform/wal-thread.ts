import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** What a pass over the write-ahead log says: SQLite, `PRAGMA wal_checkpoint`. */
export type Pass = { readonly log: number; readonly checkpointed: number }

const CACHE_KIB = 64
/** Each pass copies what was written during the one before, so the second is short. */
const PASSES_MAX = 3
/** So few pages are no wait for whoever copies them next. */
const REST_PAGES = 100

/**
 * The thread that copies the write-ahead log into the database file, on a connection of its own. It reads and
 * writes no row; killed at any moment it leaves what SQLite recovers from by itself.
 */
const database = new Database(workerData as string, { fileMustExist: true })
database.pragma(`cache_size = -${CACHE_KIB}`)

parentPort?.on('message', () => {
  for (let passes = 0; passes < PASSES_MAX; passes++) {
    const [{ log, checkpointed }] = database.pragma('wal_checkpoint(PASSIVE)') as [Pass]
    if (log - checkpointed < REST_PAGES) break
  }
  parentPort?.postMessage('copied')
})
