import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { ProviderFailure } from '../../src/connector/connector.ts'
import { type Code, isRetryable } from '../../src/errors.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { refuseEntries } from '../engine.ts'
import { checkWholeLog, type Options, openTestGateway, type TestGateway } from '../harness.ts'
import type { Reply } from '../reply.ts'
import { RECORDED } from './recorded.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

/** Its provider answers when told to, in whatever order. */
function slowProvider(delayMillis: () => number): NonNullable<Options['provider']> {
  return async ({ ask }) => {
    await new Promise((resolve) => setTimeout(resolve, delayMillis()))
    const source = { register: 'marriage', version: '1' }
    const values = new Map(
      ask.map(({ claim }) => [claim, claim === 'status' ? 'REGISTERED' : '2005-03-20']),
    )
    return { outcome: 'ANSWERED', asOf: '2026-11-23T00:00:00.000Z', source, values }
  }
}

const status = { ...marriage, ask: [{ claim: 'status', equals: 'REGISTERED' }] }

describe('a retry is not a second request', () => {
  test('however many sends of one request at once: one provider call, one entry, the same bytes', async () => {
    const gateway = await openTestGateway({ provider: slowProvider(() => Math.random() * 5) })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.boolean(), async (sends, later) => {
        const [size, calls] = [gateway.size(), gateway.calls.provider]
        const request = gateway.request(HOUSING, status)
        const at = Array.from({ length: sends }, () => gateway.send(request))
        const replies = await Promise.all(at)
        if (later) replies.push(await gateway.send(request))
        expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
        expect(replies.every((reply) => reply.status === 200 && reply.index === size)).toBe(true)
        expect(gateway.calls.provider).toBe(calls + 1)
        expect(gateway.size()).toBe(size + 1)
      }),
      { numRuns: 15 },
    )
  })

  test('two requests under one jti at once: one is answered, the other is jti-reuse, both on record', async () => {
    const gateway = await openTestGateway({ provider: slowProvider(() => 5) })
    const jti = '6f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b'
    const requests = ['ZB-2026-0311', 'ZB-2026-0312'].map((one) =>
      gateway.request(HOUSING, { ...status, jti, case: one }),
    )
    const sent = [0, 1, 0, 1, 1].map((i) => gateway.send(requests[i] as string))
    const replies = await Promise.all(sent)
    // Which of them is first is the scheduler's choice; that all sends of one agree is not.
    const [first, second] = replies.map((reply) => reply.status)
    expect([first, second].sort()).toEqual([200, 409])
    expect(replies.map((reply) => reply.status)).toEqual([first, second, first, second, second])
    expect(gateway.calls.provider).toBe(1)
  })

  test('two systems may choose the same jti', async () => {
    const gateway = await openTestGateway()
    const jti = '6f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b'
    const one = await gateway.ask(HOUSING, { ...marriage, jti })
    const other = await gateway.ask('service-centre', {
      ...claimsOf('ent-licence-of-a-caterer'),
      jti,
    })
    expect([one.status, other.status]).toEqual([200, 200])
  })

  test('a restart forgets nothing', async () => {
    const before = await openTestGateway()
    const request = before.request(HOUSING, marriage)
    const refused = await before.ask(HOUSING, { ...marriage, remark: '急' })
    const answered = await before.send(request)
    await before.close()
    const after = await openTestGateway({ dir: before.dir })
    expect(await after.send(request)).toMatchObject({ text: answered.text, index: answered.index })
    expect(await after.send(refused.request)).toMatchObject({ text: refused.text })
    expect(after.calls.provider).toBe(0)
  })
})

/** Judged again each time: it belongs to another record, or the fault is ours. */
const NOT_KEPT: readonly Code[] = ['jti-reuse', 'answer-archived', 'answer-erased', 'internal']

