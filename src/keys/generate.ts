import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Algorithm } from './signer.ts'

/**
 * A fresh private signing key; `kid` is its RFC 7638 thumbprint, and never begins with a hyphen, which a
 * command line would take for an option.
 */
export async function generateSigningKey(algorithm: Algorithm): Promise<JWK> {
  for (;;) {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
    const jwk = await exportJWK(privateKey)
    const kid = await calculateJwkThumbprint(jwk)
    if (!kid.startsWith('-')) return { ...jwk, kid, alg: algorithm, use: 'sig' }
  }
}
