import { chmodSync, mkdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { migrate } from '../storage/migrations/index.ts'
import { sqliteStore } from '../storage/sqlite.ts'
import type { Store } from '../storage/store.ts'
import type { Tables } from '../storage/tables.ts'
import { databaseFile } from './places.ts'
import { syncSql } from './sync-sql.ts'

const BUSY_MILLIS = 5000
/**
 * Pages between WAL checkpoints: fewer, larger ones halve the 99th percentile under load. A thread of its
 * own for them was tried: 80 MiB more, and commits waited on the disk all the same.
 */
const WAL_PAGES = 8000
const CACHE_KIB = 16_384
const PRIVATE = 0o600

export type OpenStore = { readonly store: Store; readonly raw: Database.Database }

/** Opens the gateway's one file, creating it and its tables when absent. */
export async function openDatabase(dataDir: string): Promise<OpenStore> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const raw = new Database(databaseFile(dataDir), { timeout: BUSY_MILLIS })
  // Registers and evidence: nobody else's, whatever the folder allows. The WAL takes the file's mode.
  chmodSync(databaseFile(dataDir), PRIVATE)
  raw.pragma('journal_mode = WAL')
  raw.pragma('synchronous = FULL')
  raw.pragma('secure_delete = ON')
  raw.pragma(`wal_autocheckpoint = ${WAL_PAGES}`)
  raw.pragma(`cache_size = -${CACHE_KIB}`)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) })
  await migrate(db)
  return { store: sqliteStore(syncSql(raw), db), raw }
}
