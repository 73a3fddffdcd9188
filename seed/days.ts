const DAY_MILLIS = 86_400_000
const FIRST = Date.parse('1940-01-01') / DAY_MILLIS
const LAST = Date.parse('2039-12-31') / DAY_MILLIS

/** A calendar day as a register writes it and as an identity number does. */
export type Day = { readonly iso: string; readonly digits: string }

const days: Day[] = Array.from({ length: LAST - FIRST + 1 }, (_, i) => {
  const iso = new Date((FIRST + i) * DAY_MILLIS).toISOString().slice(0, 10)
  return { iso, digits: iso.replaceAll('-', '') }
})

/** Days since 1970 of an ISO date. */
export function dayNumber(iso: string): number {
  return Date.parse(iso) / DAY_MILLIS
}

/** From a table: making each date anew would halve the speed of a register of millions. */
export function dayAt(number: number): Day {
  const day = days[number - FIRST]
  if (day === undefined) throw new RangeError(`day ${number} is outside 1940–2039`)
  return day
}

/** The day that every register of the invented city was handed over on. */
export const SNAPSHOT_DAY = '2026-10-31'

/** Full years lived on the snapshot's day. */
export function ageOf(birthDate: string): number {
  const years = Number(SNAPSHOT_DAY.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return SNAPSHOT_DAY.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** `YYYY-MM`, so many months before the snapshot's. */
export function monthsBack(count: number): string {
  const months =
    Number(SNAPSHOT_DAY.slice(0, 4)) * 12 + Number(SNAPSHOT_DAY.slice(5, 7)) - 1 - count
  return `${Math.floor(months / 12)}-${two((months % 12) + 1)}`
}

/** An ISO date in one of `years` years from `year` on; no day that some month lacks. */
export function dayWithin(draw: () => number, year: number, years = 1): string {
  const part = (count: number) => Math.floor(draw() * count)
  return `${year + part(years)}-${two(1 + part(12))}-${two(1 + part(28))}`
}

export function two(n: number): string {
  return String(n).padStart(2, '0')
}