describe('a final refusal is repeated byte for byte, adds no entry, asks nobody', () => {
  const final = RECORDED.filter(
    ({ code, when }) =>
      !isRetryable(code) && !NOT_KEPT.includes(code) && !when.startsWith('there is no jti'),
  )

  test.each(final)('$code when $when', async (one) => {
    const gateway = await openTestGateway(one.options)
    const first = await one.refuse(gateway)
    const [size, calls] = [gateway.size(), gateway.calls.provider]
    const again = await Promise.all([1, 2, 3].map(() => gateway.send(first.request)))
    for (const reply of again)
      expect(reply).toMatchObject({ status: one.status, text: first.text, index: first.index })
    expect(gateway.size()).toBe(size)
    expect(gateway.calls.provider).toBe(calls)
  })

  test.each(['tomorrow', null, -1, 1_700_000_000, 1e300])('even where exp was %s', async (exp) => {
    const gateway = await openTestGateway()
    const first = await gateway.ask(HOUSING, { ...marriage, exp })
    expect(first.index).toBeDefined()
    expect(await gateway.send(first.request)).toMatchObject({ text: first.text })
  })
})

describe('a retryable refusal leaves the jti usable', () => {
  type Healing = {
    code: Code
    options?: Options
    hurt(it: TestGateway): unknown
    heal(it: TestGateway): unknown
  }
  let failure: ProviderFailure | undefined
  let accept = async (): Promise<void> => {}
  const flaky: Options = {
    provider: async (question) => {
      if (failure) throw failure
      return slowProvider(() => 0)(question)
    },
  }
  const healings: readonly Healing[] = [
    {
      code: 'quota',
      hurt: (it) => it.amend('agreement', 'housing-mar', { dailyQuota: 0 }),
      heal: (it) => it.amend('agreement', 'housing-mar', { dailyQuota: 1 }),
    },
    {
      code: 'rate',
      hurt: async (it) => {
        await it.amend('system', HOUSING, { rate: { perSecond: 1, burst: 1 } })
        await it.ask(HOUSING, status)
      },
      heal: (it) => it.wait(1),
    },
    {
      code: 'provider-down',
      options: flaky,
      hurt: () => {
        failure = new ProviderFailure('down', 'gone')
      },
      heal: () => {
        failure = undefined
      },
    },
    {
      code: 'provider-timeout',
      options: flaky,
      hurt: () => {
        failure = new ProviderFailure('timeout', 'late')
      },
      heal: () => {
        failure = undefined
      },
    },
    {
      code: 'log-unavailable',
      hurt: async (it) => {
        accept = await refuseEntries(it)
      },
      heal: () => accept(),
    },
  ]

  test.each(healings)('$code', async ({ options, code, hurt, heal }) => {
    const gateway = await openTestGateway(options)
    await hurt(gateway)
    const request = gateway.request(HOUSING, status)
    const refused: Reply[] = []
    for (let i = 0; i < 2; i++) refused.push(await gateway.send(request))
    expect(refused.map(({ problem }) => problem?.code)).toEqual([code, code])
    expect(refused.map(({ problem }) => problem?.retryable)).toEqual([true, true])
    await heal(gateway)
    const answered = await gateway.send(request)
    expect(answered.status).toBe(200)
    expect(await gateway.send(request)).toMatchObject({ text: answered.text })
  })

  test('probing: the same request is answered when the day of Shanghai is over', async () => {
    const midnight = Date.parse('2026-11-23T16:00:00.000Z')
    const gateway = await openTestGateway({ nowMillis: midnight - 60_000 })
    const guess = (date: string) => ({ ...marriage, ask: [{ claim: 'regDate', equals: date }] })
    for (let day = 10; day < 20; day++) await gateway.ask(HOUSING, guess(`2005-04-${day}`))
    const request = gateway.request(HOUSING, guess('2005-04-20'))
    const refused = await gateway.send(request)
    expect(refused.problem).toMatchObject({ code: 'probing', retryAfterSeconds: 60 })
    gateway.wait(60)
    expect((await gateway.send(request)).status).toBe(200)
  })
})
