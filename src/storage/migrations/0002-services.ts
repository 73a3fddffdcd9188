import { type Kysely, sql } from 'kysely'
import type { Words } from './words.ts'

/** Services with their materials, and the lists of proofs that nobody may be sent for. */
export async function up(db: Kysely<unknown>, words: Words): Promise<void> {
  for (const statement of statements(words)) await sql.raw(statement).execute(db)
}

const statements = ({ text, clustered }: Words) => [
  `CREATE TABLE service (code ${text} PRIMARY KEY, state ${text} NOT NULL, doc ${text} NOT NULL)${clustered}`,
  `CREATE TABLE blacklist (id ${text} PRIMARY KEY, doc ${text} NOT NULL)${clustered}`,
]
