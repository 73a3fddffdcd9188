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
import type { Tables } from '../../src/storage/tables.ts'
import { applyServices, MOVING } from '../service-items.ts'

const dir = mkdtempSync(join(tmpdir(), 'mianzheng-old-'))
afterAll(() => rmSync(dir, { recursive: true }))

type Old = { meta: { key: string; value: string }; tile: Omit<Tables['tile'], 'shard'> }

const tile = { level: 0, n: 7, hashes: Buffer.alloc(64, 1), root: Buffer.alloc(32, 2) }

/** A folder as the first version left it: its tables, and rows that must survive. */
async function firstVersion(dir: string): Promise<void> {
  const database = new Database(databaseFile(dir))
  const db = new Kysely<Old>({
    dialect: new SqliteDialect({ database }),
  })
  const first = (on: Kysely<unknown>) => up(on, SQLITE_WORDS)
  const provider = { getMigrations: async () => ({ '0001-first-answer': { up: first } }) }
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error) throw error
  await db.insertInto('meta').values({ key: 'issuer', value: 'https://old.example' }).execute()
  await db.insertInto('tile').values(tile).execute()
  await db.destroy()
}

test('a folder of the first version is brought up to date, and keeps what it holds', async () => {
  await firstVersion(dir)
  const { store } = await openDatabase(dir)
  const kept = await store.db.selectFrom('meta').select('value').execute()
  expect(kept).toEqual([{ value: 'https://old.example' }])
  const tiles = await store.db.selectFrom('tile').selectAll().execute()
  expect(tiles).toEqual([{ shard: 1, ...tile }])
  await applyServices({ store, registry: { refresh: async () => {} } }, [MOVING])
  const stored = await store.db.selectFrom('service').select(['code', 'state']).execute()
  expect(stored).toEqual([{ code: 'T01', state: 'published' }])
  await store.close()
})

test('a migration that fails leaves the tables as they were, and is done when the cause is gone', async () => {
  const old = mkdtempSync(join(tmpdir(), 'mianzheng-old-'))
  try {
    await firstVersion(old)
    const before = new Database(databaseFile(old))
    before.exec('CREATE TABLE shard_tile (x)')
    const schema = () => before.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all()
    const was = schema()
    await expect(openDatabase(old)).rejects.toThrow('shard_tile already exists')
    expect(schema()).toEqual(was)
    before.exec('DROP TABLE shard_tile')
    before.close()
    const { store } = await openDatabase(old)
    expect(await store.db.selectFrom('tile').select('n').execute()).toEqual([{ n: 7 }])
    await store.close()
  } finally {
    rmSync(old, { recursive: true })
  }
})
