import type { Limit } from '../calendar/limit.ts'

/** Whether one limit always ends before another; `unclear` where that depends on the calendar. */
export type Within = 'within' | 'beyond' | 'unclear'

const HOURS_A_DAY = 24

/**
 * Where a count may begin, earliest first: what is received is accepted later, and consented to later still.
 * A change is another event, which these cannot be ordered with.
 */
const EVENTS: readonly Limit['from'][] = ['RECEIPT', 'ACCEPTANCE', 'CONSENT']

/**
 * Judges a promised limit against a longer one, whatever their units. A count of natural days or hours never
 * ends after as many working days, the other way round it may: a holiday can be nine days long. Nothing is
 * looked up in a calendar, so what holds, holds in every year.
 */
export function within(promised: Limit, longest: Limit): Within {
  const start = startOf(promised.from, longest.from)
  const length = lengthOf(promised, longest)
  if (length === 'within' && (start === 'same' || start === 'earlier')) return 'within'
  if (length === 'beyond' && (start === 'same' || start === 'later')) return 'beyond'
  return 'unclear'
}

function startOf(one: Limit['from'], other: Limit['from']): 'same' | 'earlier' | 'later' | 'other' {
  if (one === other) return 'same'
  const [at, from] = [EVENTS.indexOf(one), EVENTS.indexOf(other)]
  if (at < 0 || from < 0) return 'other'
  return at < from ? 'earlier' : 'later'
}

function lengthOf(one: Limit, other: Limit): Within {
  const [a, b] = [naturalHours(one), naturalHours(other)]
  if (one.unit === 'WORKING_DAY' && one.n > 0) {
    if (other.unit === 'WORKING_DAY') return one.n <= other.n ? 'within' : 'beyond'
    // So many working days take at least as many natural ones, and perhaps more.
    return a > b ? 'beyond' : 'unclear'
  }
  if (other.unit === 'WORKING_DAY') return a <= b ? 'within' : 'unclear'
  return a <= b ? 'within' : 'beyond'
}

/** Counted as natural days; of working days that is the least. */
function naturalHours({ n, unit }: Limit): number {
  if (unit === 'INSTANT') return 0
  return unit === 'HOUR' ? n : n * HOURS_A_DAY
}
