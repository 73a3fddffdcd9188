import { describe, expect, test } from 'vitest'
import { CalendarError, CalendarNotLoaded } from '../../src/calendar/calendar-error.ts'
import { instantOf } from '../../src/calendar/day.ts'
import { dueOf } from '../../src/calendar/due.ts'
import { type Limit, limitSchema } from '../../src/calendar/limit.ts'
import type { Counting } from '../../src/calendar/trace.ts'
import { CALENDAR, calendarWith, seeded } from './calendars.ts'

const BASIS = '政务数据共享条例第二十一条'
const limit = (n: number, unit: Limit['unit'] = 'WORKING_DAY'): Limit => ({
  n,
  unit,
  from: 'RECEIPT',
  basis: BASIS,
})
const at = (text: string) => {
  const [date = '', time = '10:00'] = text.split(' ')
  return instantOf(date, time)
}
const count = (start: string, n: number, more: Partial<Counting> = {}) =>
  dueOf(CALENDAR, { limit: limit(n), start: at(start), ...more })
const dueOn = (...given: Parameters<typeof count>) => count(...given).due?.on

describe('working days', () => {
  test.each([
    ['2026-02-11', 5, '2026-02-25'],
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-14', 10, '2026-03-06'],
    ['2026-02-20', 1, '2026-02-24'],
    ['2026-04-30', 5, '2026-05-11'],
    ['2026-09-18', 5, '2026-09-24'],
    ['2026-09-30', 10, '2026-10-20'],
    ['2026-11-20', 10, '2026-12-04'],
    ['2025-09-26', 5, '2025-10-10'],
    ['2025-12-31', 1, '2026-01-04'],
  ])('%s and %i are due on %s', (start, n, due) => {
    expect(dueOn(start, n)).toBe(due)
  })

  test('are never guessed beyond the calendar: 2026-12-31 and 1 names the year and the command', () => {
    const counting = () => count('2026-12-31', 1)
    expect(counting).toThrow(CalendarNotLoaded)
    expect(counting).toThrow('2027')
    expect(counting).toThrow('mianzheng calendar load 2027.json')
  })

  test('end with the close of business of the due day, and the trace says when that is', () => {
    const { due, trace } = count('2026-11-20', 10)
    expect(due).toEqual({ on: '2026-12-04', at: Date.parse('2026-12-04T17:30:00+08:00') })
    expect(trace).toMatchObject({ closeOfBusiness: '17:30', dueAt: '2026-12-04T17:30:00+08:00' })
    const open = calendarWith({ ...seeded(2026), closeOfBusiness: '24:00' })
    const whole = dueOf(open, { limit: limit(10), start: at('2026-11-20') })
    expect(whole.due).toEqual({ on: '2026-12-04', at: Date.parse('2026-12-05T00:00:00+08:00') })
    expect(whole.trace.closeOfBusiness).toBe('24:00')
  })

  test.each([
    ['in the first minute', '2026-11-20 00:00'],
    ['after the close of business', '2026-11-20 19:00'],
    ['in the last minute', '2026-11-20 23:59'],
    ['on the Saturday after', '2026-11-21 12:00'],
    ['late on the Sunday after', '2026-11-22 23:59'],
  ])('are the same when it came %s', (_, start) => {
    expect(dueOn(start, 10)).toBe('2026-12-04')
  })

  test('are counted in Shanghai, wherever the clock stands', () => {
    const start = Date.parse('2026-11-20T16:30:00Z')
    expect(dueOf(CALENDAR, { limit: limit(1), start }).due?.on).toBe('2026-11-23')
    const before = Date.parse('2026-11-19T15:59:59Z')
    expect(dueOf(CALENDAR, { limit: limit(1), start: before }).due?.on).toBe('2026-11-20')
  })
})

describe('the trace', () => {
  test('names the rule, the calendars and each day with why it counts or does not', () => {
    const { trace } = count('2025-12-31', 2)
    expect(trace).toEqual({
      zone: 'Asia/Shanghai',
      limit: limit(2),
      start: '2025-12-31T10:00:00+08:00',
      calendars: [
        { year: 2025, version: 'v2025' },
        { year: 2026, version: 'v2026' },
      ],
      days: [
        { date: '2025-12-31', weekday: 3, why: 'START' },
        { date: '2026-01-01', weekday: 4, why: 'HOLIDAY', name: '元旦' },
        { date: '2026-01-02', weekday: 5, why: 'HOLIDAY', name: '元旦' },
        { date: '2026-01-03', weekday: 6, why: 'HOLIDAY', name: '元旦' },
        { date: '2026-01-04', weekday: 7, n: 1, why: 'MAKE_UP_DAY', name: '元旦' },
        { date: '2026-01-05', weekday: 1, n: 2, why: 'WORKING_DAY' },
      ],
      closeOfBusiness: '17:30',
      dueAt: '2026-01-05T17:30:00+08:00',
    })
  })

  test('is JSON as it stands', () => {
    const stop = { from: at('2026-11-24'), to: at('2026-11-26'), basis: '补正' }
    const { trace } = count('2026-11-20', 10, { stops: [stop], extension: { n: 5, basis: BASIS } })
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace)
    expect(trace.stops).toEqual([
      { from: '2026-11-24T10:00:00+08:00', to: '2026-11-26T10:00:00+08:00', basis: '补正' },
    ])
  })
})

