const SHANGHAI_OFFSET_MILLIS = 8 * 3_600_000
const DAY_MILLIS = 86_400_000

/** The natural day of Asia/Shanghai (UTC+8, no summer time since 1991) as an ISO date. */
export function dayInShanghai(now: number): string {
  const number = Math.floor((now + SHANGHAI_OFFSET_MILLIS) / DAY_MILLIS)
  if (number !== last.number) last = { number, day: isoDay(number) }
  return last.day
}

/** Writing a date costs more than the rest of a step; nearly every request has the day of the last one. */
let last = { number: 0, day: '1970-01-01' }

function isoDay(number: number): string {
  return new Date(number * DAY_MILLIS).toISOString().slice(0, 10)
}

/** Whole seconds until that day ends, at least 1. */
export function secondsToMidnight(now: number): number {
  const intoDay = (now + SHANGHAI_OFFSET_MILLIS) % DAY_MILLIS
  return Math.ceil((DAY_MILLIS - intoDay) / 1000)
}
