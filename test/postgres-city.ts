import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { readConfig } from '../src/config.ts'
import { openGateway } from '../src/platform/gateway.ts'
import { seedDemo } from '../src/platform/seed.ts'
import { startPostgres } from './postgres.ts'

/** One server for all files of the run, and a seeded database that each gateway gets a copy of. */
export type PostgresCity = { readonly url: string; readonly dir: string; readonly database: string }

declare module 'vitest' {
  export interface ProvidedContext {
    postgresCity: PostgresCity | undefined
  }
}

const ISSUER = 'https://gateway.yunting.example'
const NOW = Date.parse('2026-11-23T02:00:00.000Z')
const SEEDED = 'seeded'
/** The server's clock is one that tests move with their own. */
export const TEST_SHARED = {
  clock: '(SELECT now FROM test_clock)',
  timeline: '(SELECT timeline FROM test_clock)',
  patienceMillis: 1500,
}

/** Vitest's global set-up. Where no PostgreSQL can run, every test of the project is skipped, loudly. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres()
  if (typeof postgres === 'string') {
    project.provide('postgresCity', undefined)
    return async () => {}
  }
  const admin = postgres.url('postgres', 'of-the-test')
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-seed-pg-'))
  await postgres.run(`CREATE DATABASE ${SEEDED}`)
  const url = databaseUrl(admin, SEEDED)
  await run(
    url,
    `CREATE TABLE test_clock (now bigint, timeline text); INSERT INTO test_clock VALUES (${NOW}, '1')`,
  )
  const gateway = await openGateway(readConfig({ DATA_DIR: dir, DATABASE_URL: url, ISSUER }), {
    clock: () => NOW,
    shared: TEST_SHARED,
    report: () => {},
  })
  await seedDemo(gateway.deps, dir)
  await gateway.close()
  project.provide('postgresCity', { url: admin, dir, database: SEEDED })
  return async () => {
    await postgres.remove()
    rmSync(dir, { recursive: true, force: true })
  }
}

export function databaseUrl(admin: string, name: string): string {
  const url = new URL(admin)
  url.pathname = `/${name}`
  return url.href
}

export async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Copies the seeded city: its database, and its folder of keys into `dir`. @returns the copy's address. */
export async function copyCity(city: PostgresCity, dir: string): Promise<string> {
  cpSync(city.dir, dir, { recursive: true })
  const name = `city_${crypto.randomUUID().replaceAll('-', '')}`
  await run(city.url, `CREATE DATABASE ${name} TEMPLATE ${city.database}`)
  return databaseUrl(city.url, name)
}

export async function dropCity(city: PostgresCity, url: string): Promise<void> {
  await run(city.url, `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`)
}
