import { fork } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { askForTrust } from '../src/cli/trust-file.ts'
import { verifyEvidence } from '../src/log/verify.ts'
import { nodeSha256 } from '../src/platform/crypto.ts'
import { Connection, postBytes } from './client.ts'
import { prepareHttp, prepareSql } from './connectors.ts'
import type { Order, Result } from './load.ts'
import { growLog, isPrepared, prepareCity } from './prepare.ts'
import { median, message, quantile, type Running, start, watchStalls } from './processes.ts'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    entries: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    dir: { type: 'string', default: join(tmpdir(), 'mianzheng-bench') },
    keep: { type: 'boolean', default: false },
    engine: { type: 'string' },
    pages: { type: 'boolean', default: false },
    audit: { type: 'boolean', default: false },
  },
})
if (flags.pages) {
  const { benchPages } = await import('./pages.ts')
  await benchPages()
  process.exit(0)
}
if (flags.audit) {
  const { benchAudit } = await import('./audit.ts')
  await benchAudit(Number(flags.entries))
  process.exit(0)
}
if (flags.engine !== undefined) {
  const { benchEngines } = await import('./engines.ts')
  await benchEngines({ ...flags, engine: flags.engine, rounds: Number(flags.rounds) })
  process.exit(0)
}
const say = (line: string) => process.stderr.write(`${line}\n`)
const ENTRIES = Number(flags.entries)
const ROUNDS = Number(flags.rounds)
const ROUND_MILLIS = 2000
/** A gateway runs for months: before that its code is still being compiled. */
const WARM_MILLIS = 6000
const OPEN_MILLIS = 10_000
const OPEN_PER_SECOND = 1000
const CONNECTIONS = 64
const RECEIPTS = 1000
const PER_SECOND_MAX = 6000

mkdirSync(flags.dir, { recursive: true })
const [city, small, large] = ['city', 'small', 'large'].map((name) => join(flags.dir, name)) as [
  string,
  string,
  string,
]
if (!isPrepared(city)) await prepareCity(city, say)
await growLog(city, small, 1000, say)
const appendsPerSecond = await growLog(city, large, ENTRIES, say)

// Its first start after it was installed compiles; every one after that finds what was compiled.
await (await start(small)).stop()
const started = performance.now()
const big = await start(large)
const startMillis = performance.now() - started
const little = await start(small)
const load = fork(join(import.meta.dirname, 'load.ts'), [
  join(city, 'demo-keys', 'housing-bureau.jwk.json'),
])
const issuer = 'http://localhost:1'
const perRound = (ROUND_MILLIS / 1000) * PER_SECOND_MAX
await warm(big)
await warm(little)

const rounds: Round[] = []
const littleRounds: Round[] = []
for (let round = 0; round < ROUNDS; round++) {
  rounds.push(await measured(big))
  littleRounds.push(await measured(little))
  say(`round ${round + 1} of ${ROUNDS}: ${Math.round(rounds.at(-1)?.perSecond ?? 0)} answers/s`)
}
await order({
  order: 'sign',
  count: (OPEN_PER_SECOND * OPEN_MILLIS) / 1000 + RECEIPTS + 100,
  issuer,
})
const machine = watchStalls()
const openLoop = await order({
  order: 'open',
  url: big.url,
  perSecond: OPEN_PER_SECOND,
  millis: OPEN_MILLIS,
})
const machineStallMillis = machine.stop()
const residentMiB = await big.ask('rss')
const verifiesPerSecond = await verifyReceipts()
await Promise.all([big.stop(), little.stop()])
const sql = await measuredSql()
const http = await measuredHttp()
load.kill()
if (!flags.keep) rmSync(flags.dir, { recursive: true, force: true })

const sorted = [...openLoop.latencies].sort((a, b) => a - b)
const report = {
  cryptoFloorMicros: median(rounds.map((round) => round.floor)),
  answersPerSecond: median(rounds.map((round) => round.perSecond)),
  cpuMicrosPerAnswer: median(rounds.map((round) => round.cpu)),
  mainMicrosPerAnswer: median(rounds.map((round) => round.main)),
  ratio: median(rounds.map((round) => round.cpu / round.floor)),
  floorAloneMicros: median(rounds.map((round) => round.floorAlone)),
  ratioAlone: median(rounds.map((round) => round.cpu / round.floorAlone)),
  p50Millis: quantile(sorted, 0.5),
  p99Millis: quantile(sorted, 0.99),
  machineStallMillis,
  residentMiB,
  appendsPerSecond,
  verifiesPerSecond,
  startMillis,
  costAt1e3: median(littleRounds.map((round) => round.cpu)),
  costAt1e6: median(rounds.map((round) => round.cpu)),
  sqlAnswersPerSecond: median(sql.map((round) => round.perSecond)),
  sqlCpuMicros: median(sql.map((round) => round.cpu)),
  sqlRatio: median(sql.map((round) => round.cpu / round.floor)),
  httpAnswersPerSecond: median(http.map((round) => round.perSecond)),
  httpCpuMicros: median(http.map((round) => round.cpu)),
  // Forwarded: two signatures verified and two made.
  forwardedRatio: median(http.map((round) => round.cpu / (2 * round.floor))),
}
if (flags.json) process.stdout.write(`${JSON.stringify(report)}\n`)
else print()

