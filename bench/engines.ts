import { fork } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Table from 'cli-table3'
import { startPostgres, type TestPostgres } from '../test/postgres.ts'
import type { Order, Result } from './load.ts'
import { prepareCity } from './prepare.ts'
import { cpuOfTree, median, message, quantile, type Running, start } from './processes.ts'
import { startWorkerd } from './workerd.ts'

const RESIDENTS = 40_000
const CONNECTIONS = 64
const ROUND_MILLIS = 3000
const PER_SECOND_MAX = 4000
const WARM_ROUNDS = 3
const ISSUER = 'http://localhost:1'
const NODES = [1, 2, 4]

type Flags = {
  readonly engine: string
  readonly rounds: number
  readonly dir: string
  readonly json: boolean
}

/** One engine with so many nodes, ready to be loaded. */
type Variant = {
  readonly name: string
  readonly urls: readonly string[]
  /** CPU so far, in microseconds: of the gateways, and of the database beside them. */
  cpu(): Promise<{ gateway: number; database: number }>
  stop(): Promise<void>
}

type Measured = {
  readonly perSecond: number
  /** Requests that got another status than 200: on a machine that stalls, a commit may come too late. */
  readonly failed: number
  readonly p50: number
  readonly p99: number
  readonly gateway: number
  readonly database: number
}

/**
 * The same load on every engine, side by side: each round runs all of them one after another, so that a
 * noisy machine is noisy to all. One answer is one durable commit's worth: fsync is on everywhere.
 *
 * @param engine `all`, or names with commas: sqlite, postgres, workerd
 */
export async function benchEngines({ engine, rounds, dir, json }: Flags): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const wanted = engine === 'all' ? ['sqlite', 'postgres', 'workerd'] : engine.split(',')
  mkdirSync(dir, { recursive: true })
  const city = join(dir, 'engines')
  await prepareCity(city, say, { residents: RESIDENTS })
  const load = fork(join(import.meta.dirname, 'load.ts'), [
    join(city, 'demo-keys', 'housing-bureau.jwk.json'),
    String(RESIDENTS),
  ])
  const order = async (what: Order): Promise<Result> => {
    const result = message(load) as Promise<Result>
    load.send(what)
    return result
  }
  const variants: Variant[] = []
  if (wanted.includes('sqlite')) variants.push(await sqlite(city))
  const postgres = wanted.includes('postgres') ? await openPostgres(city, say) : undefined
  if (postgres) for (const count of NODES) variants.push(await postgres.nodes(count))

  const worker = wanted.includes('workerd') ? await workerd(city) : undefined
  if (worker) variants.push(worker)

  const measured = new Map<string, Measured[]>(variants.map(({ name }) => [name, []]))
  const perRound = (ROUND_MILLIS / 1000) * PER_SECOND_MAX
  const measure = async (variant: Variant) => {
    await order({ order: 'sign', count: perRound, issuer: ISSUER })
    return loaded(variant, order)
  }
  // Each node compiles for itself: as many answers for each.
  for (const variant of variants)
    for (let round = 0; round < WARM_ROUNDS * variant.urls.length; round++) await measure(variant)
  for (let round = 1; round <= rounds; round++)
    for (const variant of variants) {
      const one = await measure(variant)
      measured.get(variant.name)?.push(one)
      say(`round ${round} of ${rounds}: ${variant.name} ${Math.round(one.perSecond)} answers/s`)
    }
  for (const variant of variants) await variant.stop()
  await postgres?.close()
  load.kill()
  rmSync(dir, { recursive: true, force: true })
  report(measured, json)
}

async function loaded(
  variant: Variant,
  order: (what: Order) => Promise<Result>,
): Promise<Measured> {
  const before = await variant.cpu()
  const { urls } = variant
  const closed = { order: 'closed', urls, connections: CONNECTIONS, millis: ROUND_MILLIS } as const
  const { answers, errors, millis, latencies } = await order(closed)
  if (answers === 0) throw new Error(`${variant.name} answers nothing`)
  const after = await variant.cpu()
  const sorted = [...latencies].sort((a, b) => a - b)
  return {
    perSecond: (answers * 1000) / millis,
    failed: errors,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    gateway: (after.gateway - before.gateway) / answers,
    database: (after.database - before.database) / answers,
  }
}

