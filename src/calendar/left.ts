import { type Calendar, dayOf, isWorked } from './calendar.ts'
import { CalendarNotLoaded } from './calendar-error.ts'
import { addDays, dayInShanghai } from './day.ts'
import type { Limit } from './limit.ts'
import type { Deadline, Due } from './trace.ts'

/** People are warned a working day before the due day, as municipal 电子监察 rules do. */
const NEAR_WORKING_DAYS = 1

/**
 * How a clock stands. `workingDays` are those after today up to and with the due day, so 0 is today; of an
 * overdue clock, those since the due day, and null where no loaded calendar says so.
 */
export type TimeLeft =
  | {
      readonly state: 'normal' | 'near'
      readonly workingDays: number
      readonly due: Due
      readonly today: string
    }
  | {
      readonly state: 'overdue'
      readonly workingDays: number | null
      readonly due: Due
      readonly today: string
    }
  | { readonly state: 'stopped'; readonly left: number; readonly unit: Limit['unit'] }

/** @param now epoch milliseconds. @throws CalendarNotLoaded where today is not covered, and it is not overdue. */
export function timeLeft(calendar: Calendar, deadline: Deadline, now: number): TimeLeft {
  if (deadline.due === null) {
    const { left, trace } = deadline
    return { state: 'stopped', left, unit: trace.limit.unit }
  }
  const { due } = deadline
  const today = dayInShanghai(now)
  if (now > due.at) {
    const workingDays = ifLoaded(() => workingDaysBetween(calendar, due.on, today))
    return { state: 'overdue', workingDays, due, today }
  }
  const workingDays = workingDaysBetween(calendar, today, due.on)
  return { state: workingDays > NEAR_WORKING_DAYS ? 'normal' : 'near', workingDays, due, today }
}

/** Working days after `from`, up to and with `to`; none where `to` is not later. @throws CalendarNotLoaded. */
export function workingDaysBetween(calendar: Calendar, from: string, to: string): number {
  let count = 0
  for (let date = from; date < to; ) {
    date = addDays(date, 1)
    if (isWorked(dayOf(calendar, date))) count += 1
  }
  return count
}

/** That a clock is overdue is known without a calendar; by how much is not. */
function ifLoaded(count: () => number): number | null {
  try {
    return count()
  } catch (error) {
    if (error instanceof CalendarNotLoaded) return null
    throw error
  }
}
