import { describe, expect, test } from 'vitest'
import { CalendarNotLoaded } from '../../src/calendar/calendar-error.ts'
import { instantOf } from '../../src/calendar/day.ts'
import { dueOf } from '../../src/calendar/due.ts'
import { timeLeft, workingDaysBetween } from '../../src/calendar/left.ts'
import type { Limit } from '../../src/calendar/limit.ts'
import type { CountedDay } from '../../src/calendar/trace.ts'
import {
  amountWords,
  countedWords,
  dayWords,
  holidayWords,
  timeLeftWords,
} from '../../src/calendar/words.ts'
import { CALENDAR, calendarWith, INVENTED_2027, seeded } from './calendars.ts'

const LIMIT: Limit = { n: 10, unit: 'WORKING_DAY', from: 'RECEIPT', basis: 'x' }
const at = (text: string) => {
  const [date = '', time = '10:00'] = text.split(' ')
  return instantOf(date, time)
}
/** Due on Thursday 26 November 2026 at 17:30. */
const DEADLINE = dueOf(CALENDAR, { limit: LIMIT, start: at('2026-11-12') })
const wordsAt = (now: string, calendar = CALENDAR) =>
  timeLeftWords(timeLeft(calendar, DEADLINE, at(now)))

describe('a clock', () => {
  test.each([
    ['2026-11-20', 'normal', 4],
    ['2026-11-23', 'normal', 3],
    ['2026-11-24 23:59', 'normal', 2],
    ['2026-11-25', 'near', 1],
    ['2026-11-26 17:30', 'near', 0],
    ['2026-11-26 17:31', 'overdue', 0],
    ['2026-11-29', 'overdue', 1],
    ['2026-11-30', 'overdue', 2],
    ['2027-01-01', 'overdue', null],
  ])('at %s is %s, by %s working days', (now, state, workingDays) => {
    expect(timeLeft(CALENDAR, DEADLINE, at(now))).toMatchObject({ state, workingDays })
  })

  test('that stands still says what is left, at whatever time', () => {
    const stops = [{ from: at('2026-11-17'), to: null, basis: '补正' }]
    const stopped = dueOf(CALENDAR, { limit: LIMIT, start: at('2026-11-12'), stops })
    const left = timeLeft(CALENDAR, stopped, at('2031-01-01'))
    expect(left).toEqual({ state: 'stopped', left: 7, unit: 'WORKING_DAY' })
    expect(timeLeftWords(left)).toEqual({
      zh: '停表中，还剩 7 个工作日',
      en: 'clock stopped, 7 working days left',
    })
  })

  test('that is not due yet is not guessed from an uncovered today', () => {
    expect(() => timeLeft(CALENDAR, DEADLINE, at('2024-12-30'))).toThrow(CalendarNotLoaded)
  })

  test('counts the working days after a day, up to and with another', () => {
    expect(workingDaysBetween(CALENDAR, '2026-09-30', '2026-10-10')).toBe(3)
    expect(workingDaysBetween(CALENDAR, '2026-10-10', '2026-09-30')).toBe(0)
  })
})

describe('in words', () => {
  test.each([
    [
      '2026-11-23',
      '还剩 3 个工作日（11 月 26 日 星期四）',
      '3 working days left (Thursday 26 November)',
    ],
    [
      '2026-11-25',
      '还剩 1 个工作日（11 月 26 日 星期四）',
      '1 working day left (Thursday 26 November)',
    ],
    [
      '2026-11-26',
      '今天 17:30 截止（11 月 26 日 星期四）',
      'due today at 17:30 (Thursday 26 November)',
    ],
    [
      '2026-11-26 18:00',
      '已超时（应于 11 月 26 日 星期四 17:30）',
      'overdue (due Thursday 26 November, 17:30)',
    ],
    [
      '2026-11-30',
      '已超时 2 个工作日（应于 11 月 26 日 星期四）',
      '2 working days overdue (due Thursday 26 November)',
    ],
    [
      '2027-01-04',
      '已超时（应于 2026 年 11 月 26 日 星期四 17:30）',
      'overdue (due Thursday 26 November 2026, 17:30)',
    ],
  ])('at %s: %s', (now, zh, en) => {
    expect(wordsAt(now)).toEqual({ zh, en })
  })

  test('the due day in another year is named with its year', () => {
    const calendar = calendarWith(seeded(2026), INVENTED_2027)
    const deadline = dueOf(calendar, { limit: LIMIT, start: at('2026-12-25') })
    const { zh, en } = timeLeftWords(timeLeft(calendar, deadline, at('2026-12-28')))
    expect(zh).toBe('还剩 9 个工作日（2027 年 1 月 11 日 星期一）')
    expect(en).toBe('9 working days left (Monday 11 January 2027)')
  })

  test('the end of a day is 24:00 of it', () => {
    const open = calendarWith({ ...seeded(2026), closeOfBusiness: '24:00' })
    const deadline = dueOf(open, { limit: LIMIT, start: at('2026-11-12') })
    const { zh } = timeLeftWords(timeLeft(open, deadline, at('2026-11-26 23:00')))
    expect(zh).toBe('今天 24:00 截止（11 月 26 日 星期四）')
  })

  test.each<[number, Limit['unit'], string, string]>([
    [1, 'WORKING_DAY', '1 个工作日', '1 working day'],
    [30, 'NATURAL_DAY', '30 天', '30 calendar days'],
    [2, 'HOUR', '2 小时', '2 hours'],
    [0, 'INSTANT', '即时', 'at once'],
  ])('%i %s', (n, unit, zh, en) => {
    expect(amountWords(n, unit)).toEqual({ zh, en })
  })

  test('holidays are named in both languages, an unknown one as it is written', () => {
    expect(holidayWords('国庆节、中秋节').en).toBe('National Day and Mid-Autumn Festival')
    expect(holidayWords('抗战胜利纪念日').en).toBe('抗战胜利纪念日')
    for (const { name } of [...seeded(2025).days, ...seeded(2026).days])
      expect(holidayWords(name).en).toMatch(/^[\x20-\x7e’]+$/)
  })

  test('every kind of day of a trace says whether and why it counts', () => {
    const days: CountedDay[] = [
      { date: '2026-01-01', weekday: 4, why: 'START' },
      { date: '2026-01-02', weekday: 5, why: 'HOLIDAY', name: '元旦' },
      { date: '2026-01-04', weekday: 7, n: 1, why: 'MAKE_UP_DAY', name: '元旦' },
      { date: '2026-01-05', weekday: 1, n: 2, why: 'WORKING_DAY' },
      { date: '2026-01-10', weekday: 6, why: 'WEEKEND' },
      { date: '2026-01-12', weekday: 1, why: 'STOPPED' },
      { date: '2026-01-13', weekday: 2, n: 3, why: 'NATURAL_DAY' },
      { date: '2026-01-14', weekday: 3, why: 'ROLLED_TO' },
    ]
    expect(days.map((day) => countedWords(day).zh)).toEqual([
      '起算之日，不计',
      '元旦放假，不计',
      '第 1 个工作日（元旦调休上班）',
      '第 2 个工作日',
      '周末，不计',
      '停表，不计',
      '第 3 天',
      '最后一日是休息日，顺延到这一天',
    ])
    for (const day of days) expect(countedWords(day).en).toMatch(/^[\x20-\x7e’]+$/)
    expect(dayWords('2026-01-04')).toEqual({ zh: '1 月 4 日 星期日', en: 'Sunday 4 January' })
  })
})
