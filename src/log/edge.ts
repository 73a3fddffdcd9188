import { emptyRoot, HASH_BYTES, nodeHash, perfectRoot, type Sha256 } from './merkle.ts'
import { partialWidth, TILE_WIDTH } from './tile.ts'

/**
 * The right edge of the tree: all that an append needs to know of the leaves before it. A value,
 * never changed: whoever fails to commit an extended edge still holds the old one.
 */
export type Edge = {
  readonly size: number
  /** Roots of the perfect subtrees the leaves fall into, one per set bit of size, largest first. */
  readonly peaks: readonly Uint8Array[]
  /** Per tile level the bytes of its partial tile (width × 32, empty at width 0). */
  readonly partial: readonly Uint8Array[]
}

/** A tile that an append completed: to be stored in the same commit as the leaves. */
export type FullTile = { level: number; n: number; hashes: Uint8Array; root: Uint8Array }

const NO_HASHES = new Uint8Array(0)

/** The edge of the tree without leaves. */
export const emptyEdge: Edge = { size: 0, peaks: [], partial: [] }

/**
 * Appends leaves. Costs one node hash per leaf, amortised, and one copy of the partial tile per
 * level touched; a full tile's root is the peak that the leaves have just built, never rehashed.
 *
 * @param leafHashes 32 bytes each, in log order
 * @returns the new edge and the tiles completed on the way, lower levels before higher ones
 * @throws {RangeError} for a leaf hash of another length
 */
export function extendEdge(
  sha256: Sha256,
  edge: Edge,
  leafHashes: readonly Uint8Array[],
): { edge: Edge; tiles: FullTile[] } {
  if (!leafHashes.every((hash) => hash.length === HASH_BYTES)) {
    throw new RangeError('a leaf hash has 32 bytes')
  }
  const peaks = [...edge.peaks]
  const partial = [...edge.partial]
  const tiles: FullTile[] = []
  let size = edge.size
  for (let taken = 0; taken < leafHashes.length; ) {
    const before = partial[0] ?? NO_HASHES
    const width = before.length / HASH_BYTES
    const batch = leafHashes.slice(taken, taken + TILE_WIDTH - width)
    partial[0] = joined(before, batch)
    for (const [at, hash] of batch.entries()) pushPeak(sha256, peaks, hash, width + at)
    taken += batch.length
    size += batch.length
    tiles.push(...promoteFullTiles(sha256, size, peaks, partial))
  }
  // A lone last leaf is a peak as it came in: copied, so the edge shares nothing with the caller.
  if (size % 2 === 1) peaks.push(new Uint8Array(peaks.pop() ?? NO_HASHES))
  return { edge: { size, peaks, partial }, tiles }
}

/** Root of the tree that ends at this edge (RFC 9162 §2.1.1): one hash per peak but the last. */
export function edgeRoot(sha256: Sha256, { peaks }: Edge): Uint8Array {
  if (peaks.length === 0) return emptyRoot(sha256)
  return peaks.reduceRight((right, left) => nodeHash(sha256, left, right))
}

/**
 * Rebuilds the edge from what is stored: the partial tiles of a tree of `size` leaves.
 *
 * @param partial per level from 0 the partial tile's bytes; empty where its width is 0
 * @throws {RangeError} when a level's bytes do not fit `size`. Whether they are the *right* bytes
 *   shows when `edgeRoot` is compared with the signed checkpoint.
 */
export function edgeFrom(sha256: Sha256, size: number, partial: readonly Uint8Array[]): Edge {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('not a tree size')
  const levels: Uint8Array[] = []
  const peaks: Uint8Array[] = []
  for (let level = 0; size >= TILE_WIDTH ** level; level++) {
    const hashes = partial[level] ?? NO_HASHES
    const width = partialWidth(size, level)
    if (hashes.length !== width * HASH_BYTES) {
      throw new RangeError(`partial tile of level ${level} does not fit the tree size`)
    }
    const own = new Uint8Array(hashes)
    levels.push(own)
    peaks.unshift(...tilePeaks(sha256, own, width))
  }
  if (partial.slice(levels.length).some((hashes) => hashes.length > 0)) {
    throw new RangeError('more tile levels than the tree size has')
  }
  return { size, peaks, partial: levels }
}

/** Roots of the perfect subtrees within one partial tile, largest first. */
function tilePeaks(sha256: Sha256, hashes: Uint8Array, width: number): Uint8Array[] {
  const peaks: Uint8Array[] = []
  for (let from = 0, count = TILE_WIDTH / 2; count >= 1; count /= 2) {
    if (from + count > width) continue
    peaks.push(perfectRoot(sha256, hashes, from, count))
    from += count
  }
  return peaks
}

/** Adds hash number `width` of its tile: each trailing 1 bit is an equal peak that it merges with. */
function pushPeak(sha256: Sha256, peaks: Uint8Array[], hash: Uint8Array, width: number): void {
  let merged = hash
  for (let bits = width; (bits & 1) === 1; bits >>= 1) {
    merged = nodeHash(sha256, peaks.pop() as Uint8Array, merged)
  }
  peaks.push(merged)
}

/** Moves the root of each tile that has just become full into the level above. */
function promoteFullTiles(
  sha256: Sha256,
  size: number,
  peaks: Uint8Array[],
  partial: Uint8Array[],
): FullTile[] {
  const tiles: FullTile[] = []
  for (let level = 0; ; level++) {
    const hashes = partial[level]
    if (hashes?.length !== TILE_WIDTH * HASH_BYTES) return tiles
    const root = peaks.pop() as Uint8Array
    tiles.push({ level, n: size / TILE_WIDTH ** (level + 1) - 1, hashes, root })
    const above = partial[level + 1] ?? NO_HASHES
    partial[level] = NO_HASHES
    partial[level + 1] = joined(above, [root])
    pushPeak(sha256, peaks, root, above.length / HASH_BYTES)
  }
}

function joined(before: Uint8Array, hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(before.length + hashes.length * HASH_BYTES)
  bytes.set(before)
  for (const [at, hash] of hashes.entries()) bytes.set(hash, before.length + at * HASH_BYTES)
  return bytes
}
