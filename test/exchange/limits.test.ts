import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { ProviderFailure } from '../../src/connector/connector.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, type Options, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const AGREEMENT = 'housing-mar'
const PROBES = 10

/** Answers after so many milliseconds, or not at all where `isDown` says so for that call. */
function provider(delays: readonly number[], isDown: readonly boolean[] = []): Options['provider'] {
  let call = 0
  return async ({ ask }) => {
    const at = call++
    await new Promise((resolve) => setTimeout(resolve, delays[at % delays.length] ?? 0))
    if (isDown[at % isDown.length]) throw new ProviderFailure('down', 'gone')
    const values = new Map(ask.map(({ claim }) => [claim, '2005-03-20']))
    const source = { register: 'marriage', version: '1' }
    return { outcome: 'ANSWERED', asOf: '2026-11-23T00:00:00.000Z', source, values }
  }
}

function guess(date: number) {
  return {
    ...marriage,
    ask: [{ claim: 'regDate', equals: `2005-03-${String(date).padStart(2, '0')}` }],
  }
}

async function codesOf(gateway: TestGateway, sends: readonly number[]) {
  const replies = await Promise.all(sends.map((date) => gateway.ask(HOUSING, guess(date))))
  return replies.map(({ problem }) => problem?.code ?? 'answered')
}

const times = (code: string, codes: readonly string[]) => codes.filter((one) => one === code).length

describe('the daily quota', () => {
  const delays = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 })

  test('however many ask at once, exactly so many are answered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(12),
        fc.integer({ min: 1, max: 25 }),
        delays,
        async (quota, sends, slow) => {
          const gateway = await openTestGateway({ provider: provider(slow) as never })
          await gateway.amend('agreement', AGREEMENT, { dailyQuota: quota })
          const codes = await codesOf(gateway, Array(sends).fill(1))
          expect(times('answered', codes)).toBe(Math.min(quota, sends))
          expect(times('quota', codes)).toBe(Math.max(0, sends - quota))
          await gateway.close()
        },
      ),
      { numRuns: 12 },
    )
  })

  test('what the provider failed to answer is given back, and nothing else', async () => {
    const downs = fc
      .array(fc.boolean(), { minLength: 1, maxLength: 6 })
      .filter((all) => all.includes(false))
    await fc.assert(
      fc.asyncProperty(fc.nat(8), delays, downs, async (quota, slow, down) => {
        const gateway = await openTestGateway({ provider: provider(slow, down) as never })
        await gateway.amend('agreement', AGREEMENT, { dailyQuota: quota })
        let answered = 0
        for (let round = 0; round < 20 && answered < quota; round++)
          answered += times('answered', await codesOf(gateway, Array(6).fill(1)))
        expect(answered).toBe(quota)
        expect(await codesOf(gateway, [1, 1, 1])).toEqual(['quota', 'quota', 'quota'])
        await gateway.close()
      }),
      { numRuns: 8 },
    )
  })

  test('a restart remembers what was used', async () => {
    const before = await openTestGateway()
    await before.amend('agreement', AGREEMENT, { dailyQuota: 3 })
    await codesOf(before, [1, 1])
    await before.close()
    const after = await openTestGateway({ dir: before.dir })
    expect((await codesOf(after, [1, 1, 1])).sort()).toEqual(['answered', 'quota', 'quota'])
  })

  test('the day turns at midnight in Shanghai, not in London', async () => {
    const gateway = await openTestGateway({
      nowMillis: Date.parse('2026-11-23T15:59:59.000Z') - 1000,
    })
    await gateway.amend('agreement', AGREEMENT, { dailyQuota: 1 })
    expect(await codesOf(gateway, [1, 1])).toContain('quota')
    const last = await gateway.ask(HOUSING, guess(1))
    expect(last.problem?.retryAfterSeconds).toBe(1)
    gateway.wait(1)
    const first = await gateway.ask(HOUSING, guess(1))
    expect(first.status).toBe(200)
    expect(first.headers.get('ratelimit')).toBe('"day";r=0;t=86400')
    expect(first.headers.get('ratelimit-policy')).toBe('"day";q=1;w=86400')
  })

  test('the RateLimit header counts down, and a retry does not', async () => {
    const gateway = await openTestGateway()
    await gateway.amend('agreement', AGREEMENT, { dailyQuota: 3 })
    const left = async (request: string) => (await gateway.send(request)).headers.get('ratelimit')
    const requests = [1, 1, 1].map((date) => gateway.request(HOUSING, guess(date)))
    const seen = []
    for (const request of requests) seen.push(await left(request))
    expect(seen.map((text) => text?.split(';')[1])).toEqual(['r=2', 'r=1', 'r=0'])
    expect(await left(String(requests[0]))).toBeNull()
  })
})

