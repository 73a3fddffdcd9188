import { CalendarNotLoaded } from './calendar-error.ts'
import { weekdayOf } from './day.ts'
import type { CalendarDocument } from './document.ts'

/** A year as it is loaded; `version` is base64url SHA-256 of the document's canonical JSON (RFC 8785). */
export type CalendarYear = { readonly document: CalendarDocument; readonly version: string }

/** The years that are loaded. Immutable; part of the registry's view. */
export type Calendar = {
  readonly years: ReadonlyMap<number, CalendarYear>
  /** Days that a notice names, with the year of the document that has the last word about them. */
  readonly named: ReadonlyMap<string, NamedDay>
}

type NamedDay = CalendarDocument['days'][number] & { readonly by: number }

/** Why a day is worked, or is not. */
export type DayKind = 'WORKING_DAY' | 'MAKE_UP_DAY' | 'WEEKEND' | 'HOLIDAY'

export type Day = {
  readonly date: string
  readonly kind: DayKind
  /** The holiday that it belongs to, as the notice calls it. */
  readonly name?: string
  /** The years of the documents that this was judged by. */
  readonly by: readonly number[]
}

/** A later year's notice may change the December before it, so its word counts. */
export function calendarOf(years: readonly CalendarYear[]): Calendar {
  const ascending = years.toSorted((one, other) => one.document.year - other.document.year)
  const named = ascending.flatMap(({ document: { year, days } }) =>
    days.map((day): [string, NamedDay] => [day.date, { ...day, by: year }]),
  )
  return {
    years: new Map(ascending.map((one) => [one.document.year, one])),
    named: new Map(named),
  }
}

/** The year that covers a day. @throws CalendarNotLoaded. */
export function yearOf({ years }: Calendar, date: string): CalendarYear {
  const year = Number(date.slice(0, 4))
  const loaded = years.get(year)
  if (!loaded) throw new CalendarNotLoaded(year)
  const { coverageEnd } = loaded.document
  if (date > coverageEnd) throw new CalendarNotLoaded(year, coverageEnd)
  return loaded
}

/** Up to which day every day from `date` on is covered; undefined where that day itself is not. */
export function coveredTo({ years }: Calendar, date: string): string | undefined {
  let end: string | undefined
  for (let year = Number(date.slice(0, 4)); ; year += 1) {
    const coverageEnd = years.get(year)?.document.coverageEnd
    if (coverageEnd === undefined || coverageEnd < date) return end
    end = coverageEnd
    if (end !== `${year}-12-31`) return end
  }
}

/** @param date ISO, of Asia/Shanghai. @throws CalendarNotLoaded beyond what is loaded: no day is guessed. */
export function dayOf(calendar: Calendar, date: string): Day {
  const { year } = yearOf(calendar, date).document
  const named = calendar.named.get(date)
  if (!named) return { date, kind: weekdayOf(date) < 6 ? 'WORKING_DAY' : 'WEEKEND', by: [year] }
  const { name, isOffDay } = named
  const by = named.by === year ? [year] : [year, named.by]
  return { date, kind: isOffDay ? 'HOLIDAY' : 'MAKE_UP_DAY', name, by }
}

export function isWorked({ kind }: Pick<Day, 'kind'>): boolean {
  return kind === 'WORKING_DAY' || kind === 'MAKE_UP_DAY'
}
