import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leafText } from '../../src/log/entry.ts'
import { canonicalJson } from '../../src/log/leaf.ts'
import { type PastLog, placeOf, readShardStart, shardName, shardOf } from '../../src/log/shard.ts'

const FIRST = 'gateway.yunting.example/log'

/** Closed shards in their order, with gaps where numbers were lost, and some that hold nothing. */
const pastLogs = fc
  .array(fc.record({ size: fc.nat(1000), gap: fc.nat(50), skipped: fc.nat(3) }), { maxLength: 12 })
  .map((ends) => {
    const past: PastLog[] = []
    let [shard, base] = [1, 0]
    for (const { size, gap, skipped } of ends) {
      past.push({ origin: shardName(shard), vkey: '', checkpoint: '', shard, base, size })
      base += size + gap
      shard += 1 + skipped
    }
    return { past, end: base }
  })

describe('a number', () => {
  test('is one leaf of one shard, and no two leaves have the same', () => {
    fc.assert(
      fc.property(pastLogs, ({ past, end }) => {
        const taken = new Set<number>()
        for (const log of past)
          for (let index = 0; index < log.size; index++) {
            const number = log.base + index
            expect(placeOf(past, number)).toEqual({ log, index })
            taken.add(number)
          }
        expect(taken.size).toBe(past.reduce((sum, { size }) => sum + size, 0))
        for (let number = 0; number < end; number++)
          if (!taken.has(number)) expect(placeOf(past, number)).toBeUndefined()
        expect(placeOf(past, end)).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })
})

describe('a shard', () => {
  test('has one name, and the name one shard', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), (shard) => {
        const origin = FIRST.replace(/log$/, shardName(shard))
        expect(shardOf(origin, FIRST)).toBe(shard)
      }),
    )
  })

  test.each(['-1', '-0', '-02', '-', '-2 ', '-2\n', '2', '--2', '-1e3', '-9999999999', '/log'])(
    'is not named by %j behind the first',
    (rest) => expect(shardOf(`${FIRST}${rest}`, FIRST)).toBeUndefined(),
  )

  test("is not another gateway's", () => {
    expect(shardOf('gateway.linjiang.example/log', FIRST)).toBeUndefined()
    expect(shardOf('gateway.linjiang.example/log-2', FIRST)).toBeUndefined()
  })
})

describe('the first entry of a shard', () => {
  const own = { shard: 3, base: 700, origin: `${FIRST}-3` }
  const predecessor = { base: 610, checkpoint: 'note', origin: `${FIRST}-2`, shard: 2, vkey: 'v' }
  const start = { ...own, predecessor, reason: '按年换分片', seen: ['other'] }
  const write = (members: object) =>
    leafText({ kind: 'shard', shard: { ...start, ...members } }, '2026-11-23T02:00:00.000Z')

  test('is canonical, whatever order its members came in, and reads back', () => {
    const leaf = write({})
    expect(leaf).toBe(canonicalJson(JSON.parse(leaf)))
    expect(readShardStart(leaf, own)).toEqual(start)
  })

  test.each<[string, string]>([
    ['no JSON', 'x'],
    ['another kind', write({}).replace('"kind":"shard"', '"kind":"registry"')],
    ['another number', write({ base: 701 })],
    ['another shard', write({ shard: 4 })],
    ['another origin', write({ origin: `${FIRST}-4` })],
    ['no predecessor', write({}).replace('"predecessor"', '"precursor"')],
    ['itself as its predecessor', write({ predecessor: { ...predecessor, shard: 3 } })],
    ['a later predecessor', write({ predecessor: { ...predecessor, shard: 4 } })],
    ['a predecessor that begins after it', write({ predecessor: { ...predecessor, base: 701 } })],
    ['a negative base', write({ predecessor: { ...predecessor, base: -1 } })],
  ])('is not one with %s', (_, leaf) => expect(readShardStart(leaf, own)).toBeUndefined())
})
