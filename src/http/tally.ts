import type { Deps } from '../deps.ts'
import type { Code } from '../errors.ts'

const INTERVAL_MILLIS = 60_000

/**
 * What cannot be attributed to a caller (checks 1–6) is counted, not logged: anybody could fill the log.
 * The counts go to the operator at most once a minute, with the next refusal after that.
 */
export function tally({ clock, report }: Pick<Deps, 'clock' | 'report'>): (code: Code) => void {
  const counts = new Map<Code, number>()
  let since = clock()
  return (code) => {
    counts.set(code, (counts.get(code) ?? 0) + 1)
    if (clock() - since < INTERVAL_MILLIS) return
    report('unattributed', Object.fromEntries(counts))
    counts.clear()
    since = clock()
  }
}
