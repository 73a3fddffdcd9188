import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Limit } from '../../src/calendar/limit.ts'
import { within } from '../../src/registry/time-limit.ts'

const limit = (n: number, unit: Limit['unit'], from: Limit['from'] = 'RECEIPT'): Limit => ({
  n,
  unit,
  from,
  basis: 'x',
})

const limits = fc
  .tuple(
    fc.nat(20),
    fc.constantFrom<Limit['unit']>('WORKING_DAY', 'NATURAL_DAY', 'HOUR', 'INSTANT'),
    fc.constantFrom<Limit['from']>('RECEIPT', 'ACCEPTANCE', 'CONSENT'),
  )
  .map(([n, unit, from]) => limit(n, unit, from))

/** Hours after the first event at which a limit ends, in a world whose free days and events are drawn. */
type World = { readonly isFree: readonly boolean[]; readonly day: Record<string, number> }

function endHours({ n, unit, from }: Limit, { isFree, day }: World): number {
  const start = day[from] as number
  if (unit === 'INSTANT') return start * 24
  if (unit === 'HOUR') return start * 24 + n
  if (unit === 'NATURAL_DAY') return (start + n) * 24
  let at = start
  for (let left = n; left > 0; ) {
    at += 1
    if (!isFree[at]) left -= 1
  }
  return at * 24
}

const worlds: fc.Arbitrary<World> = fc
  .tuple(fc.array(fc.boolean(), { maxLength: 80 }), fc.nat(10), fc.nat(10))
  .map(([isFree, accepted, consented]) => ({
    isFree,
    day: { RECEIPT: 0, ACCEPTANCE: accepted, CONSENT: accepted + consented },
  }))

describe('one limit within another', () => {
  test.each<[Limit, Limit, ReturnType<typeof within>]>([
    [limit(10, 'WORKING_DAY'), limit(10, 'WORKING_DAY'), 'within'],
    [limit(11, 'WORKING_DAY'), limit(10, 'WORKING_DAY'), 'beyond'],
    [limit(0, 'INSTANT'), limit(1, 'WORKING_DAY'), 'within'],
    [limit(10, 'NATURAL_DAY'), limit(10, 'WORKING_DAY'), 'within'],
    [limit(12, 'NATURAL_DAY'), limit(10, 'WORKING_DAY'), 'unclear'],
    [limit(5, 'WORKING_DAY'), limit(10, 'NATURAL_DAY'), 'unclear'],
    [limit(48, 'HOUR'), limit(2, 'NATURAL_DAY'), 'within'],
    [limit(49, 'HOUR'), limit(2, 'NATURAL_DAY'), 'beyond'],
    [limit(5, 'WORKING_DAY', 'ACCEPTANCE'), limit(10, 'WORKING_DAY', 'RECEIPT'), 'unclear'],
    [limit(5, 'WORKING_DAY', 'RECEIPT'), limit(10, 'WORKING_DAY', 'CONSENT'), 'within'],
    [limit(5, 'WORKING_DAY', 'CHANGE'), limit(10, 'WORKING_DAY', 'RECEIPT'), 'unclear'],
  ])('%j in %j: %s', (one, other, expected) => {
    expect(within(one, other)).toBe(expected)
  })

  test('what is judged holds in every calendar, and whenever something is accepted', () => {
    fc.assert(
      fc.property(limits, limits, worlds, (one, other, world) => {
        const found = within(one, other)
        const [a, b] = [endHours(one, world), endHours(other, world)]
        if (found === 'within') expect(a).toBeLessThanOrEqual(b)
        if (found === 'beyond') expect(a).toBeGreaterThan(b)
      }),
      { numRuns: 5000 },
    )
  })

  test('every limit is within itself, and what is within two is within the longest', () => {
    fc.assert(
      fc.property(limits, limits, limits, (a, b, c) => {
        expect(within(a, a)).toBe('within')
        if (within(a, b) === 'within' && within(b, c) === 'within')
          expect(within(a, c)).toBe('within')
      }),
      { numRuns: 5000 },
    )
  })
})
