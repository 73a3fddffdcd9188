import type { Sealed, SyncCrypto } from '../crypto.ts'

/**
 * The exact signed strings of one exchange. `answer` may be a signed refusal, and is empty in an intent;
 * `statement` is the provider's own, which may say more than was granted.
 */
export type SignedStrings = {
  readonly request: string
  readonly answer: string
  readonly statement?: string | undefined
}

/**
 * Seals all of them under one single-use data key, bound to the request's hash so that sealed records
 * cannot be exchanged for one another. A compact JWS has no line feed: it is the separator.
 */
export function sealStrings(
  crypto: SyncCrypto,
  { request, answer, statement }: SignedStrings,
  requestHash: string,
): Sealed {
  const more = statement === undefined ? '' : `\n${statement}`
  return crypto.seal(`${request}\n${answer}${more}`, requestHash)
}

/** @throws Error when the key is gone or anything was altered. */
export function openStrings(
  crypto: SyncCrypto,
  sealed: Sealed,
  requestHash: string,
): SignedStrings {
  const [request = '', answer = '', statement] = crypto.open(sealed, requestHash).split('\n')
  return { request, answer, statement }
}
