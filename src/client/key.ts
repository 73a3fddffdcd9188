import { CompactSign, exportJWK, importJWK, type JWK } from 'jose'
import type { TrustedKey } from '../log/trust.ts'

type Named = { readonly kid: string; readonly alg: 'ES256' | 'Ed25519' }

/**
 * The key that the system is registered with: a private JWK, or a WebCrypto pair whose private half
 * need not be extractable.
 */
export type ClientKey =
  | (JWK & Named)
  | (Named & { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey })

export type ClientSigner = {
  /** The compact JWS of these claims; its header is exactly alg, kid and typ. */
  sign(typ: string, claims: Readonly<Record<string, unknown>>): Promise<string>
  /** The public half, as a verifier of one's own requests trusts it. */
  readonly trusted: TrustedKey
}

const encoder = new TextEncoder()

/** @throws TypeError for a key without kid, without a private half, or for another algorithm. */
export async function openKey(key: ClientKey): Promise<ClientSigner> {
  const { kid, alg } = key
  if (!kid || (alg !== 'ES256' && alg !== 'Ed25519'))
    throw new TypeError('the key needs kid, and alg ES256 or Ed25519')
  const isPair = 'privateKey' in key
  if (!isPair && !(key as JWK).d) throw new TypeError('the key is not a private key')
  const signing = isPair ? (key.privateKey as CryptoKey) : await importJWK(key as JWK, alg)
  const { kty, crv, x, y } = isPair ? await exportJWK(key.publicKey as CryptoKey) : (key as JWK)
  const jwk = { kty, crv, x, ...(y === undefined ? {} : { y }) } as TrustedKey['jwk']
  return {
    trusted: { kid, alg, jwk, validFrom: '1970-01-01T00:00:00.000Z' },
    sign: (typ, claims) =>
      new CompactSign(encoder.encode(JSON.stringify(claims)))
        .setProtectedHeader({ alg, kid, typ })
        .sign(signing),
  }
}
