import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/** Who claimed a retry key before a remote provider is asked, and until when the claim counts. */
export async function up(db: Kysely<unknown>, { integer }: Words): Promise<void> {
  await sql
    .raw(
      `CREATE TABLE intent (idx ${integer} PRIMARY KEY, key ${integer} NOT NULL, lease_until ${integer} NOT NULL)`,
    )
    .execute(db)
}
