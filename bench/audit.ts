import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Filters, filtersOf } from '../src/audit/filters.ts'
import { openRecord } from '../src/audit/record.ts'
import { searchLog } from '../src/audit/search.ts'
import { readConfig } from '../src/config.ts'
import type { Deps } from '../src/deps.ts'
import { leafText } from '../src/log/entry.ts'
import { openGateway } from '../src/platform/gateway.ts'
import { growLog, prepareCity } from './prepare.ts'
import { median } from './processes.ts'

const ROUNDS = 9

/** What stands in one entry of all, near the beginning. */
const RARE: Filters = { kind: 'erasure' }

const SEARCHES: readonly (readonly [string, Filters])[] = [
  ['newest 50', {}],
  ['a caller of every second entry', { caller: 'housing-bureau' }],
  ['a day', filtersOf({ from: '2000-01-01', to: '2000-01-02' })],
  ['one page of a search that finds nothing', { result: 'probing' }],
  ['… with three filters', { kind: 'refusal', result: 'probing', item: 'MAR-01' }],
]

/** How long an auditor waits in a log of so many entries, and how long the requests of callers wait for him. */
export async function benchAudit(entries: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-audit-'))
  const [city, large] = [join(dir, 'city'), join(dir, 'large')]
  const say = (line: string) => process.stderr.write(`${line}\n`)
  mkdirSync(city, { recursive: true })
  await prepareCity(city, say, { residents: 10 })
  await plant(city)
  await growLog(city, large, entries, say)
  const gateway = await openGateway(readConfig({ DATA_DIR: large, PORT: '1' }), {
    report: () => {},
  })
  try {
    const { deps } = gateway
    const rows = []
    for (const [search, filters] of SEARCHES) rows.push(await measured(search, deps, filters))
    rows.push({ search: 'one entry of all', ...(await wholeWay(deps)) })
    rows.push(await opened(deps))
    console.table(rows)
    console.log(`${(await deps.store.readHead()).size} entries; milliseconds`)
  } finally {
    await gateway.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function plant(city: string): Promise<void> {
  const gateway = await openGateway(readConfig({ DATA_DIR: city, PORT: '1' }), { report: () => {} })
  await gateway.deps.log.append({
    leaf: (time) => leafText({ kind: 'erasure', erases: [1] }, time),
  })
  await gateway.close()
}

/** Wall and processor time of one round, and the longest that nothing else was served meanwhile. */
async function timed<T>(work: () => Promise<T>, rounds = ROUNDS) {
  const [times, cpus]: [number[], number[]] = [[], []]
  const held = monitorEventLoopDelay({ resolution: 1 })
  let last: T | undefined
  held.enable()
  for (let i = 0; i < rounds; i++) {
    const [began, cpu] = [performance.now(), process.cpuUsage()]
    last = await work()
    times.push(performance.now() - began)
    const { user, system } = process.cpuUsage(cpu)
    cpus.push((user + system) / 1000)
  }
  held.disable()
  const figures = {
    ms: round(median(times)),
    cpu: round(median(cpus)),
    held: round(held.max / 1e6),
  }
  return { figures, last: last as T }
}

async function measured(search: string, deps: Deps, filters: Filters) {
  const { figures, last } = await timed(() => searchLog(deps, filters))
  return { search, ...figures, found: last.rows.length, pages: 1 }
}

/** Page after page, to the one that has it. */
async function wholeWay(deps: Deps) {
  const { figures, last } = await timed(async () => {
    for (let pages = 1, before: number | undefined; ; pages++) {
      const { rows, next } = await searchLog(deps, RARE, { before })
      if (rows.length > 0 || next === undefined) return { found: rows.length, pages }
      before = next
    }
  }, 3)
  return { ...figures, ...last }
}

async function opened(deps: Deps) {
  const { size } = await deps.store.readHead()
  let i = 0
  const { figures } = await timed(() => openRecord(deps, (i++ * 7919) % size), ROUNDS * 10)
  return { search: 'a record with its receipt', ...figures, found: 1, pages: 1 }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
