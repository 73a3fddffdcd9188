import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

/** Often enough that SQLite's own checkpoint never has much left to do. */
const PAUSE_MILLIS = 300

const { file } = workerData as { file: string }
const raw = new Database(file, { timeout: 0, fileMustExist: true })
raw.pragma('synchronous = FULL')
raw.pragma('cache_size = -256')

// PASSIVE waits for nobody and nobody waits for it: it copies what no reader still needs.
const timer = setInterval(() => raw.pragma('wal_checkpoint(PASSIVE)'), PAUSE_MILLIS)

parentPort?.once('message', () => {
  clearInterval(timer)
  raw.close()
})
