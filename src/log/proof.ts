import { emptyRoot, HASH_BYTES, nodeHash, perfectRoot, type Sha256 } from './merkle.ts'
import { TILE_WIDTH, tileWidth } from './tile.ts'

/**
 * Reads a tile's first `width` hashes: width × 32 bytes. It is asked only for tiles that a tree of
 * the given size has, at the width they have there, and may slice a fuller tile.
 */
export type ReadTile = (level: number, n: number, width: number) => Promise<Uint8Array>

/** Leaves from `from` up to, but not including, `to`. */
type Range = { from: number; to: number }

/**
 * The inclusion proof of leaf `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1), leaf's
 * sibling first.
 *
 * @throws {RangeError} unless 0 ≤ index < size, or when a tile has the wrong length
 */
export async function inclusionProof(
  sha256: Sha256,
  readTile: ReadTile,
  index: number,
  size: number,
): Promise<Uint8Array[]> {
  assertSize(size)
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new RangeError('leaf index is not in the tree')
  }
  const siblings: Range[] = []
  let range: Range = { from: 0, to: size }
  while (range.to - range.from > 1) {
    const [left, right] = halves(range)
    const inLeft = index < right.from
    siblings.unshift(inLeft ? right : left)
    range = inLeft ? left : right
  }
  return rangeRoots(sha256, readTile, size, siblings)
}

/**
 * The proof that the tree of `newSize` leaves begins with that of `oldSize` (RFC 9162 §2.1.4.1).
 * Empty for equal sizes, and from size 0, where witnesses ask for an empty one (c2sp.org/
 * tlog-witness) and `verifyConsistency` accepts none.
 *
 * @throws {RangeError} unless 0 ≤ oldSize ≤ newSize, or when a tile has the wrong length
 */
export async function consistencyProof(
  sha256: Sha256,
  readTile: ReadTile,
  oldSize: number,
  newSize: number,
): Promise<Uint8Array[]> {
  assertSize(oldSize)
  assertSize(newSize)
  if (oldSize > newSize) throw new RangeError('the old tree is larger than the new one')
  if (oldSize === 0) return []
  const nodes: Range[] = []
  let range: Range = { from: 0, to: newSize }
  while (range.to !== oldSize) {
    const [left, right] = halves(range)
    const inLeft = oldSize <= right.from
    nodes.unshift(inLeft ? right : left)
    range = inLeft ? left : right
  }
  // Where the walk never left the left edge, what remains is the old tree, which the verifier has.
  if (range.from > 0) nodes.unshift(range)
  return rangeRoots(sha256, readTile, newSize, nodes)
}

/**
 * Root of the tree of `size` leaves, from tiles that hold at least these.
 *
 * @throws {RangeError} when size is not a tree size or a tile has the wrong length
 */
export async function rootAt(
  sha256: Sha256,
  readTile: ReadTile,
  size: number,
): Promise<Uint8Array> {
  assertSize(size)
  if (size === 0) return emptyRoot(sha256)
  const [root] = await rangeRoots(sha256, readTile, size, [{ from: 0, to: size }])
  return root as Uint8Array
}

/** Roots of ranges that `halves` made; each tile is read once, all of them side by side. */
async function rangeRoots(
  sha256: Sha256,
  readTile: ReadTile,
  size: number,
  ranges: readonly Range[],
): Promise<Uint8Array[]> {
  const reads = new Map<string, Promise<Uint8Array>>()
  const readOnce = (level: number, n: number): Promise<Uint8Array> => {
    const name = `${level}/${n}`
    const read = reads.get(name) ?? readWhole(readTile, level, n, tileWidth(size, level, n))
    reads.set(name, read)
    return read
  }
  const rangeRoot = async (range: Range): Promise<Uint8Array> => {
    const parts = perfectParts(range).map(async ({ level, at, count }): Promise<Uint8Array> => {
      const hashes = await readOnce(level, Math.floor(at / TILE_WIDTH))
      return new Uint8Array(perfectRoot(sha256, hashes, at % TILE_WIDTH, count))
    })
    return (await Promise.all(parts)).reduceRight((right, left) => nodeHash(sha256, left, right))
  }
  return Promise.all(ranges.map(rangeRoot))
}

async function readWhole(
  readTile: ReadTile,
  level: number,
  n: number,
  width: number,
): Promise<Uint8Array> {
  const hashes = await readTile(level, n, width)
  if (hashes.length !== width * HASH_BYTES) {
    throw new RangeError(`tile ${level}/${n} does not have ${width} hashes`)
  }
  return hashes
}

/**
 * The perfect subtrees of a range, largest first. Each is named by where it stands in the tiles:
 * `count` hashes of a level from position `at`; a power of two below 256, so within one tile.
 */
function perfectParts({ from, to }: Range): { level: number; at: number; count: number }[] {
  const parts = []
  for (let start = from; start < to; ) {
    let leaves = largestPower(to - start)
    start += leaves
    let level = 0
    for (; leaves >= TILE_WIDTH; leaves /= TILE_WIDTH) level++
    parts.push({ level, at: start / TILE_WIDTH ** level - leaves, count: leaves })
  }
  return parts
}

/** Splits at the largest power of two smaller than the range (RFC 9162 §2.1.1). */
function halves({ from, to }: Range): [Range, Range] {
  const middle = from + largestPower(to - from - 1)
  return [
    { from, to: middle },
    { from: middle, to },
  ]
}

/** The largest power of two ≤ value. No 32-bit shifts: sizes go up to 2^53. */
function largestPower(value: number): number {
  let power = 1
  while (power * 2 <= value) power *= 2
  return power
}

function assertSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('not a tree size')
}
