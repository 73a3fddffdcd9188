import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { Config } from '../config.ts'
import type { LogIdentity } from '../log/open.ts'
import { mustBeServable } from '../storage/marks.ts'
import { sqliteStore } from '../storage/sqlite.ts'
import type { Store } from '../storage/store.ts'
import type { Tables } from '../storage/tables.ts'
import { nodeSha256 } from './crypto.ts'
import { readIfPresent } from './files.ts'
import { logIdentityOf } from './gateway.ts'
import { keysFolder, loadGatewayKeys } from './keys.ts'
import { databaseFile, hasGateway } from './places.ts'
import { readPostgres } from './postgres.ts'
import { syncSql } from './sync-sql.ts'

export type Inspected = {
  readonly store: Store
  readonly identity: LogIdentity
  readonly crypto: { readonly sha256: typeof nodeSha256 }
  /** The checkpoint kept outside the database, as it stood before the database was read. */
  readonly anchor: string | undefined
  close(): Promise<void>
}

/**
 * Opens what is stored for reading only, damaged or not, while the gateway may be serving: one read
 * transaction spans everything, so that appends meanwhile are not mistaken for damage.
 *
 * @throws KeyError; NotServable; an error of SQLite where the file itself does not hold; undefined without a gateway.
 */
export async function inspectGateway(config: Config): Promise<Inspected | undefined> {
  if (!hasGateway(config)) return undefined
  const anchor = await readIfPresent(join(config.anchorDir, 'checkpoint'))
  const store = await openForReading(config)
  try {
    await mustBeServable(store.db)
    const keys = await loadGatewayKeys(keysFolder(config.dataDir))
    const issuer = await readIssuer(store.db)
    if (!keys || issuer === undefined) {
      await store.close()
      return undefined
    }
    const { origin, vkey } = logIdentityOf(issuer, keys)
    const identity = { origin, vkey }
    return { store, identity, crypto: { sha256: nodeSha256 }, anchor, close: () => store.close() }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Everything that is read of it is of one moment. */
async function openForReading({ dataDir, databaseUrl }: Config): Promise<Store> {
  if (databaseUrl !== undefined) return readPostgres(databaseUrl)
  const raw = new Database(databaseFile(dataDir), { readonly: true, fileMustExist: true })
  raw.exec('BEGIN')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) })
  return sqliteStore(syncSql(raw), db)
}

async function readIssuer(db: Kysely<Tables>): Promise<string | undefined> {
  const row = await db.selectFrom('meta').selectAll().where('key', '=', 'issuer').executeTakeFirst()
  return row?.value
}
