import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { inFlight } from '../../src/connector/in-flight.ts'
import { HOUSING, SUBDISTRICT } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { startProvider } from '../provider.ts'

afterEach(checkWholeLog)

test('one caller that waits for a slow provider leaves places for the others', async () => {
  const gateway = await openTestGateway({ outbound: 'real' })
  const open = Promise.withResolvers<void>()
  const kit = await startProvider(gateway, {
    source: {
      register: 'slow',
      version: () => '1',
      answer: async () => {
        await open.promise
        return { outcome: 'NO_RECORD' }
      },
    },
  })
  await gateway.amend('system', HOUSING, { rate: { perSecond: 200, burst: 200 } })
  const marriage = claimsOf('family-4-marriage')
  const waiting = Array.from({ length: 100 }, () =>
    gateway.ask(HOUSING, { ...marriage, ask: [{ claim: 'status' }] }),
  )
  const turnedAway = await Promise.any(
    waiting.map(async (reply) => ((await reply).status === 200 ? Promise.reject() : reply)),
  )
  expect(turnedAway.problem).toMatchObject({ code: 'provider-down', retryable: true })
  const other = gateway.ask(SUBDISTRICT, claimsOf('mar-rare-character'))
  while (kit.calls.count < 97) await new Promise((resolve) => setTimeout(resolve, 10))
  open.resolve()
  expect((await other).status).toBe(200)
  const statuses = (await Promise.all(waiting)).map(({ status }) => status).sort()
  expect(statuses).toEqual([...Array(96).fill(200), ...Array(4).fill(503)])
  expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
})

test('however many come and go, a caller gets thrice what is free, and every place is given back', () => {
  const step = fc.record({
    provider: fc.constantFrom('one', 'two'),
    caller: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    comes: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 300, maxLength: 600, size: 'max' }), (steps) => {
      const places = inFlight()
      const inside: { provider: string; caller: string; leave: () => void }[] = []
      for (const { provider, caller, comes } of steps) {
        const ofProvider = inside.filter((one) => one.provider === provider)
        const own = ofProvider.filter((one) => one.caller === caller)
        if (!comes && inside.length % 3 === 0) inside.shift()?.leave()
        else if (own.length >= 3 * (128 - ofProvider.length))
          expect(() => places.enter(provider, caller)).toThrow('too many')
        else inside.push({ provider, caller, leave: places.enter(provider, caller) })
      }
      for (const { leave } of inside) leave()
      for (let i = 0; i < 96; i++) places.enter('one', 'a')
      expect(() => places.enter('one', 'a')).toThrow('too many')
      for (let i = 0; i < 32; i++) places.enter('one', String(i))
      expect(() => places.enter('one', 'z')).toThrow('too many')
    }),
    { numRuns: 50 },
  )
})
