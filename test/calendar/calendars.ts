import { readFileSync } from 'node:fs'
import { type Calendar, calendarOf } from '../../src/calendar/calendar.ts'
import { type CalendarDocument, readCalendar } from '../../src/calendar/document.ts'

export function seeded(year: number): CalendarDocument {
  const path = new URL(`../../seed/calendar/${year}.json`, import.meta.url)
  return readCalendar(JSON.parse(readFileSync(path, 'utf8')))
}

/** As the registry has it, with versions that can be told apart by eye. */
export function calendarWith(...documents: readonly CalendarDocument[]): Calendar {
  return calendarOf(documents.map((document) => ({ document, version: `v${document.year}` })))
}

/** What the demo city has: 2025 and 2026. */
export const CALENDAR = calendarWith(seeded(2025), seeded(2026))

/** An invented 2027, for what happens behind the seeded years: no notice says so. */
export const INVENTED_2027: CalendarDocument = {
  ...seeded(2026),
  year: 2027,
  coverageEnd: '2027-12-31',
  days: [
    ...['01-01', '02-05', '02-08', '04-05', '05-01', '05-02', '06-09', '09-15'].map((date, i) => ({
      date: `2027-${date}`,
      isOffDay: true,
      name: ['元旦', '春节', '春节', '清明节', '劳动节', '劳动节', '端午节', '中秋节'][i] as string,
    })),
    ...['10-01', '10-02', '10-03'].map((date) => ({
      date: `2027-${date}`,
      isOffDay: true,
      name: '国庆节',
    })),
  ],
}