type Round = { perSecond: number; cpu: number; main: number; floor: number; floorAlone: number }

async function order(what: Order): Promise<Result> {
  const result = message(load) as Promise<Result>
  load.send(what)
  return result
}

async function warm(gateway: Running, millis = WARM_MILLIS): Promise<void> {
  await order({ order: 'sign', count: (millis / ROUND_MILLIS) * perRound, issuer })
  await closed(gateway, millis)
}

async function closed(gateway: Running, millis: number): Promise<Result> {
  const result = await order({
    order: 'closed',
    urls: [gateway.url],
    connections: CONNECTIONS,
    millis,
  })
  if (result.errors > 0) throw new Error(`${result.errors} requests were not answered`)
  return result
}

/**
 * One round of load, then the floor in the same process, twice: while the load's process signs for the
 * next round, so that both cores are as busy as under load, and alone. A core whose neighbour is busy
 * does less for the same CPU time, and `ratio` is to compare like with like.
 */
async function measured(gateway: Running): Promise<Round> {
  await order({ order: 'sign', count: perRound, issuer })
  const [before, mainBefore] = [await gateway.ask('cpu'), await gateway.ask('main')]
  const { answers, millis } = await closed(gateway, ROUND_MILLIS)
  const cpu = ((await gateway.ask('cpu')) - before) / answers
  const main = ((await gateway.ask('main')) - mainBefore) / answers
  const signing = order({ order: 'sign', count: 2 * perRound, issuer })
  const floor = await gateway.ask('floor')
  await signing
  const floorAlone = await gateway.ask('floor')
  return { perSecond: (answers * 1000) / millis, cpu, main, floor, floorAlone }
}

/** The same question asked of the provider's own database: an intent and an answer, two entries. */
async function measuredSql(): Promise<Round[]> {
  const folder = join(flags.dir, 'sql')
  await prepareSql(folder)
  const gateway = await start(folder)
  return roundsOf(gateway, 'sql')
}

/** The same question forwarded to the provider's endpoint, on the kit in a third process. */
async function measuredHttp(): Promise<Round[]> {
  const provider = fork(join(import.meta.dirname, 'provider.ts'))
  const { port } = (await message(provider)) as { port: number }
  const folder = join(flags.dir, 'http')
  await prepareHttp(folder, `http://127.0.0.1:${port}/`)
  const gateway = await start(folder)
  const ready = message(provider)
  provider.send({ key: join(flags.dir, 'provider.jwk.json'), gateway: gateway.url })
  await ready
  const own = await roundsOf(gateway, 'http')
  provider.kill()
  return own
}

async function roundsOf(gateway: Running, name: string): Promise<Round[]> {
  // A third as many answers a second take three times as long until they are compiled.
  await warm(gateway, 3 * WARM_MILLIS)
  const own: Round[] = []
  for (let round = 0; round < 2 * ROUNDS - 1; round++) {
    own.push(await measured(gateway))
    say(`${name}: ${Math.round(own.at(-1)?.perSecond ?? 0)} answers/s`)
  }
  await gateway.stop()
  return own
}

async function verifyReceipts(): Promise<number> {
  const trust = await askForTrust(big.url)
  const bundles: unknown[] = []
  const connection = await Connection.open(big.url)
  for (const jws of (await take(RECEIPTS)).requests) {
    const { body } = await connection.send(postBytes(big.url, jws, 'application/json'))
    bundles.push(JSON.parse(body))
  }
  connection.close()
  const from = performance.now()
  for (const bundle of bundles) {
    const verdict = await verifyEvidence(bundle, trust, nodeSha256)
    if (!verdict.ok) throw new Error(`a receipt does not verify: ${JSON.stringify(verdict.checks)}`)
  }
  return (bundles.length * 1000) / (performance.now() - from)
}

async function take(count: number): Promise<{ requests: string[] }> {
  const result = message(load) as Promise<{ requests: string[] }>
  load.send({ order: 'take', count })
  return result
}

function print(): void {
  const table = new Table({ head: ['measured', 'value', 'wanted'], style: { head: [] } })
  const wanted: Partial<Record<keyof typeof report, string>> = {
    answersPerSecond: '≥ 3000',
    ratio: '≤ 2.8',
    p99Millis: '≤ 25',
    residentMiB: '≤ 256',
    startMillis: '≤ 1500',
    costAt1e6: '≤ 1.2 × costAt1e3',
    forwardedRatio: '≤ 2.8',
  }
  for (const [name, value] of Object.entries(report))
    table.push([
      name,
      value.toFixed(value < 100 ? 2 : 0),
      wanted[name as keyof typeof report] ?? '',
    ])
  process.stdout.write(`${table.toString()}\n`)
}
