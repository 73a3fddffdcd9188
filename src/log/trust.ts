import { Rejected } from './rejected.ts'

/** What counts of a JWK (RFC 7517); private members of a careless trust file are not looked at. */
type PublicJwk = {
  kty?: string
  crv?: string
  x?: string
  y?: string
  use?: string
  key_ops?: string[]
  alg?: string
}

/** A public key with the time in which its signatures count. Instants are RFC 3339. */
export type TrustedKey = {
  kid: string
  alg: 'ES256' | 'Ed25519'
  jwk: PublicJwk
  validFrom: string
  /** The first instant at which it is no longer valid. */
  validTo?: string
  /** Evidence from before this instant still verifies. */
  revokedAt?: string
}

/** What the verifier knows beforehand, from the trust file. Nothing in a bundle adds to it. */
export type Trust = {
  issuer: string
  gateway: readonly TrustedKey[]
  log: readonly { origin: string; vkey: string }[]
  callers: Readonly<Record<string, readonly TrustedKey[]>>
  providers: Readonly<Record<string, readonly TrustedKey[]>>
}

const RENEW =
  'the trust file does not have its key; if keys were rotated since, obtain it anew and compare before pinning'

/** A caller's key is checked when its request arrives, at most this long before the entry. */
export const ARRIVAL_MILLIS = 60_000

/**
 * The key of that id as of a leaf's time: a later revocation leaves earlier evidence whole.
 *
 * @param beforeMillis how long before the leaf's time the key may have been the judge's
 * @throws {Rejected} when there is no such key, or none that was valid then
 */
export function keyAt(
  keys: readonly TrustedKey[],
  kid: string,
  time: string,
  beforeMillis = 0,
): TrustedKey {
  const named = keys.filter((key) => key.kid === kid)
  if (named.length === 0) throw new Rejected(RENEW)
  const at = Date.parse(time)
  const valid = named.find(({ validFrom, validTo, revokedAt }) => {
    const ends = [validTo, revokedAt].filter((end) => end !== undefined)
    return Date.parse(validFrom) <= at && ends.every((end) => at - beforeMillis < Date.parse(end))
  })
  if (valid === undefined) throw new Rejected(`its key was not valid at ${time}`)
  return valid
}
