/**
 * SHA-256, handed in by the platform: synchronous, because one record needs a few hashes of 65
 * bytes and an asynchronous hash costs ten times the hashing. It must not keep or change `data`.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array

/** Bytes in a SHA-256 hash, and so in every leaf hash, node and root. */
export const HASH_BYTES = 32

/** A leaf index or tree size; bigint where a uint64 from outside exceeds 2^53. */
export type Count = number | bigint

/** Hash of a leaf: SHA-256(0x00 ‖ entry) (RFC 9162 §2.1.1). */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const prefixed = new Uint8Array(1 + entry.length)
  prefixed.set(entry, 1)
  return sha256(prefixed)
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
  sha256: Sha256
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
export function verifyInclusion(claim: InclusionClaim): boolean {
  const { sha256, proof, root } = claim
  if (!isCount(claim.index) || !isCount(claim.size)) return false
  if (![claim.leafHash, root, ...proof].every(isHash)) return false
  let index = BigInt(claim.index)
  let last = BigInt(claim.size) - 1n
  if (index > last) return false

  let node = claim.leafHash
  for (const sibling of proof) {
    if (last === 0n) return false
    if (isOdd(index) || index === last) {
      node = nodeHash(sha256, sibling, node)
      const skipped = isOdd(index) ? 0n : trailingZeros(index)
      index >>= skipped
      last >>= skipped
    } else {
      node = nodeHash(sha256, node, sibling)
    }
    index >>= 1n
    last >>= 1n
  }
  return last === 0n && sameBytes(node, root)
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
