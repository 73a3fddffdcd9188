import chineseDays from 'chinese-days'
import { describe, expect, test } from 'vitest'
import { coveredTo, dayOf, isWorked } from '../../src/calendar/calendar.ts'
import { CalendarNotLoaded } from '../../src/calendar/calendar-error.ts'
import { addDays } from '../../src/calendar/day.ts'
import { readCalendar } from '../../src/calendar/document.ts'
import { CALENDAR, calendarWith, INVENTED_2027, seeded } from './calendars.ts'

const daysOf = (year: number): string[] => {
  const days = [`${year}-01-01`]
  while (days.at(-1) !== `${year}-12-31`) days.push(addDays(days.at(-1) as string, 1))
  return days
}

describe.each([2025, 2026])('the calendar of %i', (year) => {
  test('agrees with chinese-days on every single day', () => {
    const days = daysOf(year)
    expect(days).toHaveLength(365)
    const ours = days.filter((date) => isWorked(dayOf(CALENDAR, date)))
    expect(ours).toEqual(days.filter((date) => chineseDays.isWorkday(date)))
  })

  test('cites the notice it was taken from', () => {
    const [paper] = seeded(year).papers
    expect(paper?.title).toBe(`国务院办公厅关于${year}年部分节假日安排的通知`)
    expect(paper?.number).toContain(`〔${year - 1}〕`)
    expect(new URL(paper?.url ?? '').host).toBe('www.gov.cn')
  })
})

test('coverage reaches as far as no day is missing', () => {
  expect(coveredTo(CALENDAR, '2025-06-01')).toBe('2026-12-31')
  expect(coveredTo(CALENDAR, '2026-12-31')).toBe('2026-12-31')
  expect(coveredTo(CALENDAR, '2027-01-01')).toBeUndefined()
  expect(coveredTo(CALENDAR, '2024-12-31')).toBeUndefined()
  expect(coveredTo(calendarWith(seeded(2025), INVENTED_2027), '2025-06-01')).toBe('2025-12-31')
  const early = calendarWith({ ...seeded(2025), coverageEnd: '2025-11-30' }, seeded(2026))
  expect(coveredTo(early, '2025-06-01')).toBe('2025-11-30')
  expect(coveredTo(early, '2025-12-01')).toBeUndefined()
})

describe('a day', () => {
  test.each([
    ['2026-11-20', { kind: 'WORKING_DAY' }],
    ['2026-11-21', { kind: 'WEEKEND' }],
    ['2026-02-14', { kind: 'MAKE_UP_DAY', name: '春节' }],
    ['2026-10-03', { kind: 'HOLIDAY', name: '国庆节' }],
    ['2025-10-06', { kind: 'HOLIDAY', name: '国庆节、中秋节' }],
  ])('%s is told with its reason', (date, said) => {
    expect(dayOf(CALENDAR, date)).toEqual({ date, by: [Number(date.slice(0, 4))], ...said })
  })

  test.each(['2024-12-31', '2027-01-01', '1900-01-01'])(
    '%s, which nothing covers, is not guessed: the year and the command are named',
    (date) => {
      const year = Number(date.slice(0, 4))
      const error = (() => {
        try {
          return dayOf(CALENDAR, date)
        } catch (thrown) {
          return thrown
        }
      })()
      expect(error).toBeInstanceOf(CalendarNotLoaded)
      const { year: named, message, zh } = error as CalendarNotLoaded
      expect(named).toBe(year)
      for (const text of [message, zh]) {
        expect(text).toContain(`mianzheng calendar load ${year}.json`)
        expect(text).toContain(String(year))
      }
    },
  )

  test('behind the coverage of its own year is not guessed either', () => {
    const early = calendarWith({ ...seeded(2026), coverageEnd: '2026-11-30' })
    expect(dayOf(early, '2026-11-30').kind).toBe('WORKING_DAY')
    expect(() => dayOf(early, '2026-12-01')).toThrow('loaded to 2026-11-30 only')
  })

  test('of December may be changed by the next year’s notice, which is then named beside its own year', () => {
    const { days, ...rest } = INVENTED_2027
    const changing = readCalendar({
      ...rest,
      days: [
        { date: '2026-12-27', isOffDay: false, name: '元旦' },
        { date: '2026-12-31', isOffDay: true, name: '元旦' },
        ...days,
      ],
    })
    const later = calendarWith(changing, seeded(2026))
    const by = [2026, 2027]
    expect(dayOf(later, '2026-12-27')).toMatchObject({ kind: 'MAKE_UP_DAY', by })
    expect(dayOf(later, '2026-12-31')).toMatchObject({ kind: 'HOLIDAY', by })
    expect(dayOf(later, '2026-12-30')).toMatchObject({ kind: 'WORKING_DAY', by: [2026] })
    expect(dayOf(CALENDAR, '2026-12-31').kind).toBe('WORKING_DAY')
  })
})
