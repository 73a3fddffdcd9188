import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/**
 * What several nodes count together: which daily quota an open intent has claimed a use of, and the
 * buckets of their rates.
 */
export async function up(db: Kysely<unknown>, { text, integer, float }: Words): Promise<void> {
  const statements = [
    `ALTER TABLE intent ADD COLUMN counter ${text}`,
    `ALTER TABLE intent ADD COLUMN day ${text}`,
    `CREATE TABLE bucket (name ${text} PRIMARY KEY, tokens ${float} NOT NULL, at ${integer} NOT NULL, granted ${integer} NOT NULL)`,
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
