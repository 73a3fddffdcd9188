import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { type Leaf, parseLeaf } from '../log/entry.ts'
import { type Filters, matches, needles } from './filters.ts'
import { numbersWithin } from './period.ts'

/** Rows a page. */
const PAGE = 50

/** Entries that one statement looks through in this process: callers' requests are answered between two. */
const WINDOW = 2000

/** On a server of its own nobody here waits for it. */
const SHARED_WINDOW = 20_000

/** Entries that one page looks through at the most; then it says how far it came, and one may go on. */
const LOOKED_MAX = 200_000

export type LogRow = { readonly number: number; readonly leaf: Leaf }

export type LogPage = {
  /** Newest first. */
  readonly rows: readonly LogRow[]
  /** Where to go on: records before this number. Undefined at the end. */
  readonly next: number | undefined
  /** The numbers that this page looked through, `to` excluded; and how many are left behind them. */
  readonly from: number
  readonly to: number
  readonly left: number
  /** Records of the whole log, in all its shards, as of this page. */
  readonly size: number
}

type Bounds = {
  readonly before?: number | undefined
  readonly page?: number
  /** Entries to look through. */
  readonly most?: number
}

/**
 * Looks backwards through the log, newest first, all shards: their numbers run through. No index is
 * kept for it, since the append would pay for that with every request; instead it looks through the
 * entries window by window, bounded, and stops with what it has.
 *
 * @param before only records of a smaller number: where the page before ended
 */
export async function searchLog(
  { store }: Pick<Deps, 'store'>,
  filters: Filters,
  { before, page = PAGE, most = LOOKED_MAX }: Bounds = {},
): Promise<LogPage> {
  const head = await store.readHead()
  const size = head.base + head.size
  const { first, end } = await numbersWithin(store.db, size, filters)
  const start = Math.max(first, Math.min(end, before ?? end))
  const rows: LogRow[] = []
  const width = store.shared ? SHARED_WINDOW : WINDOW
  let at = start
  while (at > first && rows.length < page && start - at < most) {
    const from = Math.max(first, at - width, start - most)
    const wanted = page - rows.length
    const found = await windowOf(store, { from, to: at, wanted }, filters)
    for (const { idx, leaf } of found) {
      const read = parseLeaf(leaf)
      if (matches(read, filters)) rows.push({ number: idx, leaf: read })
    }
    at = found.length < wanted ? from : (found.at(-1)?.idx ?? from)
    if (rows.length < page) await othersFirst()
  }
  const left = at - first
  return { rows, next: left > 0 ? at : undefined, from: at, to: start, left, size }
}

function windowOf(
  { db }: Deps['store'],
  { from, to, wanted }: { from: number; to: number; wanted: number },
  filters: Filters,
): Promise<{ idx: number; leaf: string }[]> {
  let query = db.selectFrom('entry').select(['idx', 'leaf'])
  for (const needle of needles(filters))
    query = query.where(sql<boolean>`leaf LIKE ${`%${escaped(needle)}%`} ESCAPE '!'`)
  return query
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .orderBy('idx', 'desc')
    .limit(wanted)
    .execute()
}

function escaped(needle: string): string {
  return needle.replace(/[!%_]/g, '!$&')
}

/** The embedded engine answers at once, within this turn: so whoever waits is given one. */
function othersFirst(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}
