import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { afterAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/platform/database.ts'
import { databaseFile } from '../../src/platform/places.ts'
import { up } from '../../src/storage/migrations/0001-first-answer.ts'
import { SQLITE_WORDS } from '../../src/storage/migrations/words.ts'
import { applyServices, MOVING } from '../service-items.ts'

const dir = mkdtempSync(join(tmpdir(), 'mianzheng-old-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** A folder as the first version left it: its tables, and one row that must survive. */
async function firstVersion(): Promise<void> {
  const database = new Database(databaseFile(dir))
  const db = new Kysely<{ meta: { key: string; value: string } }>({
    dialect: new SqliteDialect({ database }),
  })
  const first = (on: Kysely<unknown>) => up(on, SQLITE_WORDS)
  const provider = { getMigrations: async () => ({ '0001-first-answer': { up: first } }) }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
  await db.insertInto('meta').values({ key: 'issuer', value: 'https://old.example' }).execute()
  await db.destroy()
}

test('a folder of the first version is brought up to date, and keeps what it holds', async () => {
  await firstVersion()
  const { store } = await openDatabase(dir)
  const kept = await store.db.selectFrom('meta').select('value').execute()
  expect(kept).toEqual([{ value: 'https://old.example' }])
  await applyServices({ store, registry: { refresh: async () => {} } }, [MOVING])
  const stored = await store.db.selectFrom('service').select(['code', 'state']).execute()
  expect(stored).toEqual([{ code: 'T01', state: 'published' }])
  await store.close()
})

test('a start that is cut off in the middle of the tables leaves none of them', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-cut-'))
  const raw = new Database(join(dir, 'gateway.sqlite'))
  raw.exec('CREATE TABLE counter (in_the_way TEXT)')
  await expect(openDatabase(dir)).rejects.toThrow('already exists')
  raw.exec('DROP TABLE counter')
  raw.close()
  const { store } = await openDatabase(dir)
  expect(await store.readHead()).toMatchObject({ size: 0 })
  await store.close()
  rmSync(dir, { recursive: true })
})
