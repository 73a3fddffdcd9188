import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

const FORGET_MAX = 1000
const INTENTS_MAX = 1000

/** What an engine leaves to the sweeps between requests: the same plain queries on all of them. */
export function upkeep(db: Kysely<Tables>) {
  return {
    openIntents: async (before: number): Promise<readonly number[]> => {
      const ended = db.selectFrom('intent').select('idx').where('lease_until', '<', before)
      const rows = await ended.orderBy('idx').limit(INTENTS_MAX).execute()
      return rows.map(({ idx }) => idx)
    },
    forgetProbes: async (before: string): Promise<number> => {
      const old = db.selectFrom('probe').select('key').where('day', '<', before).limit(FORGET_MAX)
      const deleted = await db.deleteFrom('probe').where('key', 'in', old).executeTakeFirst()
      return Number(deleted.numDeletedRows)
    },
  }
}
