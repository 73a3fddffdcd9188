import { type Calendar, type Day, dayOf, isWorked, yearOf } from './calendar.ts'
import { CalendarError } from './calendar-error.ts'
import { addDays, dayInShanghai, instantOf, weekdayOf } from './day.ts'
import { EXTENSION_MAX, type Limit } from './limit.ts'
import { type CountedDay, type Counting, type Deadline, traceOf, type Why } from './trace.ts'

const HOUR_MILLIS = 3_600_000

/**
 * The due date of a limit, with each day that it was counted by (promise 8). The day of the event is not
 * counted; the due day ends with the close of business; a stop takes the days after the one on which it
 * begins, up to and with the one on which it ends, so that both are treated as a receipt is.
 *
 * @throws CalendarNotLoaded where a day lies beyond the loaded calendars; CalendarError `limit` for a limit
 *   of no days, a stop that ends before it begins, and an extension that is none of 1 to `extensionMax`
 *   working days.
 */
export function dueOf(calendar: Calendar, counting: Counting): Deadline {
  mustBeCountable(counting)
  return inDays(counting.limit) ? countDays(calendar, counting) : countHours(calendar, counting)
}

function inDays({ unit }: Limit): boolean {
  return unit === 'WORKING_DAY' || unit === 'NATURAL_DAY'
}

function mustBeCountable({ limit, start, stops = [], extension, extensionMax }: Counting): void {
  const most = extensionMax ?? EXTENSION_MAX
  const fault = (what: string) => new CalendarError('limit', what)
  if (!Number.isFinite(start)) throw fault('the start is no instant')
  if (inDays(limit) && limit.n < 1) throw fault('a limit of days has at least one')
  for (const { from, to } of stops)
    if (to !== null && to < from) throw fault('a stop ends before it begins')
  if (!extension) return
  if (limit.unit !== 'WORKING_DAY') throw fault('only a limit of working days is extended')
  if (!Number.isInteger(extension.n) || extension.n < 1 || extension.n > most)
    throw fault(`an extension is 1 to ${most} working days, not ${extension.n}`)
}

function countDays(calendar: Calendar, counting: Counting): Deadline {
  const { limit, start, extension } = counting
  const pauses = pausesOf(counting)
  const total = limit.n + (extension?.n ?? 0)
  let n = 0
  let day = dayOf(calendar, dayInShanghai(start))
  const days = [counted(day, 'START')]
  const years = new Set(day.by)
  while (n < total || !isWorked(day)) {
    const { date } = day
    if (n < total && pauses.some(({ from, to }) => to === null && from <= date))
      return { due: null, left: total - n, trace: traceOf(calendar, counting, { years, days }) }
    day = dayOf(calendar, addDays(date, 1))
    for (const year of day.by) years.add(year)
    const why = n < total ? whyOf(day, limit, pauses) : isWorked(day) ? 'ROLLED_TO' : day.kind
    if (COUNTED.includes(why)) n += 1
    days.push(counted(day, why, n))
  }
  const { closeOfBusiness } = yearOf(calendar, day.date).document
  const due = { on: day.date, at: instantOf(day.date, closeOfBusiness) }
  return { due, trace: traceOf(calendar, counting, { years, days, closeOfBusiness, due }) }
}

type Pause = { readonly from: string; readonly to: string | null }

function pausesOf({ stops = [] }: Counting): readonly Pause[] {
  return stops.map(({ from, to }) => ({
    from: dayInShanghai(from),
    to: to === null ? null : dayInShanghai(to),
  }))
}

function whyOf(day: Day, { unit }: Limit, pauses: readonly Pause[]): Why {
  // A weekend within a stop would not have been counted anyway.
  if (unit === 'WORKING_DAY' && !isWorked(day)) return day.kind
  const { date } = day
  if (pauses.some(({ from, to }) => to !== null && from < date && date <= to)) return 'STOPPED'
  return unit === 'NATURAL_DAY' ? 'NATURAL_DAY' : day.kind
}

const COUNTED: readonly Why[] = ['WORKING_DAY', 'MAKE_UP_DAY', 'NATURAL_DAY']

function counted({ date, name }: Day, why: Why, n?: number): CountedDay {
  const number = n !== undefined && COUNTED.includes(why) ? { n } : {}
  return { date, weekday: weekdayOf(date), ...number, why, ...(name === undefined ? {} : { name }) }
}

/** Hours run through nights and holidays (民法典 art. 201), stops aside; what is due at once is due when it begins. */
function countHours(calendar: Calendar, counting: Counting): Deadline {
  const { limit, start, stops = [] } = counting
  let at = start + limit.n * HOUR_MILLIS
  let countedTo = start
  for (const { from, to } of stops.toSorted((one, other) => one.from - other.from)) {
    const began = Math.max(from, countedTo)
    if (began >= at) continue
    if (to === null) {
      const left = Math.ceil((at - began) / HOUR_MILLIS)
      return { due: null, left, trace: traceOf(calendar, counting, {}) }
    }
    at += Math.max(0, to - began)
    countedTo = Math.max(countedTo, to)
  }
  const due = { on: dayInShanghai(at), at }
  return { due, trace: traceOf(calendar, counting, { due }) }
}
