import { type Kysely, sql } from 'kysely'

/** A head of a shard that begins at a number, and the tiles of shards that are closed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `ALTER TABLE head ADD COLUMN shard INTEGER NOT NULL DEFAULT 1`,
  `ALTER TABLE head ADD COLUMN base INTEGER NOT NULL DEFAULT 0`,
  `CREATE TABLE past_tile (shard INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (shard, level, n))`,
]
