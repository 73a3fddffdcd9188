import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** How often acts have changed a thing; 0 before the first. */
export async function readRevision(db: Kysely<Tables>, thing: string): Promise<number> {
  const row = db.selectFrom('revision').select('n').where('thing', '=', thing)
  return (await row.executeTakeFirst())?.n ?? 0
}
