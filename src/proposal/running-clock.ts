import type { Calendar } from '../calendar/calendar.ts'
import { CalendarNotLoaded } from '../calendar/calendar-error.ts'
import type { Clock } from '../calendar/clocks.ts'
import { dayInShanghai, textOfInstant } from '../calendar/day.ts'
import { dueOf } from '../calendar/due.ts'
import { timeLeft } from '../calendar/left.ts'
import type { Counting, Stop, Trace } from '../calendar/trace.ts'
import { timeLeftWords } from '../calendar/words.ts'
import type { Bilingual } from '../errors.ts'

/** What a clock is run by: acts alone, so that whoever reads the log counts the same. Epoch milliseconds. */
export type Run = {
  readonly name: string
  readonly clock: Clock
  readonly start: number
  readonly stops?: readonly Stop[]
  /** Working days granted beyond the limit. */
  readonly extension?: number | undefined
  /** When it was kept, or nothing was owed any more. */
  readonly doneAt?: number | undefined
}

/**
 * How a statutory clock of a proposal stands. `no-calendar`: it is due on a day that no loaded calendar
 * covers, and none is guessed; `year` says which one is missing.
 */
export type RunningClock = {
  readonly name: string
  readonly names: Bilingual
  /** Where the limit stands. */
  readonly article: string
  readonly state: 'normal' | 'near' | 'overdue' | 'stopped' | 'done' | 'no-calendar'
  /** Null while it stands still, and where it cannot be counted. */
  readonly due: { readonly on: string; readonly at: string } | null
  readonly left?: Bilingual
  readonly doneAt?: string
  /** Of a clock that is done: that it was after its due date. */
  readonly isLate?: boolean
  readonly year?: number
  /** All that is needed to count again by hand. */
  readonly trace?: Trace
}

type When = { readonly calendar: Calendar; readonly now: number }

export function runningClock(run: Run, { calendar, now }: When): RunningClock {
  const { name, clock, doneAt } = run
  const common = { name, names: clock.names, article: clock.limit.basis }
  const done = doneAt === undefined ? {} : { doneAt: textOfInstant(doneAt) }
  try {
    const deadline = dueOf(calendar, countingOf(run))
    const { trace } = deadline
    const due = deadline.due && { on: deadline.due.on, at: textOfInstant(deadline.due.at) }
    if (doneAt !== undefined) {
      const isLate = deadline.due !== null && doneAt > deadline.due.at
      return { ...common, state: 'done', due, ...done, isLate, trace }
    }
    const left = timeLeft(calendar, deadline, now)
    return { ...common, state: left.state, due, left: timeLeftWords(left), trace }
  } catch (error) {
    if (!(error instanceof CalendarNotLoaded)) throw error
    const state = doneAt === undefined ? 'no-calendar' : 'done'
    return { ...common, state, due: null, ...done, year: error.year }
  }
}

/**
 * Whether a limit has passed. A due date beyond the loaded calendar lies behind every day that is covered, so
 * on such a day it has not; on any other nobody can tell.
 */
export function whetherLate(run: Run, { calendar, now }: When): boolean | 'no-calendar' {
  try {
    const { due } = dueOf(calendar, countingOf(run))
    return due !== null && now > due.at
  } catch (error) {
    if (!(error instanceof CalendarNotLoaded)) throw error
    const today = dayInShanghai(now)
    const end = calendar.years.get(error.year)?.document.coverageEnd ?? `${error.year - 1}-12-31`
    return today <= end ? false : 'no-calendar'
  }
}

function countingOf({ clock, start, stops = [], extension }: Run): Counting {
  const { limit, extensionMax } = clock
  const { basis } = limit
  const more = extension === undefined ? {} : { extension: { n: extension, basis } }
  return { limit, extensionMax, start, stops, ...more }
}
