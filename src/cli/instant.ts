import { Failure } from './failure.ts'

/** RFC 3339 → epoch milliseconds; undefined where the option was not given. @throws Failure. */
export function readInstant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at))
    throw new Failure(
      2,
      `不是时点：${text}。请写作 2026-11-20T00:00:00Z。`,
      `Not an instant: ${text}. Write it as 2026-11-20T00:00:00Z.`,
    )
  return at
}
