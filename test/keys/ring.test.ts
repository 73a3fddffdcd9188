import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  activeKey,
  destroyKey,
  HANDOVER_MILLIS,
  nextChange,
  publishKey,
  type Ring,
  RingError,
  retireKey,
  revokeKey,
  stateOf,
} from '../../src/keys/ring.ts'
import { keyAt } from '../../src/log/trust.ts'

const NOW = Date.parse('2026-11-23T02:00:00.000Z')
const MINUTE = 60_000

const jwkOf = (kid: string) => ({ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'secret', kid })
const first: Ring = publishKey([], jwkOf('a'), { validFrom: NOW, now: NOW })
const both = publishKey(first, jwkOf('b'), { validFrom: NOW + 10 * MINUTE, now: NOW })
const statesAt = (ring: Ring, now: number) =>
  Object.fromEntries(ring.map((key) => [key.jwk.kid, stateOf(ring, key, now)]))
const codeOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    return error instanceof RingError ? error.code : error
  }
  return undefined
}

describe("a key's life", () => {
  test('goes from published to active to retired, with one key signing at each moment', () => {
    expect(statesAt(both, NOW)).toEqual({ a: 'active', b: 'published' })
    const planned = retireKey(both, 'a', { now: NOW })
    const takeover = NOW + 10 * MINUTE
    expect(statesAt(planned, takeover - 1)).toEqual({ a: 'active', b: 'published' })
    expect(statesAt(planned, takeover)).toEqual({ a: 'overlapping', b: 'active' })
    expect(statesAt(planned, takeover + HANDOVER_MILLIS)).toEqual({ a: 'retired', b: 'active' })
  })

  test('may be ended later than it must', () => {
    const at = NOW + 60 * MINUTE
    expect(retireKey(both, 'a', { now: NOW, at })[0]?.validTo).toBe(new Date(at).toISOString())
  })

  test('falls back on the older key when the new one is revoked', () => {
    const now = NOW + 11 * MINUTE
    const revoked = revokeKey(both, 'b', { now })
    expect(statesAt(revoked, now)).toEqual({ a: 'active', b: 'revoked' })
  })

  test('destroying keeps the public half', () => {
    const now = NOW + 20 * MINUTE
    const ended = revokeKey(both, 'a', { now })
    const [key] = destroyKey(ended, 'a', { now })
    expect(key).toMatchObject({ jwk: { kid: 'a', x: 'x' }, revokedAt: ended[0]?.revokedAt })
    expect(key?.jwk).not.toHaveProperty('d')
  })
})

describe('a step that may not be taken is refused:', () => {
  const after = NOW + 20 * MINUTE
  const retired = retireKey(both, 'a', { now: NOW })
  test.each([
    ['retiring the only key', 'in-use', () => retireKey(first, 'a', { now: NOW })],
    ['revoking the only key', 'in-use', () => revokeKey(first, 'a', { now: NOW })],
    [
      'revoking the successor of a key that has its end',
      'in-use',
      () => revokeKey(retired, 'b', { now: NOW }),
    ],
    ['retiring twice', 'already', () => retireKey(retired, 'a', { now: after })],
    [
      'revoking twice',
      'already',
      () => revokeKey(revokeKey(both, 'a', { now: after }), 'a', { now: after }),
    ],
    ['an unknown key', 'unknown', () => retireKey(both, 'c', { now: NOW })],
    [
      'a key that is there',
      'known',
      () => publishKey(both, jwkOf('a'), { validFrom: NOW, now: NOW }),
    ],
    [
      'a key from the past',
      'instant',
      () => publishKey(both, jwkOf('c'), { validFrom: NOW - 1, now: NOW }),
    ],
    ['an end in the past', 'instant', () => retireKey(both, 'a', { now: NOW, at: NOW - 1 })],
    [
      'a revocation in the future',
      'instant',
      () => revokeKey(both, 'a', { now: after, at: after + 1 }),
    ],
    ['destroying what still counts', 'valid', () => destroyKey(both, 'a', { now: after })],
  ] as const)('%s', (_, code, act) => {
    expect(codeOf(act)).toBe(code)
  })
})

/** Steps at random moments; what a ring refuses it refuses, what it allows must keep the promises. */
const steps = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 5 * MINUTE }),
    step: fc.constantFrom('publish', 'retire', 'revoke', 'destroy'),
    which: fc.nat(20),
    lead: fc.integer({ min: 0, max: 12 * MINUTE }),
  }),
  { maxLength: 30 },
)

test('whatever is done, some published key signs at every moment, and every honest answer stays evidence', () => {
  fc.assert(
    fc.property(steps, (plan) => {
      let ring = first
      let now = NOW
      const signed: { kid: string; at: number }[] = []
      const sign = (at: number) => {
        const key = activeKey(ring, at)
        // Until the next change it stays the same key.
        const until = nextChange(ring, at)
        expect(activeKey(ring, Math.min(until - 1, at + 60 * MINUTE))).toBe(key)
        expect(key, new Date(at).toISOString()).toBeDefined()
        expect(Date.parse(String(key?.validFrom))).toBeLessThanOrEqual(at)
        expect(key?.jwk).toHaveProperty('d')
        signed.push({ kid: String(key?.jwk.kid), at })
      }
      plan.forEach(({ wait, step, which, lead }, i) => {
        // Signs all the way, so also just before and after each hand-over.
        for (let at = now; at < now + wait; at += MINUTE / 2) sign(at)
        now += wait
        sign(now)
        const kid = String(ring[which % ring.length]?.jwk.kid)
        try {
          if (step === 'publish')
            ring = publishKey(ring, jwkOf(`k${i}`), { validFrom: now + lead, now })
          if (step === 'retire') ring = retireKey(ring, kid, { now })
          if (step === 'revoke') ring = revokeKey(ring, kid, { now })
          if (step === 'destroy') ring = destroyKey(ring, kid, { now })
        } catch (error) {
          expect(error).toBeInstanceOf(RingError)
        }
        sign(now)
      })
      const trusted = ring.map(({ jwk, ...life }) => ({
        kid: jwk.kid,
        alg: 'ES256' as const,
        jwk: {},
        ...life,
      }))
      for (const { kid, at } of signed)
        for (const entry of [at, at + HANDOVER_MILLIS - 1])
          expect(() => keyAt(trusted, kid, new Date(entry).toISOString())).not.toThrow()
    }),
    { numRuns: 100 },
  )
})