async function sqlite(folder: string): Promise<Variant> {
  const gateway = await start(folder)
  return {
    name: 'SQLite, 1 node',
    urls: [gateway.url],
    cpu: async () => ({ gateway: await gateway.ask('cpu'), database: 0 }),
    stop: () => gateway.stop(),
  }
}

/** CPU of wrangler and workerd together: the proxy in between is part of what is measured. */
async function workerd(city: string): Promise<Variant | undefined> {
  const options = { issuer: ISSUER, keysOf: city, residents: RESIDENTS }
  const worker = await startWorkerd(`${city}-workerd`, options)
  if (!worker) return undefined
  return {
    name: 'Durable Object, local workerd',
    urls: [worker.url],
    cpu: async () => ({ gateway: cpuOfTree(worker.pid), database: 0 }),
    stop: worker.stop,
  }
}

/** One server for all counts of nodes, with a database for each. */
async function openPostgres(city: string, say: (line: string) => void) {
  const server = await startPostgres({ isDurable: true })
  if (typeof server === 'string') return undefined
  const databaseOf = (count: number) => new URL(`/nodes_${count}`, addressOf(server)).href
  return {
    nodes: async (count: number): Promise<Variant> => {
      await server.run(`CREATE DATABASE nodes_${count}`)
      const folder = `${city}-postgres-${count}`
      const databaseUrl = databaseOf(count)
      await prepareCity(folder, say, { residents: RESIDENTS, databaseUrl, keysOf: city })
      const nodes: Running[] = []
      for (let i = 0; i < count; i++) nodes.push(await start(folder, databaseUrl))
      return {
        name: `PostgreSQL, ${count} node${count > 1 ? 's' : ''}`,
        urls: nodes.map(({ url }) => url),
        cpu: async () => {
          const own = await Promise.all(nodes.map((node) => node.ask('cpu')))
          const gateway = own.reduce((sum, one) => sum + one, 0)
          return { gateway, database: cpuOfTree(postmasterOf(server)) }
        },
        stop: async () => {
          for (const node of nodes) await node.stop()
        },
      }
    },
    close: () => server.remove(),
  }
}

function addressOf(server: TestPostgres): string {
  return server.url('postgres', 'of-the-test')
}

function postmasterOf({ databaseDir }: TestPostgres): number {
  return Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0])
}

function report(measured: ReadonlyMap<string, readonly Measured[]>, json: boolean): void {
  const rows = [...measured].map(([name, rounds]) => {
    const of = (member: keyof Measured) => median(rounds.map((round) => round[member]))
    return {
      name,
      answersPerSecond: of('perSecond'),
      failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
      p50Millis: of('p50'),
      p99Millis: of('p99'),
      gatewayCpuMicros: of('gateway'),
      databaseCpuMicros: of('database'),
    }
  })
  const base = rows[0]?.answersPerSecond ?? Number.NaN
  if (json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`)
    return
  }
  const head = [
    'engine',
    'answers/s',
    '÷ first',
    'failed',
    'p50 ms',
    'p99 ms',
    'CPU µs gateway',
    'database',
  ]
  const table = new Table({ head, style: { head: [] } })
  for (const row of rows)
    table.push([
      row.name,
      row.answersPerSecond.toFixed(0),
      (row.answersPerSecond / base).toFixed(2),
      row.failed,
      row.p50Millis.toFixed(0),
      row.p99Millis.toFixed(0),
      row.gatewayCpuMicros.toFixed(0),
      row.databaseCpuMicros.toFixed(0),
    ])
  process.stdout.write(`${table.toString()}\n`)
}
