import { CompactSign, exportJWK, importJWK, type JWK } from 'jose'

/** ES256 must, Ed25519 should; RS256, HS* and none never. */
export const ALGORITHMS = ['ES256', 'Ed25519'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

/**
 * Whatever can sign for the gateway: a key file by default, a device (HSM, 签名验签服务器) behind the same
 * members. What it signs is recorded only after it has signed, so a device may be slow or fail at any time.
 */
export type Signer = {
  readonly algorithm: Algorithm
  readonly kid: string
  /**
   * The compact JWS over the payload, header exactly alg, kid, typ. A rejection, whatever it is, means
   * that nothing is answered (503 `signer-unavailable`).
   */
  sign(typ: string, payload: Uint8Array): Promise<string>
  /** Whether it could sign now; absent: always. */
  ready?(): Promise<boolean>
}

/** No key may sign now, or the device that holds it does not answer. */
export class SignerUnavailable extends Error {
  override readonly name = 'SignerUnavailable'
}

/** A key as the world may see it. Instants are RFC 3339; a retired key stays published. */
export type PublishedKey = {
  readonly kid: string
  readonly alg: Algorithm
  readonly jwk: JWK
  readonly validFrom: string
  readonly validTo?: string
  readonly revokedAt?: string
}

/** A signer from a private JWK that carries `kid` and `alg`. @throws TypeError when it does not. */
export async function jwkSigner(jwk: JWK): Promise<Signer> {
  const { kid, alg } = jwk
  if (!kid || !isAlgorithm(alg))
    throw new TypeError('a signing key needs kid and alg ES256 or Ed25519')
  const key = await importJWK(jwk, alg)
  return {
    algorithm: alg,
    kid,
    sign: (typ, payload) =>
      new CompactSign(payload).setProtectedHeader({ alg, kid, typ }).sign(key),
  }
}

export function isAlgorithm(alg: unknown): alg is Algorithm {
  return ALGORITHMS.some((known) => known === alg)
}

/** The public half, with only the members that a verifier needs (RFC 7517 §4, RFC 8037 §2). */
export async function publicJwk(jwk: JWK): Promise<JWK> {
  const { kty, crv, x, y } = jwk
  const bare = { kty, crv, x, ...(y ? { y } : {}) } as JWK
  const exported = await exportJWK(await importJWK(bare, jwk.alg ?? 'ES256', { extractable: true }))
  return { ...exported, kid: jwk.kid, alg: jwk.alg, use: 'sig' } as JWK
}
