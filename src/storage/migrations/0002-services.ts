import { type Kysely, sql } from 'kysely'

/** Services with their materials, and the lists of proofs that nobody may be sent for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const STATEMENTS = [
  `CREATE TABLE service (code TEXT PRIMARY KEY, state TEXT NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE blacklist (id TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID`,
]
