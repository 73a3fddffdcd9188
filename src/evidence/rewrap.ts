import type { Deps } from '../deps.ts'
import type { Tables } from '../storage/tables.ts'

/** Records looked at in one transaction; at about 20 µs each, a serving gateway hardly waits. */
const WINDOW = 500

export type Rewrapped = {
  readonly rewrapped: number
  /** Records whose data key does not open: altered, or their key-encryption key is gone. */
  readonly unopened: readonly number[]
}

type Needs = Pick<Deps, 'store' | 'crypto'>

const UNOPENED_MAX = 20

/**
 * Brings every data key under the newest key-encryption key. Sealed strings, pseudonyms and entries are
 * not touched. May be stopped anywhere and run again: a window is done whole or not at all, and what was
 * done is passed over. A record that is erased meanwhile stays erased.
 *
 * @param newest the kid that data keys are wrapped under now
 * @param onWindow called between windows with records looked at and all of them; what it returns is awaited
 */
export async function rewrapAll(
  { store, crypto }: Needs,
  newest: string,
  onWindow: (done: number, total: number) => Promise<void>,
): Promise<Rewrapped> {
  const { last } = await store.db
    .selectFrom('evidence')
    .select((row) => row.fn.max('idx').as('last'))
    .executeTakeFirstOrThrow()
  const total = last === null ? 0 : Number(last) + 1
  const unopened: number[] = []
  let rewrapped = 0
  for (let from = 0; from < total; from += WINDOW) {
    const found = await rewrapWindow({ store, crypto }, newest, from)
    rewrapped += found.rewrapped
    unopened.push(...found.unopened.slice(0, UNOPENED_MAX - unopened.length))
    await onWindow(Math.min(from + WINDOW, total), total)
  }
  return { rewrapped, unopened }
}

async function rewrapWindow(
  { store: { db }, crypto }: Needs,
  newest: string,
  from: number,
): Promise<Rewrapped> {
  const rows = await db
    .selectFrom('evidence')
    .select(['idx', 'data_key', 'kek'])
    .where('idx', '>=', from)
    .where('idx', '<', from + WINDOW)
    .where('kek', '!=', newest)
    .execute()
  const unopened: number[] = []
  const wrapped = rows.flatMap((row) => {
    const key = tryRewrap(crypto, row)
    if (!key) unopened.push(row.idx)
    return key ? [{ idx: row.idx, was: row.kek, ...key }] : []
  })
  if (wrapped.length === 0) return { rewrapped: 0, unopened }
  // It begins with a write: a transaction that has read cannot wait for another process to end its own.
  const rewrapped = await db.transaction().execute(async (trx) => {
    let count = 0n
    for (const { idx, was, dataKey, kek } of wrapped) {
      const done = await trx
        .updateTable('evidence')
        .set({ data_key: dataKey, kek })
        .where('idx', '=', idx)
        // Erased since it was read: nothing comes back.
        .where('kek', '=', was)
        .executeTakeFirst()
      count += done.numUpdatedRows
    }
    return Number(count)
  })
  return { rewrapped, unopened }
}

function tryRewrap(
  crypto: Needs['crypto'],
  { data_key, kek }: Pick<Tables['evidence'], 'data_key' | 'kek'>,
) {
  if (data_key === null || kek === null) return undefined
  try {
    return crypto.rewrap({ dataKey: data_key, kek })
  } catch {
    return undefined
  }
}
