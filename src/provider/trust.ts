import { compactVerify, type JWK } from 'jose'
import { type Compact, readCompact } from '../jws/compact.ts'
import { isStrictJson } from '../jws/strict-json.ts'
import { Declined } from './declined.ts'
import { importOnce } from './imported.ts'

/** A public key and when its signatures count, as `mianzheng trust` writes it. Instants are RFC 3339. */
export type TrustedKey = {
  readonly kid: string
  readonly alg: 'ES256' | 'Ed25519'
  readonly jwk: JWK
  readonly validFrom: string
  readonly validTo?: string
  readonly revokedAt?: string
}

/** Whom a provider believes: one gateway, and the callers that it may bring. */
export type ProviderTrust = {
  readonly issuer: string
  readonly gateway: readonly TrustedKey[]
  readonly callers: Readonly<Record<string, readonly TrustedKey[]>>
}

/**
 * Reads a message of this type, signed by one of these keys at this instant. The algorithm is the
 * key's, never the message's (RFC 8725 §3.1).
 *
 * @throws Declined `malformed`, `wrong-type`, `unknown-key`, `signature`
 */
export async function readSigned(
  text: string,
  typ: string,
  { keys, now }: { keys: readonly TrustedKey[]; now: number },
): Promise<Compact['payload']> {
  const { header, payload, payloadText } = readForm(text)
  if (header.typ !== typ) throw new Declined('wrong-type')
  const key = keys.find(({ kid, alg }) => kid === header.kid && alg === header.alg)
  if (!key || !isValidAt(key, now)) throw new Declined('unknown-key')
  try {
    await compactVerify(text, await importOnce(key.jwk, key.alg), { algorithms: [key.alg] })
  } catch {
    throw new Declined('signature')
  }
  if (!isStrictJson(payloadText, payload)) throw new Declined('malformed')
  return payload
}

/** Of a message not verified yet: only for finding the keys to verify it by. */
export function issuerOf(text: string): unknown {
  return readForm(text).payload.iss
}

function readForm(text: string): Compact {
  try {
    return readCompact(text)
  } catch {
    throw new Declined('malformed')
  }
}

function isValidAt({ validFrom, validTo, revokedAt }: TrustedKey, now: number): boolean {
  const ends = [validTo, revokedAt].filter((end) => end !== undefined)
  return Date.parse(validFrom) <= now && ends.every((end) => now < Date.parse(end))
}
