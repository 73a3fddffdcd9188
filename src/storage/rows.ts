import type { NewEntry } from './store.ts'

const HASH_BYTES = 32
export const TILE_WIDTH = 256

/**
 * A key's first 64 bits as a row id. The narrow key keeps the one index that grows at random small
 * (about 20 MB for a million requests). Of two keys that share 64 bits, the later one's requests meet
 * the earlier record and are refused (`jti-reuse`): safe, less likely than 1 in 3,000 for any two of 10⁸,
 * and whoever makes such a pair on purpose refuses only himself.
 */
export function bits64(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset, 8).getBigInt64(0)
}

/** The same for an engine's text protocol: a number of JavaScript does not hold 64 bits. */
export function keyText(key: Uint8Array): string {
  return bits64(key).toString()
}

/** What a batch adds to each counter; an intent only claims. */
export function usesOf(entries: readonly NewEntry[]) {
  const counters = new Map<string, { key: string; day: string; used: number }>()
  for (const { draft } of entries) {
    if (!draft.counter || draft.leaseUntil !== undefined) continue
    const { key, day } = draft.counter
    const id = `${day} ${key}`
    const counter = counters.get(id)
    if (counter) counter.used += 1
    else counters.set(id, { key, day, used: 1 })
  }
  return [...counters.values()]
}

/** Hashes as one partial tile. */
function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(hashes.length * HASH_BYTES)
  hashes.forEach((hash, i) => {
    out.set(hash, i * HASH_BYTES)
  })
  return out
}

/**
 * A tree's partial tiles by level, up to the highest that has any: level 0 from the leaves behind its last
 * full tile, each level above from the roots of the full tiles below it.
 *
 * @param size leaves of the tree
 * @param rootsOf the roots of a level's full tiles, from the n-th on, in order
 */
export function partialTiles(
  size: number,
  leaves: readonly Uint8Array[],
  rootsOf: (level: number, from: number) => readonly Uint8Array[],
): Uint8Array[] {
  const partial = [joined(leaves)]
  let count = Math.floor(size / TILE_WIDTH)
  for (let level = 0; count > 0; level++) {
    partial.push(joined(rootsOf(level, count - (count % TILE_WIDTH))))
    count = Math.floor(count / TILE_WIDTH)
  }
  return partial
}