describe('natural days', () => {
  const natural = (start: string, n: number, more: Partial<Counting> = {}) =>
    dueOf(CALENDAR, { limit: limit(n, 'NATURAL_DAY'), start: at(start), ...more })

  test('run through holidays, from the day after', () => {
    const { due, trace } = natural('2026-09-28', 10)
    expect(due?.on).toBe('2026-10-08')
    expect(trace.days.filter(({ why }) => why === 'NATURAL_DAY')).toHaveLength(10)
  })

  test.each([
    ['a weekend', '2026-11-11', 10, '2026-11-23'],
    ['a weekend that is worked', '2026-02-04', 10, '2026-02-14'],
    ['a long holiday', '2026-09-21', 10, '2026-10-08'],
  ])('that end on %s roll forward to the next working day (民法典 203)', (_, start, n, due) => {
    expect(natural(start, n).due?.on).toBe(due)
  })

  test('that roll forward say so, day by day', () => {
    expect(natural('2026-11-19', 2).trace.days).toEqual([
      { date: '2026-11-19', weekday: 4, why: 'START' },
      { date: '2026-11-20', weekday: 5, n: 1, why: 'NATURAL_DAY' },
      { date: '2026-11-21', weekday: 6, n: 2, why: 'NATURAL_DAY' },
      { date: '2026-11-22', weekday: 7, why: 'WEEKEND' },
      { date: '2026-11-23', weekday: 1, why: 'ROLLED_TO' },
    ])
  })

  test('do not run while the clock stands still', () => {
    const stop = { from: at('2026-11-20'), to: at('2026-11-22'), basis: '补正' }
    expect(natural('2026-11-19', 2, { stops: [stop] }).due?.on).toBe('2026-11-23')
  })

  test('and working days are not extended by one another', () => {
    const extension = { n: 5, basis: BASIS }
    expect(() => natural('2026-11-19', 2, { extension })).toThrow(CalendarError)
  })
})

describe('hours', () => {
  const hours = (start: string, n: number, stops: Counting['stops'] = []) =>
    dueOf(CALENDAR, { limit: limit(n, 'HOUR'), start: at(start), stops }).trace.dueAt

  test('run through the night and need no calendar', () => {
    expect(hours('2026-11-20 16:00', 24)).toBe('2026-11-21T16:00:00+08:00')
    expect(hours('2031-05-01 10:00', 2)).toBe('2031-05-01T12:00:00+08:00')
  })

  test('stand still in a stop; two that overlap are one', () => {
    const stop = (from: string, to: string) => ({ from: at(from), to: at(to), basis: '补正' })
    const stops = [
      stop('2026-11-20 12:00', '2026-11-20 14:00'),
      stop('2026-11-20 11:00', '2026-11-20 13:00'),
      stop('2026-11-20 12:30', '2026-11-20 12:45'),
      stop('2026-11-19 12:30', '2026-11-20 08:45'),
      stop('2026-11-21 12:30', '2026-11-21 18:45'),
    ]
    expect(hours('2026-11-20 10:00', 4, stops)).toBe('2026-11-20T17:00:00+08:00')
  })

  test('are not due while the clock stands still', () => {
    const open = { from: at('2026-11-20 11:30'), to: null, basis: '补正' }
    const counting = { limit: limit(4, 'HOUR'), start: at('2026-11-20 10:00'), stops: [open] }
    expect(dueOf(CALENDAR, counting)).toMatchObject({
      due: null,
      left: 3,
      trace: { dueAt: null, days: [] },
    })
  })

  test('and what is done at once is due when it begins', () => {
    const start = at('2026-11-21 03:00')
    expect(dueOf(CALENDAR, { limit: limit(0, 'INSTANT'), start }).due).toEqual({
      on: '2026-11-21',
      at: start,
    })
  })
})

