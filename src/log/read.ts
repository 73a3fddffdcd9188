import type { Store } from '../storage/store.ts'
import type { Edge } from './edge.ts'
import { HASH_BYTES } from './merkle.ts'
import type { ReadTile } from './proof.ts'
import type { PastLog } from './shard.ts'
import { TILE_WIDTH, tileWidth } from './tile.ts'

/**
 * Reads tiles of the committed tree: full ones from the store, partial ones as slices of the right
 * edge, or of the full tile that has grown over them since. A partial tile is a byte prefix of the
 * fuller one (c2sp.org/tlog-tiles), so none is ever stored.
 *
 * The reader throws when asked for what the tree does not hold.
 */
export function tileReader(store: Pick<Store, 'readTile'>, edge: () => Edge): ReadTile {
  return async (level, n, width) => {
    const { size, partial } = edge()
    const complete = Math.floor(size / TILE_WIDTH ** (level + 1))
    const bytes =
      n < complete ? await store.readTile(level, n) : n === complete ? partial[level] : undefined
    if (!bytes || bytes.length < width * HASH_BYTES)
      throw new Error(`no tile ${level}/${n}.p/${width}`)
    return bytes.subarray(0, width * HASH_BYTES)
  }
}

/** Reads tiles of a closed shard, whose partial ones are stored. Throws like `tileReader`. */
export function pastTileReader(
  { db }: Pick<Store, 'db'>,
  { shard, size }: Pick<PastLog, 'shard' | 'size'>,
): ReadTile {
  return async (level, n, width) => {
    const row = await db
      .selectFrom('past_tile')
      .select('hashes')
      .where('shard', '=', shard)
      .where('level', '=', level)
      .where('n', '=', n)
      .executeTakeFirst()
    const isThere = width <= tileWidth(size, level, n)
    if (!row || !isThere || row.hashes.length < width * HASH_BYTES)
      throw new Error(`no tile ${level}/${n}.p/${width} of shard ${shard}`)
    return row.hashes.subarray(0, width * HASH_BYTES)
  }
}
