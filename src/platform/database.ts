import { chmodSync } from 'node:fs'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { Config } from '../config.ts'
import { migrate } from '../storage/migrations/index.ts'
import { SQLITE_WORDS } from '../storage/migrations/words.ts'
import { sqliteStore } from '../storage/sqlite.ts'
import type { Store } from '../storage/store.ts'
import type { Tables } from '../storage/tables.ts'
import { makeFolder } from './files.ts'
import { databaseFile } from './places.ts'
import { openPostgres, type PostgresOptions, vacuum } from './postgres.ts'
import { syncSql } from './sync-sql.ts'
import { copyWal } from './wal.ts'

const BUSY_MILLIS = 5000
const CACHE_KIB = 12_288
const PRIVATE = 0o600

export type OpenStore = {
  readonly store: Store
  /** The embedded engine's handle, for faults and checks; undefined on another. */
  readonly raw: Database.Database | undefined
  /**
   * Removes older copies of what was erased, as far as the engine keeps any.
   *
   * @returns false where the database is busy: they go later.
   */
  scrub(): Promise<boolean>
}

/** The gateway's database, created with its tables when absent: its own file, or one that nodes share. */
export async function openStore(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  shared: Pick<PostgresOptions, 'clock' | 'timeline' | 'patienceMillis'> = {},
): Promise<OpenStore> {
  if (databaseUrl === undefined) {
    const { store, raw } = await openDatabase(dataDir)
    return { store, raw, scrub: async () => truncateWal(raw) }
  }
  const store = await openPostgres({ url: databaseUrl, ...shared })
  return { store, raw: undefined, scrub: () => vacuum(databaseUrl) }
}

/** secure_delete zeroed the pages; older copies of them stand in the write-ahead log until this. */
function truncateWal(raw: Database.Database): boolean {
  const [state] = raw.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  return state?.busy === 0
}

/** Opens the gateway's one file, creating it and its tables when absent. */
export async function openDatabase(
  dataDir: string,
): Promise<{ readonly store: Store; readonly raw: Database.Database }> {
  makeFolder(dataDir)
  const raw = new Database(databaseFile(dataDir), { timeout: BUSY_MILLIS })
  // Registers and evidence: nobody else's, whatever the folder allows. The WAL takes the file's mode.
  chmodSync(databaseFile(dataDir), PRIVATE)
  raw.pragma('journal_mode = WAL')
  raw.pragma('synchronous = FULL')
  raw.pragma('secure_delete = ON')
  raw.pragma(`cache_size = -${CACHE_KIB}`)
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) })
  await inOneStep(raw, () => migrate(db, SQLITE_WORDS))
  const store = sqliteStore(syncSql(raw), db)
  const copying = copyWal(raw, databaseFile(dataDir))
  const close = async () => {
    await copying.stop()
    await store.close()
  }
  return { store: { ...store, close }, raw }
}

/** SQLite's DDL rolls back like anything else: a crash leaves the old tables, or the new ones. */
async function inOneStep(raw: Database.Database, work: () => Promise<void>): Promise<void> {
  raw.exec('BEGIN IMMEDIATE')
  try {
    await work()
    raw.exec('COMMIT')
  } catch (error) {
    if (raw.inTransaction) raw.exec('ROLLBACK')
    throw error
  }
}