describe('a stop', () => {
  const stop = (from: string, to: string | null) => ({
    from: at(from),
    to: to === null ? null : at(to),
    basis: '行政许可法第三十二条',
  })

  test.each([
    ['within one day takes nothing', '2026-11-24 09:00', '2026-11-24 16:00', '2026-12-04'],
    ['over one night takes one day', '2026-11-24', '2026-11-25', '2026-12-07'],
    ['over a weekend takes the working day it ends on', '2026-11-27', '2026-11-30', '2026-12-07'],
    ['that ends on a Sunday takes no working day', '2026-11-27', '2026-11-29', '2026-12-04'],
    [
      'from the day of receipt on makes complete receipt count',
      '2026-11-20',
      '2026-11-30',
      '2026-12-14',
    ],
    ['behind the due date changes nothing', '2026-12-05', '2026-12-20', '2026-12-04'],
    ['before the start changes nothing', '2026-11-02', '2026-11-06', '2026-12-04'],
  ])('%s', (_, from, to, due) => {
    expect(dueOn('2026-11-20', 10, { stops: [stop(from, to)] })).toBe(due)
  })

  test('is shown in the trace, its weekends as weekends', () => {
    const { trace } = count('2026-11-20', 3, { stops: [stop('2026-11-27', '2026-12-01')] })
    expect(trace.dueAt).toBe('2026-11-25T17:30:00+08:00')
    const longer = count('2026-11-20', 6, { stops: [stop('2026-11-27', '2026-12-01')] })
    const shown = longer.trace.days.filter(({ date }) => date > '2026-11-26')
    expect(shown.map(({ why, n }) => [why, n])).toEqual([
      ['WORKING_DAY', 5],
      ['WEEKEND', undefined],
      ['WEEKEND', undefined],
      ['STOPPED', undefined],
      ['STOPPED', undefined],
      ['WORKING_DAY', 6],
    ])
  })

  test('that overlaps another takes no day twice', () => {
    const stops = [stop('2026-11-24', '2026-11-26'), stop('2026-11-25', '2026-11-27')]
    expect(dueOn('2026-11-20', 10, { stops })).toBe('2026-12-09')
  })

  test('that is not over leaves no due date, but what is left', () => {
    const stopped = count('2026-11-20', 10, { stops: [stop('2026-11-25', null)] })
    expect(stopped).toMatchObject({ due: null, left: 7, trace: { dueAt: null } })
    expect(stopped.trace.days.map(({ date }) => date).at(-1)).toBe('2026-11-25')
    expect(count('2026-11-20', 10, { stops: [stop('2026-11-20', null)] })).toMatchObject({
      left: 10,
    })
  })

  test('that is not over, but began when all was counted, changes nothing', () => {
    expect(dueOn('2026-11-20', 10, { stops: [stop('2026-12-04', null)] })).toBe('2026-12-04')
  })
})

describe('an extension', () => {
  test('adds its working days', () => {
    expect(dueOn('2026-11-06', 10, { extension: { n: 10, basis: BASIS } })).toBe('2026-12-04')
    expect(count('2026-11-06', 10, { extension: { n: 5, basis: BASIS } }).trace).toMatchObject({
      limit: { n: 10 },
      extension: { n: 5, basis: BASIS },
    })
  })

  test.each([
    ['of eleven days', 11, undefined],
    ['of no days', 0, undefined],
    ['backwards', -1, undefined],
    ['of half a day', 0.5, undefined],
    ['that is longer than this limit allows', 6, 5],
    ['where there is none', 1, 0],
  ])('%s is refused', (_, n, extensionMax) => {
    const more = extensionMax === undefined ? {} : { extensionMax }
    expect(() => count('2026-11-06', 10, { extension: { n, basis: BASIS }, ...more })).toThrow(
      CalendarError,
    )
  })
})

describe('what cannot be counted is refused', () => {
  test.each<[string, Partial<Counting>]>([
    ['a start that is no instant', { start: Number.NaN }],
    ['a limit of no days', { limit: limit(0) }],
    [
      'a stop that ends before it begins',
      { stops: [{ from: at('2026-11-24'), to: at('2026-11-23'), basis: 'x' }] },
    ],
  ])('%s', (_, change) => {
    expect(() => count('2026-11-20', 10, change)).toThrow(CalendarError)
  })

  test.each([
    { n: 0, unit: 'WORKING_DAY' },
    { n: 1, unit: 'INSTANT' },
    { n: -1, unit: 'HOUR' },
    { n: 1.5, unit: 'WORKING_DAY' },
    { n: 1001, unit: 'NATURAL_DAY' },
    { n: 1, unit: 'DAY' },
  ])('$n $unit, which is no limit', ({ n, unit }) => {
    expect(limitSchema.safeParse({ ...limit(1), n, unit }).success).toBe(false)
  })
})
