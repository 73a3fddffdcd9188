import { type Kysely, sql } from 'kysely'

/** The embedded engine's schema. `retry` and `probe` are keyed by 64 bits of a hash: see storage/sqlite.ts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL, checkpoint TEXT NOT NULL, time_at INTEGER NOT NULL)`,
  `CREATE TABLE entry (idx INTEGER PRIMARY KEY, leaf TEXT NOT NULL, hash BLOB NOT NULL)`,
  `CREATE TABLE tile (level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL, root BLOB NOT NULL, PRIMARY KEY (level, n))`,
  `CREATE TABLE evidence (idx INTEGER PRIMARY KEY, sealed BLOB, data_key BLOB, kek TEXT, salt TEXT, subject TEXT, case_no TEXT, official TEXT, erased_at INTEGER)`,
  `CREATE TABLE retry (key INTEGER PRIMARY KEY, idx INTEGER NOT NULL)`,
  `CREATE TABLE counter (key TEXT NOT NULL, day TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (day, key)) WITHOUT ROWID`,
  `CREATE TABLE probe (key INTEGER PRIMARY KEY, day TEXT NOT NULL, seen TEXT NOT NULL)`,
  `CREATE TABLE proof (key BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE agency (uscc TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE system (id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE system_key (system TEXT NOT NULL, kid TEXT NOT NULL, alg TEXT NOT NULL, jwk TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER, revoked_at INTEGER, PRIMARY KEY (system, kid)) WITHOUT ROWID`,
  `CREATE TABLE item (code TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (code, version)) WITHOUT ROWID`,
  `CREATE TABLE contract (code TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE agreement (id TEXT PRIMARY KEY, item TEXT NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE register (id TEXT PRIMARY KEY, doc TEXT NOT NULL, snapshot INTEGER) WITHOUT ROWID`,
  `CREATE TABLE snapshot (id INTEGER PRIMARY KEY AUTOINCREMENT, register TEXT NOT NULL, as_of INTEGER NOT NULL, version TEXT NOT NULL, rows INTEGER NOT NULL, complete INTEGER NOT NULL)`,
  `CREATE TABLE snapshot_row (snapshot INTEGER NOT NULL, key TEXT NOT NULL, line INTEGER NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (snapshot, key, line)) WITHOUT ROWID`,
]
