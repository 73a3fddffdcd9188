import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openGateway } from '../src/platform/gateway.ts'
import { seedDemo } from '../src/platform/seed.ts'
import { findItems } from '../src/registry/catalogue.ts'
import type { Agency, Item } from '../src/registry/documents.ts'
import type { Registry } from '../src/registry/registry.ts'
import type { Service } from '../src/registry/service-item.ts'
import { consoleVisits, type Visit } from './console-pages.ts'
import { median, quantile } from './processes.ts'

const ITEMS = 10_000
const AGENCIES = 1000
const SERVICES = 2000
const AGREEMENTS = 3000
const ROUNDS = 60
const WARM = 10
const BYTES_MAX = 60 * 1024
const MILLIS_MAX = 50

/** A page of 50 rows must stay under 60 KB; whatever is asked, 50 ms. */
const PATHS = [
  '/',
  '/services',
  `/services?q=${encodeURIComponent('结婚证')}`,
  '/services/S04',
  '/catalog',
  `/catalog?q=${encodeURIComponent('婚姻登记')}`,
  `/catalog?q=${encodeURIComponent('证明')}&kind=verification&sort=-name`,
  '/catalog?sort=agency&page=150',
  '/catalog?agency=AGENCY',
  '/items/MAR-01',
  `/not-demandable?q=${encodeURIComponent('健在证明')}`,
  '/agencies/AGENCY',
  '/statistics',
  '/v1/catalog/items?q=MAR&limit=50',
  '/v1/catalog/services?limit=50',
]

/** How long pages take, and how large they are, in a catalogue of ten thousand items. */
export async function benchPages(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-pages-'))
  const config = readConfig({ DATA_DIR: dir, ISSUER: 'https://gateway.bench.example' })
  const gateway = await openGateway(config, { report: () => {} })
  await seedDemo(gateway.deps, dir)
  try {
    const large = grown(await gateway.deps.registry.view())
    const indexing = timed(() => findItems(large, {}))
    const sorting = timed(() => findItems(large, { sort: 'name' }))
    const registry = { ...gateway.deps.registry, view: async () => large }
    const app = createApp({ ...gateway.deps, registry }, gateway.own)
    const agency = [...large.items.values()].at(-1)?.[0]?.provider ?? ''
    const rows = []
    for (const path of PATHS)
      rows.push(await measured(app, { path: path.replace('AGENCY', agency) }))
    for (const visit of await consoleVisits(gateway.deps)) rows.push(await measured(app, visit))
    console.table(rows)
    console.log(
      `${ITEMS} items, ${AGENCIES} agencies, ${SERVICES} services, ${AGREEMENTS} agreements`,
    )
    console.log(
      `once for each registry version: index ${Math.round(indexing)} ms, order by name ${Math.round(sorting)} ms`,
    )
    const slow = rows.filter(
      ({ page, p99, KB }) =>
        p99 > MILLIS_MAX || (!page.startsWith('/v1/') && KB > BYTES_MAX / 1024),
    )
    console.log(slow.length === 0 ? 'all within 50 ms and 60 KB' : `over: ${slow.length}`)
  } finally {
    await gateway.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function timed(run: () => unknown): number {
  const started = performance.now()
  run()
  return performance.now() - started
}

async function measured(app: ReturnType<typeof createApp>, { path, cookie }: Visit) {
  const times: number[] = []
  let bytes = 0
  for (let round = 0; round < ROUNDS + WARM; round++) {
    const started = performance.now()
    const reply = await app.request(path, { headers: cookie ? { cookie } : {} })
    bytes = (await reply.arrayBuffer()).byteLength
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`)
    if (round >= WARM) times.push(performance.now() - started)
  }
  times.sort((a, b) => a - b)
  const round = (value: number) => Math.round(value * 10) / 10
  return {
    page: decodeURIComponent(path),
    median: round(median(times)),
    p99: round(quantile(times, 0.99)),
    KB: round(bytes / 1024),
  }
}

/** The demo city's documents over and over, under codes and names of their own. */
function grown(registry: Registry): Registry {
  const agencies = manyOf([...registry.agencies.values()], AGENCIES, (one: Agency, n) => ({
    ...one,
    uscc: `${one.uscc.slice(0, 12)}${String(n).padStart(6, '0')}`,
    names: numbered(one.names, n),
  }))
  const items = manyOf([...registry.items.values()].flat(), ITEMS, (one: Item, n) => ({
    ...one,
    code: `${one.code.split('-')[0]}${letters(n)}-01`,
    names: numbered(one.names, n),
    provider: agencies[n % agencies.length]?.uscc ?? one.provider,
  }))
  const services = manyOf([...registry.services.values()], SERVICES, (one: Service, n) => ({
    ...one,
    code: `${one.code}-${n}`,
    names: numbered(one.names, n),
  }))
  const agreements = manyOf([...registry.agreements.values()].flat(), AGREEMENTS, (one, n) => ({
    ...one,
    id: `${one.id}-${n}`,
  }))
  return {
    ...registry,
    agreements: Map.groupBy(agreements, ({ item }) => item),
    agencies: new Map([...registry.agencies, ...agencies.map((one) => [one.uscc, one] as const)]),
    items: new Map([...registry.items, ...items.map((one) => [one.code, [one]] as const)]),
    services: new Map([...registry.services, ...services.map((one) => [one.code, one] as const)]),
  }
}

function manyOf<Thing>(some: readonly Thing[], n: number, as: (one: Thing, n: number) => Thing) {
  return Array.from({ length: n }, (_, i) => as(some[i % some.length] as Thing, i))
}

function numbered({ zh, en }: { zh: string; en: string }, n: number) {
  return { zh: `${zh}（${n}）`, en: `${en} (${n})` }
}

/** Four letters; codes bear no digits before the hyphen. */
function letters(n: number): string {
  return [17_576, 676, 26, 1]
    .map((one) => String.fromCharCode(65 + (Math.floor(n / one) % 26)))
    .join('')
}
