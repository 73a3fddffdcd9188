import { describe, expect, test } from 'vitest'
import { CalendarError } from '../../src/calendar/calendar-error.ts'
import { type ClockName, clock } from '../../src/calendar/clocks.ts'
import { instantOf } from '../../src/calendar/day.ts'
import { dueOf } from '../../src/calendar/due.ts'
import { limitSchema } from '../../src/calendar/limit.ts'
import { items } from '../seed/seed.ts'
import { CALENDAR } from './calendars.ts'

/** A Friday; the working days after it are plain ones. */
const start = instantOf('2026-11-06', '09:00')
const extension = (n: number) => ({ n, basis: '共享主管部门同意' })

describe('the statutory clocks', () => {
  test.each<[Exclude<ClockName, 'answer'>, number, string, string, string]>([
    ['review', 2, 'RECEIPT', '政务数据共享条例第十七条', '2026-11-10'],
    ['item-change', 10, 'CHANGE', '政务数据共享条例第十七条', '2026-11-20'],
    ['delivery', 20, 'CONSENT', '政务数据共享条例第二十二条', '2026-12-04'],
    ['data-correction', 10, 'RECEIPT', '政务数据共享条例第二十六条', '2026-11-20'],
    ['correction-notice', 5, 'RECEIPT', '行政许可法第三十二条（参照）', '2026-11-13'],
    [
      'service-registration',
      20,
      'CHANGE',
      '上海市落实国办发〔2015〕86号方案（参照）',
      '2026-12-04',
    ],
  ])('%s: %i working days from %s, %s', (name, n, from, basis, due) => {
    const one = clock(name)
    expect(one.limit).toEqual({ n, unit: 'WORKING_DAY', from, basis })
    expect(limitSchema.parse(one.limit)).toEqual(one.limit)
    expect(dueOf(CALENDAR, { ...one, start }).due?.on).toBe(due)
    for (const text of Object.values(one.names)) expect(text).not.toBe('')
  })

  test('answer: 1 working day without conditions, 10 with', () => {
    const dueOn = (sharing: 'UNCONDITIONAL' | 'CONDITIONAL') =>
      dueOf(CALENDAR, { ...clock('answer', sharing), start }).due?.on
    expect([dueOn('UNCONDITIONAL'), dueOn('CONDITIONAL')]).toEqual(['2026-11-09', '2026-11-20'])
  })

  test('are those that the seeded items state', () => {
    for (const { sharing, timeLimit } of items)
      if (sharing.class !== 'NOT_SHARED' && timeLimit.statutory.unit === 'WORKING_DAY')
        expect(timeLimit.statutory).toEqual(clock('answer', sharing.class).limit)
  })
})

describe('an extension', () => {
  test.each([
    ['of a conditional answer is 10 working days at the most', 10, '2026-12-04'],
    ['may be less', 3, '2026-11-25'],
  ])('%s', (_, n, due) => {
    const counted = dueOf(CALENDAR, {
      ...clock('answer', 'CONDITIONAL'),
      start,
      extension: extension(n),
    })
    expect(counted.due?.on).toBe(due)
  })

  test('of an item’s change is 5 at the most; other clocks have none', () => {
    const extended = (one: ReturnType<typeof clock>, n: number) =>
      dueOf(CALENDAR, { ...one, start, extension: extension(n) }).due?.on
    expect(extended(clock('item-change'), 5)).toBe('2026-11-27')
    expect(() => extended(clock('item-change'), 6)).toThrow(CalendarError)
    expect(() => extended(clock('answer', 'UNCONDITIONAL'), 1)).toThrow(CalendarError)
    expect(() => extended(clock('delivery'), 1)).toThrow(CalendarError)
  })
})
