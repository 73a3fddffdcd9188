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
