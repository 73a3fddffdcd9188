import type { Log } from '../log/append.ts'
import { type Leaf, leafText } from '../log/entry.ts'

/**
 * Records a change of the registry; apply it only after this has resolved. A crash between the two
 * leaves an entry of a change that never came into force, and the next attempt records it again.
 *
 * @returns the entry's index. @throws LogUnavailable.
 */
export async function recordChange(
  log: Pick<Log, 'append'>,
  change: NonNullable<Leaf['change']>,
): Promise<number> {
  const { index } = await log.append({
    leaf: (time) => leafText({ kind: 'registry', change }, time),
  })
  return index
}
