import { describe, expect, test } from 'vitest'
import { CalendarError } from '../../src/calendar/calendar-error.ts'
import { type CalendarDocument, readCalendar } from '../../src/calendar/document.ts'
import { INVENTED_2027, seeded } from './calendars.ts'

const YEAR = seeded(2026)
type Days = CalendarDocument['days']
const without = (date: string): Days => YEAR.days.filter((day) => day.date !== date)
const moved = (from: string, to: string): Days =>
  YEAR.days.map((day) => (day.date === from ? { ...day, date: to } : day))

test('a year is read as it is written', () => {
  expect(readCalendar(structuredClone(YEAR))).toEqual(YEAR)
  expect(readCalendar(INVENTED_2027)).toEqual(INVENTED_2027)
})

describe('what was entered wrongly is refused, with its place', () => {
  test.each<[string, object, string]>([
    ['a member that nobody knows', { holidays: [] }, 'holidays'],
    ['no source', { papers: [] }, 'papers'],
    [
      'a source that is no address',
      { papers: [{ ...YEAR.papers[0], url: 'javascript:alert(1)' }] },
      'papers/0/url',
    ],
    ['another year', { year: 2025 }, 'coverageEnd: not in 2025'],
    ['a year beyond measure', { year: 20260 }, 'year'],
    ['an end that is no day', { coverageEnd: '2026-02-30' }, 'coverageEnd'],
    ['an hour that no clock shows', { closeOfBusiness: '25:00' }, 'closeOfBusiness'],
    ['a day off on another year’s day', { days: moved('2026-10-07', '2027-10-07') }, 'not between'],
    ['a day twice', { days: [...YEAR.days, YEAR.days.at(-1)] }, 'days/39/date'],
    ['days out of order', { days: YEAR.days.toReversed() }, 'does not come after'],
    [
      'a make-up day that is worked anyway',
      { days: moved('2026-10-10', '2026-10-12') },
      '2026-10-12 is no Saturday or Sunday',
    ],
    ['a holiday left out', { days: YEAR.days.filter(({ name }) => name !== '端午节') }, '端午节'],
    ['only half a year', { days: YEAR.days.slice(0, 20) }, '端午节, 中秋节, 国庆节'],
    ['no days at all', { days: [] }, 'no day off for 元旦, 春节'],
    ['a day off of fixed date left out', { days: without('2026-05-01') }, '2026-05-01'],
    ['too many days', { days: Array.from({ length: 200 }, () => YEAR.days[0]) }, 'days'],
    ['a name beyond measure', { days: [{ ...YEAR.days[0], name: 'x'.repeat(41) }] }, 'days/0/name'],
  ])('%s', (_, change, place) => {
    const read = () => readCalendar({ ...YEAR, ...change })
    expect(read).toThrow(CalendarError)
    expect(read).toThrow(place)
  })

  test.each([null, [], 'x', 7, {}])('%j, which is no document', (input) => {
    expect(() => readCalendar(input)).toThrow(CalendarError)
  })
})

test('a year that is known in part needs the holidays up to there', () => {
  const until = { ...YEAR, coverageEnd: '2026-06-30', days: YEAR.days.slice(0, 26) }
  expect(readCalendar(until).coverageEnd).toBe('2026-06-30')
})
