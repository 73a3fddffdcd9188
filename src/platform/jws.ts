import { createPrivateKey, KeyObject, sign, verify } from 'node:crypto'
import type { JWK } from 'jose'
import type { Jws } from '../keys/jws.ts'
import { type Algorithm, jwkSigner, type Signer } from '../keys/signer.ts'

/** r ‖ s of P-256 (RFC 7518 §3.4), and an Ed25519 signature (RFC 8037 §3.1). */
const SIGNATURE_BYTES = 64
const DIGEST: Readonly<Record<Algorithm, 'sha256' | null>> = { ES256: 'sha256', Ed25519: null }

/**
 * On OpenSSL's threads, by node:crypto: the same two operations as jose's, for a third of the time that
 * WebCrypto's dispatch takes on the one thread that answers (ARCHITECTURE.md, decisions).
 */
export const nodeJws: Jws = {
  verify: async (text, { alg, verifier }) => {
    const end = text.lastIndexOf('.')
    const signature = Buffer.from(text.slice(end + 1), 'base64url')
    if (signature.length !== SIGNATURE_BYTES) return false
    const signed = Buffer.from(text.slice(0, end), 'latin1')
    const key = { key: keyObject(verifier), dsaEncoding: 'ieee-p1363' } as const
    return new Promise((resolve) => {
      verify(DIGEST[alg], signed, key, signature, (error, holds) => resolve(!error && holds))
    })
  },
  signer: nodeSigner,
}

const KEYS = new WeakMap<CryptoKey, KeyObject>()

function keyObject(key: CryptoKey): KeyObject {
  const known = KEYS.get(key)
  if (known) return known
  const made = KeyObject.from(key)
  KEYS.set(key, made)
  return made
}

async function nodeSigner(jwk: JWK): Promise<Signer> {
  // Judged as everywhere: node:crypto would take a curve that is not the algorithm's own (RFC 7518 §3.4).
  const { kid, algorithm: alg } = await jwkSigner(jwk)
  const key = {
    key: createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  } as const
  const headers = new Map<string, string>()
  const headerOf = (typ: string) => {
    const known = headers.get(typ)
    if (known) return known
    const made = Buffer.from(JSON.stringify({ alg, kid, typ })).toString('base64url')
    headers.set(typ, made)
    return made
  }
  return {
    algorithm: alg,
    kid,
    sign: (typ, payload) => {
      const signed = `${headerOf(typ)}.${Buffer.from(payload).toString('base64url')}`
      return new Promise((resolve, reject) => {
        sign(DIGEST[alg], Buffer.from(signed, 'latin1'), key, (error, signature) =>
          error ? reject(error) : resolve(`${signed}.${signature.toString('base64url')}`),
        )
      })
    },
  }
}
