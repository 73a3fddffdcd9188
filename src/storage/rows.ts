import type { NewEntry } from './store.ts'

const HASH_BYTES = 32

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
export function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(hashes.length * HASH_BYTES)
  hashes.forEach((hash, i) => {
    out.set(hash, i * HASH_BYTES)
  })
  return out
}