describe('probing', () => {
  test('in whatever order the answers come, no guess is lost from the count', async () => {
    const order = fc.shuffledSubarray(
      Array.from({ length: 14 }, (_, i) => i + 1),
      { minLength: 11 },
    )
    const delays = fc.array(fc.nat(8), { minLength: 1, maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(
        order,
        delays,
        fc.integer({ min: 1, max: 14 }),
        async (dates, slow, split) => {
          const gateway = await openTestGateway({ provider: provider(slow) as never })
          const codes = await codesOf(gateway, dates.slice(0, split))
          codes.push(...(await codesOf(gateway, dates.slice(split))))
          expect(times('answered', codes)).toBe(PROBES)
          expect(times('probing', codes)).toBe(dates.length - PROBES)
          await gateway.close()
          const after = await openTestGateway({
            dir: gateway.dir,
            provider: provider([0]) as never,
          })
          expect(await codesOf(after, [20])).toEqual(['probing'])
          const tried = dates[codes.indexOf('answered')] as number
          expect(await codesOf(after, [tried])).toEqual(['answered'])
          await after.close()
        },
      ),
      { numRuns: 8 },
    )
  }, 60_000)

  test('each value is one guess, however often it is asked; a bound is three', async () => {
    const gateway = await openTestGateway()
    const dates = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => `2005-03-${from + i}`)
    const ask = async (one: Record<string, unknown>) =>
      (await gateway.ask(HOUSING, { ...marriage, ask: [{ claim: 'regDate', ...one }] })).problem
        ?.code
    for (const date of dates(10, 5)) expect(await ask({ equals: date })).toBeUndefined()
    expect(await ask({ equals: '2005-03-10' })).toBeUndefined()
    expect(await ask({ atLeast: '2005-03-10' })).toBeUndefined()
    expect(await ask({ atMost: '2005-03-10' })).toBe('probing')
    for (const date of dates(20, 2)) expect(await ask({ equals: date })).toBeUndefined()
    expect(await ask({ equals: '2005-03-22' })).toBe('probing')
  })

  test('another person, another claim, another day are counted apart', async () => {
    const gateway = await openTestGateway()
    await codesOf(gateway, [10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    expect(await codesOf(gateway, [20])).toEqual(['probing'])
    const other = { ...guess(20), subject: { idNo: '99010419780629002X', name: '夏姝' } }
    expect((await gateway.ask(HOUSING, other)).status).toBe(200)
    const claim = { ...marriage, ask: [{ claim: 'status', equals: 'REGISTERED' }] }
    expect((await gateway.ask(HOUSING, claim)).status).toBe(200)
    gateway.wait(86_400)
    expect(await codesOf(gateway, [20])).toEqual(['answered'])
  })

  test('another spelling of the same person does not start a new count', async () => {
    const gateway = await openTestGateway()
    const asked = (idNo: string, date: number) =>
      gateway.ask(HOUSING, { ...guess(date), subject: { idNo, name: '夏姝' } })
    for (let date = 10; date < 20; date++) await asked('99010419780629002X', date)
    const again = await asked('99010419780629002x', 20)
    expect(again.problem?.code).toMatch(/^(probing|subject)$/)
  })
})

describe('a flood', () => {
  test('of refusals becomes rate, and those of one second share one entry that says how many', async () => {
    const gateway = await openTestGateway()
    await gateway.amend('system', HOUSING, { rate: { perSecond: 1, burst: 5 } })
    const size = gateway.size()
    const wrong = { ...marriage, item: 'NIL-99' }
    const sent = Array.from({ length: 40 }, () => gateway.ask(HOUSING, wrong))
    const replies = await Promise.all(sent)
    const codes = replies.map(({ problem }) => problem?.code ?? '')
    expect(times('unknown-item', codes)).toBe(5)
    expect(times('rate', codes)).toBe(35)
    expect(gateway.size()).toBe(size + 6)
    const leaf = parseLeaf(String(await gateway.deps.store.readLeaf(size + 5)))
    expect(leaf).toMatchObject({ check: 'rate', count: 35 })
  })

  test('of one system does not slow another down', async () => {
    const gateway = await openTestGateway()
    await gateway.amend('system', HOUSING, { rate: { perSecond: 1, burst: 1 } })
    const flood = Array.from({ length: 10 }, () => gateway.ask(HOUSING, marriage))
    const other = await gateway.ask('service-centre', claimsOf('ent-licence-of-a-caterer'))
    expect(other.status).toBe(200)
    await Promise.all(flood)
  })
})
