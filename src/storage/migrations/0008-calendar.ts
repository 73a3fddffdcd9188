import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/** Working days, a document a year. */
export async function up(db: Kysely<unknown>, { integer, text }: Words): Promise<void> {
  await sql
    .raw(`CREATE TABLE calendar (year ${integer} PRIMARY KEY, doc ${text} NOT NULL)`)
    .execute(db)
}
