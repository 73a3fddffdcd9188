import { compactVerify, type JWK } from 'jose'
import { type Algorithm, jwkSigner, type Signer } from './signer.ts'

/** A public key as the registry holds it: the algorithm comes from there, never from a message. */
export type VerifyingKey = { readonly alg: Algorithm; readonly verifier: CryptoKey }

/** How compact JWS (RFC 7515 §7.1) are verified and signed where a gateway runs. */
export type Jws = {
  /** Whether that key made the signature of a canonical compact JWS, whose header was judged before. */
  verify(text: string, key: VerifyingKey): Promise<boolean>
  /** @throws TypeError when the private JWK has no `kid`, or an `alg` that we do not sign by. */
  signer(jwk: JWK): Promise<Signer>
}

/** On WebCrypto, by jose: wherever there is nothing faster. */
export const joseJws: Jws = {
  verify: (text, { verifier, alg }) =>
    compactVerify(text, verifier, { algorithms: [alg] }).then(
      () => true,
      () => false,
    ),
  signer: jwkSigner,
}
