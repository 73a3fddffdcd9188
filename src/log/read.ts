import type { Head, Store } from '../storage/store.ts'
import type { Edge } from './edge.ts'
import { HASH_BYTES } from './merkle.ts'
import type { ReadTile } from './proof.ts'
import type { PastLog } from './shard.ts'
import { TILE_WIDTH, tileWidth } from './tile.ts'

/**
 * Reads tiles of a committed tree: full ones from the store, partial ones as slices of the right edge, or
 * of the full tile that has grown over them since. A partial tile is a byte prefix of the fuller one
 * (c2sp.org/tlog-tiles), so none is stored before its shard is closed.
 *
 * The reader throws when asked for what the tree does not hold.
 */
export function tileReader(
  store: Pick<Store, 'readTile'>,
  shown: () => { readonly head: Pick<Head, 'shard'>; readonly edge: Edge },
): ReadTile {
  return async (level, n, width) => {
    const { head, edge } = shown()
    const { size, partial } = edge
    const complete = Math.floor(size / TILE_WIDTH ** (level + 1))
    const bytes =
      n < complete
        ? await store.readTile(head.shard, level, n)
        : n === complete
          ? partial[level]
          : undefined
    return prefix(bytes, { level, n, width })
  }
}

/** Reads tiles of a closed shard, whose partial ones are stored. Throws like `tileReader`. */
export function pastTileReader(
  store: Pick<Store, 'readTile'>,
  { shard, size }: Pick<PastLog, 'shard' | 'size'>,
): ReadTile {
  return async (level, n, width) => {
    const isThere = width <= tileWidth(size, level, n)
    const bytes = isThere ? await store.readTile(shard, level, n) : undefined
    return prefix(bytes, { level, n, width })
  }
}

function prefix(
  bytes: Uint8Array | undefined,
  { level, n, width }: { level: number; n: number; width: number },
): Uint8Array {
  if (!bytes || bytes.length < width * HASH_BYTES)
    throw new Error(`no tile ${level}/${n}.p/${width}`)
  return bytes.subarray(0, width * HASH_BYTES)
}
