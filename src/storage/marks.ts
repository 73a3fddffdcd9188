import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** Stands in a copy from its first row until it may be served. `isWhole`: all is there and was checked. */
export type Unfinished = { readonly move: string; readonly from: string; readonly isWhole: boolean }

/** Stands in what was moved, for good; the head's own checkpoint is kept here and no longer in the head. */
export type Moved = {
  readonly move: string
  readonly to: string
  readonly at: string
  readonly size: number
  readonly checkpoint: string
}

export type Marks = { readonly unfinished?: Unfinished; readonly moved?: Moved }

/** A database that must not be served: `moved`, the log goes on elsewhere; `unfinished`, it is no whole copy. */
class NotServable extends Error {
  override readonly name = 'NotServable'
  readonly code: 'moved' | 'unfinished'

  constructor(code: 'moved' | 'unfinished', message: string) {
    super(message)
    this.code = code
  }
}

const UNFINISHED = 'unfinished-copy'
const MOVED = 'moved-to'
/** No checkpoint: a node that still has the old one in memory finds this at its next append, and stops. */
const NO_CHECKPOINT = 'moved\n'

export async function readMarks(db: Kysely<Tables>): Promise<Marks> {
  const marks = db.selectFrom('meta').selectAll().where('key', 'in', [UNFINISHED, MOVED])
  const found = new Map((await marks.execute()).map(({ key, value }) => [key, JSON.parse(value)]))
  const [unfinished, moved] = [found.get(UNFINISHED), found.get(MOVED)]
  return { ...(unfinished ? { unfinished } : {}), ...(moved ? { moved } : {}) }
}

/** @throws NotServable. */
export async function mustBeServable(db: Kysely<Tables>): Promise<void> {
  const { moved, unfinished } = await readMarks(db)
  if (moved)
    throw new NotServable(
      'moved',
      `this gateway was moved to ${moved.to} on ${moved.at}: start it there`,
    )
  if (unfinished)
    throw new NotServable(
      'unfinished',
      `this is a copy of ${unfinished.from} that did not come to its end: run the same command again, or remove it`,
    )
}

export async function markUnfinished(db: Kysely<Tables>, mark: Unfinished): Promise<void> {
  const value = JSON.stringify(mark)
  await db
    .insertInto('meta')
    .values({ key: UNFINISHED, value })
    .onConflict((on) => on.column('key').doUpdateSet({ value }))
    .execute()
}

/** From here on the copy may be served. */
export async function markServable(db: Kysely<Tables>): Promise<void> {
  await db.deleteFrom('meta').where('key', '=', UNFINISHED).execute()
}

/** Ends a log's life here. `db` is inside the transaction that holds it still: the caller commits. */
export async function retire(db: Kysely<Tables>, moved: Moved): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key: MOVED, value: JSON.stringify(moved) })
    .execute()
  // A log that never signed may have no head yet: then it gets one that nothing can be built on.
  const none = { size: 0, time_at: 0, shard: 1, base: 0 }
  await db
    .insertInto('head')
    .values({ id: 1, checkpoint: NO_CHECKPOINT, ...none })
    .onConflict((on) => on.column('id').doUpdateSet({ checkpoint: NO_CHECKPOINT }))
    .execute()
}
