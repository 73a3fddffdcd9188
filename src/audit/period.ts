import type { Deps } from '../deps.ts'
import { parseLeaf } from '../log/entry.ts'
import type { Filters } from './filters.ts'

/**
 * The numbers of the records that lie in a period and in a range of numbers, `end` excluded. An entry's
 * time is never before that of the entry that precedes it, so a few looks find where a period begins.
 *
 * @param size the number behind the last record's; numbers of entries that were lost before a new shard
 *   was begun belong to nobody
 */
export async function numbersWithin(
  db: Deps['store']['db'],
  size: number,
  { from, until, first = 0, last }: Pick<Filters, 'from' | 'until' | 'first' | 'last'>,
): Promise<{ readonly first: number; readonly end: number }> {
  const since = from === undefined ? 0 : await firstSince(db, size, from)
  const to = until === undefined ? size : await firstSince(db, size, until)
  const start = Math.max(first, since)
  const end = Math.min(to, last === undefined ? size : last + 1)
  return { first: Math.min(start, end), end }
}

/** From where on no record's time is before an instant; `size` where all are. */
async function firstSince(db: Deps['store']['db'], size: number, instant: number): Promise<number> {
  let low = 0
  let high = size
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await db
      .selectFrom('entry')
      .select(['idx', 'leaf'])
      .where('idx', '>=', middle)
      .orderBy('idx')
      .limit(1)
      .executeTakeFirst()
    if (row && Date.parse(parseLeaf(row.leaf).time) < instant) low = row.idx + 1
    else high = middle
  }
  return low
}
