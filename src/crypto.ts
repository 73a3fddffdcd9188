/** A single-use data key, wrapped by the key-encryption key named `kek`. */
export type WrappedKey = { readonly dataKey: Uint8Array; readonly kek: string }

export type Sealed = WrappedKey & { readonly sealed: Uint8Array }

/**
 * Synchronous primitives: on inputs of a few hundred bytes WebCrypto costs 5–40 × more. The keys
 * behind `seal`, `pseudonym` and `logSign` stay in the closure of the platform that built it.
 */
export type SyncCrypto = {
  sha256(data: Uint8Array | string): Uint8Array
  /** base64url SHA-256 of a text in UTF-8: what leaves and answers name a signed string by. */
  digest(text: string): string
  randomBytes(length: number): Uint8Array
  /** AES-256-GCM under a fresh data key; `bound` is authenticated, not stored. Both are ASCII. */
  seal(plaintext: string, bound: string): Sealed
  /** @throws Error when the key is gone, or anything was altered. */
  open(sealed: Sealed, bound: string): string
  /** The same data key under the newest key-encryption key. @throws Error as `open`. */
  rewrap(key: WrappedKey): WrappedKey
  /** HMAC-SHA-256 under the pseudonym key, base64url; see evidence/pseudonyms.ts for its two halves. */
  pseudonym(kind: 'subject' | 'case' | 'official' | 'address', value: string): string
  /** Ed25519 under the log's key. */
  logSign(message: Uint8Array): Uint8Array
}
