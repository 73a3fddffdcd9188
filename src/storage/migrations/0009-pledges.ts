import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/** What agencies that offer no assistance item have signed. */
export async function up(db: Kysely<unknown>, { text, clustered }: Words): Promise<void> {
  await sql
    .raw(`CREATE TABLE pledge (agency ${text} PRIMARY KEY, doc ${text} NOT NULL)${clustered}`)
    .execute(db)
}
