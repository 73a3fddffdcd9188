import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Tables } from '../tables.ts'
import { up as firstAnswer } from './0001-first-answer.ts'
import { up as services } from './0002-services.ts'
import { up as intents } from './0003-intents.ts'
import { up as claims } from './0004-claims.ts'
import { up as shards } from './0005-shards.ts'

/** Statically imported, so that they bundle where there is no file system. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-first-answer': { up: firstAnswer },
  '0002-services': { up: services },
  '0003-intents': { up: intents },
  '0004-claims': { up: claims },
  '0005-shards': { up: shards },
}

/** Brings the schema up to date. @throws the first migration's error; earlier ones stay applied. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
