/**
 * SHA-256, handed in by the platform: synchronous, because one record needs a few hashes of 65
 * bytes and an asynchronous hash costs ten times the hashing. It must not keep or change `data`.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array

/** SHA-256 where a verifier runs: WebCrypto, in browsers and elsewhere, has only an asynchronous one. */
export type Digest = (data: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** Bytes in a SHA-256 hash, and so in every leaf hash, node and root. */
export const HASH_BYTES = 32

/** A leaf index or tree size; bigint where a uint64 from outside exceeds 2^53. */
export type Count = number | bigint

/** Hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 9162 §2.1.1). */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  return sha256(leafBytes(entry))
}

/** What the hash of a leaf is taken of. */
export function leafBytes(entry: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + entry.length)
  prefixed.set(entry, 1)
  return prefixed
}

/** What the hash of an inner node is taken of: fresh, since an asynchronous hash may still be reading. */
function nodeBytes(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new Uint8Array([0x01, ...left, ...right])
}

/**
 * What `nodeHash` hands to the hash function; owned by it from its first to its last line. Engines keep arrays of more than 64 bytes outside the heap: a fresh one per node
 * costs more than hashing it.
 */
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES)

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const hashes = left.length === HASH_BYTES && right.length === HASH_BYTES
  const input = hashes ? nodeInput : new Uint8Array(1 + left.length + right.length)
  input[0] = 0x01
  input.set(left, 1)
  input.set(right, 1 + left.length)
  return sha256(input)
}

/** Root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1). */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array(0))
}

/**
 * Root of a perfect subtree whose leaves stand side by side in a tile.
 *
 * @param hashes concatenated 32-byte hashes
 * @param from position of the first of them, counted in hashes
 * @param count how many; a power of two
 */
export function perfectRoot(
  sha256: Sha256,
  hashes: Uint8Array,
  from: number,
  count: number,
): Uint8Array {
  if (count === 1) return hashes.subarray(from * HASH_BYTES, (from + 1) * HASH_BYTES)
  const half = count / 2
  const left = perfectRoot(sha256, hashes, from, half)
  return nodeHash(sha256, left, perfectRoot(sha256, hashes, from + half, half))
}

/** Whether two byte strings are the same. Hashes are public: this needs no constant time. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

export type InclusionClaim = {
  sha256: Digest
  index: Count
  size: Count
  leafHash: Uint8Array
  /** Leaf's sibling first, root's child last. */
  proof: readonly Uint8Array[]
  root: Uint8Array
}

/**
 * Whether `leafHash` is leaf `index` of the tree of `size` leaves under `root` (RFC 9162 §2.1.3.2).
 * Anything that is not a proof, whatever its shape, is answered with false.
 */
export async function verifyInclusion(claim: InclusionClaim): Promise<boolean> {
  const { leafHash, root } = claim
  const rungs = isHash(root) ? await climb(claim) : undefined
  return rungs !== undefined && sameBytes(rungs.at(-1)?.node ?? leafHash, root)
}

/** One step from a leaf to the root: beside which sibling, and what both together hash to. */
export type Rung = { side: 'left' | 'right'; sibling: Uint8Array; node: Uint8Array }

/**
 * The way from a leaf to whatever root its proof leads to, leaf's sibling first; empty for the only leaf of
 * a tree. Undefined for anything that is not a proof.
 */
export async function climb({
  sha256,
  index,
  size,
  leafHash,
  proof,
}: Omit<InclusionClaim, 'root'>): Promise<readonly Rung[] | undefined> {
  if (![leafHash, ...proof].every(isHash)) return undefined
  const sides = siblingSides(index, size, proof.length)
  if (sides === undefined) return undefined
  const rungs: Rung[] = []
  let node = leafHash
  for (const [at, sibling] of proof.entries()) {
    const side = sides[at] as Rung['side']
    node = await sha256(side === 'left' ? nodeBytes(sibling, node) : nodeBytes(node, sibling))
    rungs.push({ side, sibling, node })
  }
  return rungs
}

/**
 * On which side of the path from leaf `index` to the root each sibling stands, leaf's first
 * (RFC 9162 §2.1.3.2); undefined where a proof of this length cannot be one.
 */
function siblingSides(
  at: Count,
  size: Count,
  length: number,
): readonly ('left' | 'right')[] | undefined {
  if (!isCount(at) || !isCount(size)) return undefined
  let index = BigInt(at)
  let last = BigInt(size) - 1n
  if (index > last) return undefined
  const sides: ('left' | 'right')[] = []
  while (last !== 0n && sides.length < length) {
    const isLeft = isOdd(index) || index === last
    const skipped = isLeft && !isOdd(index) ? trailingZeros(index) : 0n
    sides.push(isLeft ? 'left' : 'right')
    index >>= skipped + 1n
    last >>= skipped + 1n
  }
  return last === 0n && sides.length === length ? sides : undefined
}

export type ConsistencyClaim = {
  sha256: Sha256
  oldSize: Count
  newSize: Count
  oldRoot: Uint8Array
  newRoot: Uint8Array
  proof: readonly Uint8Array[]
}

/**
 * Whether the tree under `newRoot` begins with all leaves of the tree under `oldRoot`
 * (RFC 9162 §2.1.4.2). Every tree extends the empty one, so a proof from size 0 would prove
 * nothing and is refused. Anything that is not a proof is answered with false.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { sha256, oldRoot, newRoot, proof } = claim
  if (!isCount(claim.oldSize) || !isCount(claim.newSize)) return false
  if (![oldRoot, newRoot, ...proof].every(isHash)) return false
  const oldSize = BigInt(claim.oldSize)
  const newSize = BigInt(claim.newSize)
  if (oldSize === 0n || oldSize > newSize) return false
  if (oldSize === newSize) return proof.length === 0 && sameBytes(oldRoot, newRoot)

  // The old tree is a whole subtree of the new one: the proof starts from its root, untold.
  const whole = (oldSize & (oldSize - 1n)) === 0n
  const [start, ...rest] = whole ? [oldRoot, ...proof] : proof
  if (start === undefined) return false
  const shared = trailingZeros(oldSize)
  let oldLast = (oldSize - 1n) >> shared
  let newLast = (newSize - 1n) >> shared
  let oldNode = start
  let newNode = start
  for (const sibling of rest) {
    if (newLast === 0n) return false
    if (isOdd(oldLast) || oldLast === newLast) {
      oldNode = nodeHash(sha256, sibling, oldNode)
      newNode = nodeHash(sha256, sibling, newNode)
      const skipped = isOdd(oldLast) ? 0n : trailingZeros(oldLast)
      oldLast >>= skipped
      newLast >>= skipped
    } else {
      newNode = nodeHash(sha256, newNode, sibling)
    }
    oldLast >>= 1n
    newLast >>= 1n
  }
  return newLast === 0n && sameBytes(oldNode, oldRoot) && sameBytes(newNode, newRoot)
}

function isCount(value: Count): boolean {
  return typeof value === 'bigint' ? value >= 0n : Number.isSafeInteger(value) && value >= 0
}

function isHash(value: Uint8Array): boolean {
  return value instanceof Uint8Array && value.length === HASH_BYTES
}

function isOdd(value: bigint): boolean {
  return (value & 1n) === 1n
}

/** How far `value` shifts right until it is odd; 0 for 0, which never becomes odd. */
function trailingZeros(value: bigint): bigint {
  let zeros = 0n
  while (value !== 0n && !isOdd(value >> zeros)) zeros += 1n
  return zeros
}
