import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { type Filters, matches } from '../../src/audit/filters.ts'
import { type LogPage, searchLog } from '../../src/audit/search.ts'
import { type LeafFields, leafText, parseLeaf } from '../../src/log/entry.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway, type TestGateway } from '../harness.ts'
import { inNewShard } from '../shards.ts'
import { filters, leafFields } from './leaves.ts'

afterEach(checkWholeLog)

async function append({ deps }: TestGateway, all: readonly LeafFields[]): Promise<void> {
  await Promise.all(
    all.map((fields) => deps.log.append({ leaf: (time) => leafText(fields, time) })),
  )
}

/** A shared database's clock goes on with the next question (test/harness.ts). */
async function later(gateway: TestGateway, seconds: number): Promise<void> {
  gateway.wait(seconds)
  await gateway.get('/healthz')
}

const numbers = ({ rows }: LogPage) => rows.map(({ number }) => number)

/** All pages of a search, one after the other. */
async function allPages(
  { deps }: TestGateway,
  given: Filters,
  bounds: { page?: number; most?: number } = {},
): Promise<{ found: number[]; pages: LogPage[] }> {
  const pages: LogPage[] = []
  for (let before: number | undefined; ; ) {
    const page = await searchLog(deps, given, { ...bounds, before })
    pages.push(page)
    if (page.next === undefined) return { found: pages.flatMap(numbers), pages }
    before = page.next
  }
}

describe('the log', () => {
  test('is listed newest first, a page at a time, and each record once', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
    await gateway.ask(HOUSING, claimsOf('refused-purpose'))
    const size = gateway.size()
    const first = await searchLog(gateway.deps, {}, { page: 2 })
    expect(numbers(first)).toEqual([size - 1, size - 2])
    expect(first.rows.map(({ leaf }) => leaf.check ?? leaf.outcome)).toEqual([
      'purpose',
      'ANSWERED',
    ])
    expect(first).toMatchObject({ next: size - 2, left: size - 2, size })
    const { found } = await allPages(gateway, {}, { page: 7 })
    expect(found).toEqual(Array.from({ length: size }, (_, i) => size - 1 - i))
  })

  test('goes on from where a page ended, though entries were added meanwhile', async () => {
    const gateway = await openTestGateway()
    const { next } = await searchLog(gateway.deps, {}, { page: 3 })
    await append(gateway, [{ kind: 'registry' }, { kind: 'registry' }])
    const second = await searchLog(gateway.deps, {}, { page: 1, before: next })
    expect(numbers(second)).toEqual([(next as number) - 1])
  })

  test('property: a search finds what looking at every entry finds, whatever the size of its pages', async () => {
    const gateway = await openTestGateway()
    const all = fc.sample(leafFields, { numRuns: 400, seed: 5 })
    await append(gateway, all)
    const rows = await gateway.deps.store.db.selectFrom('entry').selectAll().execute()
    const cases = fc.record({
      given: filters,
      page: fc.integer({ min: 1, max: 60 }),
      most: fc.integer({ min: 10, max: 500 }),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ given, ...bounds }) => {
        const wanted = rows
          .filter(({ leaf }) => matches(parseLeaf(leaf), given as Filters))
          .map(({ idx }) => idx)
          .sort((one, other) => other - one)
        const { found, pages } = await allPages(gateway, given as Filters, bounds)
        expect(found).toEqual(wanted)
        for (const { from, to, rows } of pages) {
          expect(to - from).toBeLessThanOrEqual(bounds.most)
          expect(rows.length).toBeLessThanOrEqual(bounds.page)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('what is rare is looked for in bounds, and the page says how far it came', async () => {
    const gateway = await openTestGateway()
    await append(gateway, [{ kind: 'erasure', erases: [1] }])
    const rare = gateway.size() - 1
    for (let round = 0; round < 2; round++)
      await append(gateway, Array<LeafFields>(2500).fill({ kind: 'registry' }))
    const first = await searchLog(gateway.deps, { kind: 'erasure' }, { most: 4500 })
    expect(first).toMatchObject({ rows: [], to: gateway.size(), next: gateway.size() - 4500 })
    const { found } = await allPages(gateway, { kind: 'erasure' }, { most: 4500 })
    expect(found).toEqual([rare])
  })

  test('is narrowed to a period and to a range of numbers without reading the rest', async () => {
    const gateway = await openTestGateway()
    const before = gateway.size()
    await later(gateway, 3600)
    await append(gateway, Array<LeafFields>(5).fill({ kind: 'act' }))
    await later(gateway, 3600)
    await append(gateway, Array<LeafFields>(5).fill({ kind: 'shard' }))
    const hour = { from: NOW + 3_600_000, until: NOW + 7_200_000 }
    const within = await searchLog(gateway.deps, hour)
    expect(within.rows.map(({ leaf }) => leaf.kind)).toEqual(Array(5).fill('act'))
    expect(within).toMatchObject({ from: before, to: before + 5, next: undefined })
    const range = { first: before + 4, last: before + 6 }
    expect(numbers(await searchLog(gateway.deps, range))).toEqual([
      before + 6,
      before + 5,
      before + 4,
    ])
    expect(await searchLog(gateway.deps, { ...hour, ...range })).toMatchObject({
      from: before + 4,
      to: before + 5,
      left: 0,
    })
    expect(await searchLog(gateway.deps, { from: NOW + 8_000_000 })).toMatchObject({
      rows: [],
      left: 0,
    })
    expect(await searchLog(gateway.deps, { until: 1 })).toMatchObject({ rows: [], left: 0 })
    expect(await searchLog(gateway.deps, { first: 10 ** 9 })).toMatchObject({ rows: [], left: 0 })
  })

  test('runs through all shards', async () => {
    const first = await openTestGateway()
    await append(first, [{ kind: 'erasure', erases: [1] }])
    const old = first.size() - 1
    const gateway = await inNewShard(first)
    await append(gateway, [{ kind: 'erasure', erases: [2] }])
    const { rows, size } = await searchLog(gateway.deps, { kind: 'erasure' })
    expect(rows.map(({ number }) => number)).toEqual([size - 1, old])
    const { rows: starts } = await searchLog(gateway.deps, { kind: 'shard' })
    expect(starts.map(({ number }) => number)).toEqual([old + 1])
  })
})
