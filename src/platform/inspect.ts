import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { type Config, ConfigError } from '../config.ts'
import type { LogIdentity } from '../log/open.ts'
import { mustBeServable } from '../storage/marks.ts'
import { sqliteStore } from '../storage/sqlite.ts'
import type { Store } from '../storage/store.ts'
import type { Tables } from '../storage/tables.ts'
import { readAnchors } from './anchor.ts'
import { nodeSha256 } from './crypto.ts'
import { keysFolder, loadGatewayKeys } from './keys.ts'
import { logIdentityOf } from './own-log.ts'
import { databaseFile, hasGateway } from './places.ts'
import { readPostgres } from './postgres.ts'
import { syncSql } from './sync-sql.ts'

export type Inspected = {
  readonly store: Store
  readonly identity: LogIdentity
  readonly crypto: { readonly sha256: typeof nodeSha256 }
  /** The checkpoint of the current shard kept outside the database, as it stood before that was read. */
  readonly anchor: string | undefined
  /** Those of other shards. */
  readonly others: readonly string[]
  /** Whose checkpoints those of a shard are. */
  identityOf(shard: number): LogIdentity
  readonly shard: number
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
  const anchors = await readAnchors(config.anchorDir)
  const store = await openForReading(config)
  try {
    await mustBeServable(store.db)
    const keys = await loadGatewayKeys(keysFolder(config.dataDir))
    const issuer = await readIssuer(store.db)
    if (!keys || issuer === undefined) {
      await store.close()
      return undefined
    }
    const identityOf = (shard: number) => {
      const { origin, vkey } = logIdentityOf(issuer, keys, shard)
      return { origin, vkey }
    }
    const { shard } = await store.readHead()
    return {
      store,
      identity: identityOf(shard),
      identityOf,
      shard,
      crypto: { sha256: nodeSha256 },
      anchor: anchors.get(shard),
      others: [...anchors].flatMap(([other, note]) => (other === shard ? [] : [note])),
      close: () => store.close(),
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** What is opened for reading only cannot be brought up to date. @throws ConfigError. */
function mustBeCurrent(raw: Database.Database): void {
  const columns = raw.pragma('table_info(head)') as { name: string }[]
  if (columns.some(({ name }) => name === 'base')) return
  raw.close()
  throw new ConfigError(
    '数据库由旧版本写成，请先用本版本启动一次网关。An older version wrote the database: start the gateway of this version once.',
  )
}

/** Everything that is read of it is of one moment. */
async function openForReading({ dataDir, databaseUrl }: Config): Promise<Store> {
  if (databaseUrl !== undefined) return readPostgres(databaseUrl)
  const raw = new Database(databaseFile(dataDir), { readonly: true, fileMustExist: true })
  mustBeCurrent(raw)
  raw.exec('BEGIN')
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) })
  return sqliteStore(syncSql(raw), db)
}

async function readIssuer(db: Kysely<Tables>): Promise<string | undefined> {
  const row = await db.selectFrom('meta').selectAll().where('key', '=', 'issuer').executeTakeFirst()
  return row?.value
}
