import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf, isWorked } from '../../src/calendar/calendar.ts'
import { addDays, instantOf } from '../../src/calendar/day.ts'
import { dueOf } from '../../src/calendar/due.ts'
import { workingDaysBetween } from '../../src/calendar/left.ts'
import type { Limit } from '../../src/calendar/limit.ts'
import type { Counting, Trace } from '../../src/calendar/trace.ts'
import { CALENDAR } from './calendars.ts'

const MINUTES_A_DAY = 1440
/** From 2025-01-01 to 2026-06-30, so that what is counted from it stays within what is loaded. */
const day = fc.integer({ min: 0, max: 545 }).map((days) => addDays('2025-01-01', days))
const instant = fc
  .tuple(day, fc.integer({ min: 0, max: MINUTES_A_DAY - 1 }))
  .map(([date, minutes]) => instantOf(date, '00:00') + minutes * 60_000)
const amount = fc.integer({ min: 1, max: 60 })
const unit = fc.constantFrom<Limit['unit']>('WORKING_DAY', 'NATURAL_DAY')
const stop = fc
  .tuple(instant, fc.integer({ min: 0, max: 20 * MINUTES_A_DAY }))
  .map(([from, minutes]) => ({ from, to: from + minutes * 60_000, basis: '补正' }))
const stops = fc.array(stop, { maxLength: 3 })

const limit = (n: number, of: Limit['unit'] = 'WORKING_DAY'): Limit => ({
  n,
  unit: of,
  from: 'RECEIPT',
  basis: 'x',
})

function due(counting: Counting): string {
  const counted = dueOf(CALENDAR, counting)
  if (counted.due === null) throw new Error('no stop is open')
  return counted.due.on
}

test('who comes later is not due earlier, and a longer limit not sooner', () => {
  fc.assert(
    fc.property(instant, instant, amount, amount, unit, stops, (a, b, n, m, of, stopped) => {
      const [earlier, later] = [Math.min(a, b), Math.max(a, b)]
      const [shorter, longer] = [Math.min(n, m), Math.max(n, m)]
      const first = due({ limit: limit(shorter, of), start: earlier, stops: stopped })
      const second = due({ limit: limit(longer, of), start: later, stops: stopped })
      expect(first <= second).toBe(true)
    }),
  )
})

test('n and then m working days are n + m working days, at whatever hour the first ones end', () => {
  fc.assert(
    fc.property(
      instant,
      amount,
      amount,
      fc.integer({ min: 0, max: 1439 }),
      (start, n, m, minute) => {
        const between = instantOf(due({ limit: limit(n), start }), '00:00') + minute * 60_000
        expect(due({ limit: limit(m), start: between })).toBe(due({ limit: limit(n + m), start }))
      },
    ),
  )
})

test('a due day is always worked, and lies behind the start', () => {
  fc.assert(
    fc.property(instant, amount, unit, stops, (start, n, of, stopped) => {
      const { due: found } = dueOf(CALENDAR, { limit: limit(n, of), start, stops: stopped })
      expect(isWorked(dayOf(CALENDAR, found?.on ?? ''))).toBe(true)
      expect(found?.at).toBeGreaterThan(start)
    }),
  )
})

test('as many working days as the limit has lie between start and due day', () => {
  fc.assert(
    fc.property(day, amount, (date, n) => {
      const on = due({ limit: limit(n), start: instantOf(date, '09:00') })
      expect(workingDaysBetween(CALENDAR, date, on)).toBe(n)
    }),
  )
})

test('a stop takes as many working days as are counted from its beginning to its end', () => {
  fc.assert(
    fc.property(instant, amount, stop, (start, n, { from, to, basis }) => {
      const began = Math.max(from, start)
      const ended = Math.max(to, began)
      const plain = due({ limit: limit(n), start })
      const on = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
      if (on(began) >= plain) return
      const taken = workingDaysBetween(CALENDAR, on(began), on(ended))
      const stopped = due({ limit: limit(n), start, stops: [{ from, to, basis }] })
      expect(stopped).toBe(due({ limit: limit(n + taken), start }))
    }),
  )
})

/** By hand: nothing of the gateway is used, so that anybody can do the same with the trace alone. */
function countAgain({ limit: { n, unit: of }, days, extension, closeOfBusiness }: Trace): string {
  const [start, ...after] = days
  let expected = Date.parse(start?.date ?? '')
  let counted = 0
  for (const { date, n: number, why, weekday } of after) {
    expected += 86_400_000
    expect(Date.parse(date)).toBe(expected)
    expect(weekday).toBe(new Date(expected).getUTCDay() || 7)
    if (number === undefined) continue
    counted += 1
    expect(number).toBe(counted)
    expect(['WORKING_DAY', 'MAKE_UP_DAY', 'NATURAL_DAY']).toContain(why)
    if (why === 'WORKING_DAY') expect(weekday).toBeLessThan(6)
  }
  expect(counted).toBe(n + (extension?.n ?? 0))
  if (of === 'WORKING_DAY') expect(days.at(-1)?.n).toBe(counted)
  return `${days.at(-1)?.date}T${closeOfBusiness}:00+08:00`
}

test('the trace alone counts again to the same due date', () => {
  const extension = fc.option(
    fc.record({ n: fc.integer({ min: 1, max: 10 }), basis: fc.constant('x') }),
    { nil: undefined },
  )
  fc.assert(
    fc.property(instant, amount, unit, stops, extension, (start, n, of, stopped, more) => {
      const extended = of === 'WORKING_DAY' ? more : undefined
      const counting = { limit: limit(n, of), start, stops: stopped, extension: extended }
      const { trace } = dueOf(CALENDAR, counting)
      expect(countAgain(JSON.parse(JSON.stringify(trace)))).toBe(trace.dueAt)
    }),
  )
})
