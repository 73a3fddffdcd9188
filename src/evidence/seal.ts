import type { Sealed, SyncCrypto } from '../crypto.ts'

/** The two exact signed strings of one exchange; `answer` may be a signed refusal. */
export type SignedPair = { readonly request: string; readonly answer: string }

/**
 * Seals both strings under one single-use data key, bound to the request's hash so that sealed
 * records cannot be exchanged for one another. A compact JWS has no line feed: it is the separator.
 */
export function sealPair(crypto: SyncCrypto, pair: SignedPair, requestHash: string): Sealed {
  return crypto.seal(`${pair.request}\n${pair.answer}`, requestHash)
}

/** @throws Error when the key is gone or anything was altered. */
export function openPair(crypto: SyncCrypto, sealed: Sealed, requestHash: string): SignedPair {
  const text = crypto.open(sealed, requestHash)
  const cut = text.indexOf('\n')
  return { request: text.slice(0, cut), answer: text.slice(cut + 1) }
}
