import type { Log } from './append.ts'
import { type Leaf, leafText } from './entry.ts'

export type Change = NonNullable<Leaf['change']>

/**
 * Records a change of what requests are judged or signed by. Call it before the change takes effect: a
 * crash between the two leaves an entry without a change, never a change without an entry.
 *
 * @returns the entry's index. @throws LogUnavailable.
 */
export async function recordChange(log: Pick<Log, 'append'>, change: Change): Promise<number> {
  const { index } = await log.append({
    leaf: (time) => leafText({ kind: 'registry', change }, time),
  })
  return index
}
