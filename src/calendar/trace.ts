import type { Calendar, DayKind } from './calendar.ts'
import { textOfInstant } from './day.ts'
import type { Limit } from './limit.ts'

/** The clock stands still: from a correction notice to complete receipt, say. `to` null: it still does. */
export type Stop = { readonly from: number; readonly to: number | null; readonly basis: string }

/** More working days, once, with the consent and notice that the law demands of whoever grants it. */
export type Extension = { readonly n: number; readonly basis: string }

/** What a due date follows from. Instants in epoch milliseconds. */
export type Counting = {
  readonly limit: Limit
  /** When the event happened that the limit is counted from. */
  readonly start: number
  readonly stops?: readonly Stop[]
  readonly extension?: Extension | undefined
  /** How many working days this limit may be extended by; `EXTENSION_MAX` where not given. */
  readonly extensionMax?: number
}

/**
 * - `START`: the day of the event, which is not counted (民法典 art. 201);
 * - `STOPPED`: the clock stood still;
 * - `NATURAL_DAY`: counted whatever day it is;
 * - `ROLLED_TO`: the last natural day was no working day, so the limit ends here (民法典 art. 203);
 * - else as the calendar has it: of working days, `WORKING_DAY` and `MAKE_UP_DAY` are counted.
 */
export type Why = DayKind | 'START' | 'STOPPED' | 'NATURAL_DAY' | 'ROLLED_TO'

/** One day from the start to the due date. `n`: the number it was counted as; absent where it was not. */
export type CountedDay = {
  readonly date: string
  /** 1 is Monday. */
  readonly weekday: number
  readonly n?: number
  readonly why: Why
  /** The holiday, as the notice calls it. */
  readonly name?: string
}

/** All that is needed to count again by hand. JSON as it stands; instants with the offset of Shanghai. */
export type Trace = {
  readonly zone: 'Asia/Shanghai'
  readonly limit: Limit
  readonly start: string
  readonly extension?: Extension
  readonly stops?: readonly {
    readonly from: string
    readonly to: string | null
    readonly basis: string
  }[]
  /** The documents that some day here was judged by. */
  readonly calendars: readonly { readonly year: number; readonly version: string }[]
  readonly days: readonly CountedDay[]
  /** Of the due day, whose time ends with it. Absent where hours are counted. */
  readonly closeOfBusiness?: string
  /** Null while the clock stands still. */
  readonly dueAt: string | null
}

/** By when: until the instant `at`, which closes the day `on` (at 24:00 it is the next day's first). */
export type Due = { readonly on: string; readonly at: number }

/** `left`: how much of the limit, in its own unit, is not used up while the clock stands still. */
export type Deadline =
  | { readonly due: Due; readonly trace: Trace }
  | { readonly due: null; readonly left: number; readonly trace: Trace }

export type Walked = {
  /** Of the documents that were asked. */
  readonly years?: ReadonlySet<number>
  readonly days?: readonly CountedDay[]
  readonly closeOfBusiness?: string
  readonly due?: Due
}

export function traceOf(
  calendar: Calendar,
  { limit, start, stops = [], extension }: Counting,
  { years = new Set(), days = [], closeOfBusiness, due }: Walked,
): Trace {
  const told = stops.map(({ from, to, basis }) => ({
    from: textOfInstant(from),
    to: to === null ? null : textOfInstant(to),
    basis,
  }))
  return {
    zone: 'Asia/Shanghai',
    limit,
    start: textOfInstant(start),
    ...(extension ? { extension } : {}),
    ...(told.length > 0 ? { stops: told } : {}),
    calendars: versionsOf(calendar, years),
    days,
    ...(closeOfBusiness === undefined ? {} : { closeOfBusiness }),
    dueAt: due ? textOfInstant(due.at) : null,
  }
}

function versionsOf({ years }: Calendar, asked: ReadonlySet<number>): Trace['calendars'] {
  return [...years]
    .filter(([year]) => asked.has(year))
    .map(([year, { version }]) => ({ year, version }))
}
