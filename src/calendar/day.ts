const SHANGHAI_OFFSET_MILLIS = 8 * 3_600_000
const DAY_MILLIS = 86_400_000
const MINUTE_MILLIS = 60_000

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

/** `count` natural days after an ISO date, or before it where negative. */
export function addDays(day: string, count: number): string {
  return isoDay(Date.parse(day) / DAY_MILLIS + count)
}

/** 1 is Monday, 7 is Sunday (ISO 8601). */
export function weekdayOf(day: string): number {
  return new Date(Date.parse(day)).getUTCDay() || 7
}

/** The instant of a wall-clock time `HH:MM` on that day in Shanghai, epoch milliseconds; 24:00 is its end. */
export function instantOf(day: string, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return Date.parse(day) - SHANGHAI_OFFSET_MILLIS + (hours * 60 + minutes) * MINUTE_MILLIS
}

/** RFC 3339 with the offset of Shanghai, as `2026-12-04T17:30:00+08:00`; milliseconds only where there are some. */
export function textOfInstant(at: number): string {
  const text = new Date(at + SHANGHAI_OFFSET_MILLIS).toISOString()
  return `${text.slice(0, -1).replace(/\.000$/, '')}+08:00`
}
