import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll } from 'vitest'
import { placeOf, readPlace } from '../../src/platform/place.ts'
import { COPIED } from '../../src/storage/copy.ts'
import type { Tables } from '../../src/storage/tables.ts'
import { NOW } from '../harness.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { databaseUrl, run } from '../postgres-city.ts'

/** A PostgreSQL for this file, that hands out empty databases; undefined, said aloud, where none can run. */
export function ownPostgres() {
  let postgres: TestPostgres | undefined
  beforeAll(async () => {
    const started = await startPostgres()
    if (typeof started !== 'string') postgres = started
  })
  afterAll(() => postgres?.remove())
  return async (skip: (why: string) => never): Promise<string> => {
    if (!postgres) return skip('no PostgreSQL can run here')
    const admin = postgres.url('postgres', 'of-the-test')
    const name = `moved_${crypto.randomUUID().replaceAll('-', '')}`
    await run(admin, `CREATE DATABASE ${name}`)
    const url = databaseUrl(admin, name)
    await run(
      url,
      `CREATE TABLE test_clock (now bigint, timeline text); INSERT INTO test_clock VALUES (${NOW}, '1')`,
    )
    return url
  }
}

export function copyKeys(from: string, to: string): void {
  for (const name of ['keys', 'demo-keys'])
    cpSync(join(from, name), join(to, name), { recursive: true })
}

/** Every row of every table as text, marks and the head's checkpoint left out. */
export async function rowsOf(place: string): Promise<Record<string, string[]>> {
  const store = await readPlace(placeOf(place))
  try {
    const tables: Record<string, string[]> = {}
    for (const { table, key, columns } of COPIED)
      tables[table] = await textsOf(store.db, table, [...key, ...columns])
    tables.head = []
    tables.meta = (tables.meta ?? []).filter((row) => !/moved-to|unfinished/.test(row))
    return tables
  } finally {
    await store.close()
  }
}

async function textsOf(db: Kysely<Tables>, table: string, columns: readonly string[]) {
  const isBytes = (name: string) =>
    /^(hash|hashes|root|sealed|data_key|public_key)$/.test(name) ||
    (table === 'proof' && name === 'key')
  const cells = columns.map((name) =>
    isBytes(name) ? sql.ref(name) : sql`CAST(${sql.ref(name)} AS TEXT) AS ${sql.ref(name)}`,
  )
  const all = sql<Record<string, unknown>>`SELECT ${sql.join(cells)} FROM ${sql.table(table)}`
  const rows = (await all.execute(db)).rows.map((row) =>
    JSON.stringify(
      columns.map((name) => {
        const value = row[name]
        if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
        // A float's text is the engine's own.
        return name === 'tokens' ? Number(value) : value
      }),
    ),
  )
  return rows.sort()
}
