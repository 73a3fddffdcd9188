import { randomUUID } from 'node:crypto'
import { ConfigError } from '../config.ts'
import { mustBeServable, readMarks, retire } from '../storage/marks.ts'
import { readAnchors } from './anchor.ts'
import { type Copy, copyGateway, release, type Steps, wholeCopyIn } from './copy.ts'
import { type Frozen, freeze, nameOf, type Place } from './place.ts'

export type Moving = Steps & {
  readonly from: Place
  readonly to: Place
  /** The folder of the source's keys, where this machine has it. */
  readonly keys: string
  readonly anchorDir: string
  readonly now: number
}

/** `rows`: 0 where an earlier run had copied them all. */
export type MovedGateway = {
  readonly size: number
  readonly checkpoint: string
  readonly shard: number
  readonly rows: number
}

/**
 * Moves a gateway: nobody writes to the source from here on; it is copied, checked, then retired in one
 * commit, and only then may the copy be served. So at no moment can two places sign the log. Whoever
 * dies before that commit leaves the source as it was; after it, the same call ends what is left.
 *
 * @throws ConfigError, NotServable, DamagedLog, KeyError, StoreUnavailable.
 */
export async function moveGateway(moving: Moving): Promise<MovedGateway> {
  const { from, to } = moving
  if (nameOf(from) === nameOf(to))
    throw new ConfigError(`来去是同一处：${nameOf(to)}。--from and --to are the same place.`)
  const source = await freeze(from)
  try {
    const copy = (await leftBehind(source, to)) ?? (await copyAndRetire(source, moving))
    try {
      await release(copy)
      const { base, size, checkpoint, shard } = copy.head
      return { size: base + size, checkpoint, shard, rows: copy.rows }
    } finally {
      await copy.target.close()
    }
  } finally {
    await source.release()
  }
}

/** The copy of a move whose last step is missing. @throws NotServable where the source went elsewhere. */
async function leftBehind({ store }: Frozen, to: Place): Promise<Copy | undefined> {
  const { moved } = await readMarks(store.db)
  const copy = moved?.to === nameOf(to) ? await wholeCopyIn(to, moved.move) : undefined
  if (!copy) await mustBeServable(store.db)
  return copy
}

async function copyAndRetire(
  source: Frozen,
  { from, to, keys, anchorDir, now, ...steps }: Moving,
): Promise<Copy> {
  const move = randomUUID()
  const anchors = await readAnchors(anchorDir)
  const named = { store: source.store, name: nameOf(from), keys }
  const copy = await copyGateway(named, to, { anchors, move, ...steps })
  try {
    const { size, checkpoint } = copy.head
    const at = new Date(now).toISOString()
    await retire(source.store.db, { move, to: nameOf(to), at, size, checkpoint })
    await source.commit()
    return copy
  } catch (error) {
    await copy.target.close()
    throw error
  }
}
