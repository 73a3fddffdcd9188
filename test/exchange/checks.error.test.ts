import { afterEach, describe, expect, test } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import { HOUSING, payloadOf } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { refuseEntries } from '../engine.ts'
import { checkWholeLog, ISSUER, openTestGateway } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'
import { RECORDED } from './recorded.ts'

afterEach(checkWholeLog)

const RETRYABLE = [429, 503, 504]

describe('a known caller is refused on record: signed, logged, provable', () => {
  test.each(RECORDED)('$code when $when', async (one) => {
    const gateway = await openTestGateway(one.options)
    const reply = await one.refuse(gateway)
    expect(reply.problem).toMatchObject({
      type: `${ISSUER}/problems/${one.code}`,
      code: one.code,
      status: one.status,
      party: one.party,
      retryable: RETRYABLE.includes(one.status),
      entry: reply.index,
    })
    expect(reply.status).toBe(one.status)
    const { signed, entry, ...said } = reply.problem ?? {}
    expect(payloadOf(String(signed))).toEqual(said)
    expect(entry).toBe(gateway.size() - 1)
    const leaf = parseLeaf(String(await gateway.deps.store.readLeaf(Number(entry))))
    expect(leaf).toMatchObject({ kind: 'refusal', check: one.code })
    expect(gateway.calls.provider).toBe(one.calls ?? 0)
    expectNoLeak(reply.text, gateway.dir)
    expectNoLeak(JSON.stringify(payloadOf(String(signed))), gateway.dir)
    expect(await gateway.verify(reply)).toMatchObject({ ok: true, entry: { check: one.code } })
  })
})

test('what cannot be recorded is not answered: 503 without a signature, and nothing was kept', async () => {
  const gateway = await openTestGateway()
  const size = gateway.size()
  await refuseEntries(gateway)
  const reply = await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  expect(reply).toMatchObject({ status: 503, index: undefined, answer: undefined })
  expect(reply.problem).toMatchObject({
    code: 'log-unavailable',
    party: 'gateway',
    retryable: true,
    retryAfterSeconds: 1,
  })
  expect(reply.headers.get('retry-after')).toBe('1')
  expect(reply.problem).not.toHaveProperty('signed')
  expectNoLeak(reply.text, gateway.dir)
  expect(gateway.size()).toBe(size)
})

describe('a refusal says when to come back', () => {
  test.each(['quota', 'rate', 'probing'])('%s', async (code) => {
    const one = RECORDED.find((known) => known.code === code)
    const gateway = await openTestGateway()
    const reply = await one?.refuse(gateway)
    const seconds = Number(reply?.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBe(reply?.problem?.retryAfterSeconds)
    // Quota and probing count by the natural day of Shanghai, where it is ten in the morning.
    if (code !== 'rate') expect(Math.round(seconds / 3600)).toBe(14)
  })

  test.each(['expired', 'not-yet'])('%s names the time of the gateway', async (code) => {
    const one = RECORDED.find((known) => known.code === code)
    const gateway = await openTestGateway()
    const reply = await one?.refuse(gateway)
    expect(reply?.problem?.gatewayTime).toBe(new Date(gateway.clock.now).toISOString())
  })
})
