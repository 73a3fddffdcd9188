import { type Kysely, sql } from 'kysely'

/** Which daily quota an open intent has claimed a use of, so that quotas hold over every node. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('ALTER TABLE intent ADD COLUMN counter TEXT').execute(db)
  await sql.raw('ALTER TABLE intent ADD COLUMN day TEXT').execute(db)
}
