import { type Kysely, sql } from 'kysely'

/** Who claimed a retry key before a remote provider is asked, and until when the claim counts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE intent (idx INTEGER PRIMARY KEY, key INTEGER NOT NULL, lease_until INTEGER NOT NULL)`,
    )
    .execute(db)
}
