import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Tables } from '../tables.ts'
import { up as firstAnswer } from './0001-first-answer.ts'
import { up as services } from './0002-services.ts'
import { up as intents } from './0003-intents.ts'
import { up as nodes } from './0004-nodes.ts'
import { up as shards } from './0005-shards.ts'
import { up as people } from './0006-people.ts'
import { up as acts } from './0007-acts.ts'
import { up as calendar } from './0008-calendar.ts'
import { up as pledges } from './0009-pledges.ts'
import type { Words } from './words.ts'

type Up = (db: Kysely<unknown>, words: Words) => Promise<void>

/** Statically imported, so that they bundle where there is no file system. */
const MIGRATIONS: Record<string, Up> = {
  '0001-first-answer': firstAnswer,
  '0002-services': services,
  '0003-intents': intents,
  '0004-nodes': nodes,
  '0005-shards': shards,
  '0006-people': people,
  '0007-acts': acts,
  '0008-calendar': calendar,
  '0009-pledges': pledges,
}

/** Brings the schema up to date. @throws the first migration's error; earlier ones stay applied. */
export async function migrate(db: Kysely<Tables>, words: Words): Promise<void> {
  const named = Object.entries(MIGRATIONS).map(([name, up]): [string, Migration] => [
    name,
    { up: (on) => up(on, words) },
  ])
  const provider = { getMigrations: async () => Object.fromEntries(named) }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
}
