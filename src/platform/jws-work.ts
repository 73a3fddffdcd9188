import { type KeyObject, sign, verify } from 'node:crypto'
import type { Algorithm } from '../keys/signer.ts'

/** r ‖ s of P-256 (RFC 7518 §3.4), and an Ed25519 signature (RFC 8037 §3.1). */
const SIGNATURE_BYTES = 64
const DIGEST: Readonly<Record<Algorithm, 'sha256' | null>> = { ES256: 'sha256', Ed25519: null }

/** A private key signs, a public one verifies. */
export type Key = { readonly alg: Algorithm; readonly object: KeyObject }

/** Whether the signature holds; or a signature made, base64url; undefined where the key made none. */
export type Done = boolean | string | undefined

/** One JWS operation, start to end: of a compact JWS (RFC 7515 §7.1), or of what is to be signed of one. */
export function work(key: Key, text: string): Done {
  try {
    return key.object.type === 'private' ? signatureOf(key, text) : holds(key, text)
  } catch {
    return key.object.type === 'private' ? undefined : false
  }
}

function signatureOf({ alg, object }: Key, text: string): string {
  return sign(DIGEST[alg], Buffer.from(text, 'latin1'), ieee(object)).toString('base64url')
}

function holds({ alg, object }: Key, text: string): boolean {
  const end = text.lastIndexOf('.')
  const signature = Buffer.from(text.slice(end + 1), 'base64url')
  if (signature.length !== SIGNATURE_BYTES) return false
  return verify(DIGEST[alg], Buffer.from(text.slice(0, end), 'latin1'), ieee(object), signature)
}

function ieee(key: KeyObject) {
  return { key, dsaEncoding: 'ieee-p1363' } as const
}
