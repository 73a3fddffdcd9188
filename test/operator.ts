import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import { type Caller, callerWith, headerOf, type Members, type When } from './caller.ts'

export const OPERATOR_TYPE = 'operator-proof+jwt'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'operator-1', alg: 'ES256' } as JWK
const { d: _, ...published } = jwk

/** Whoever runs the gateways of these tests, for as long as this process lives. */
export const OPERATOR: Caller = callerWith('operator', jwk)
export const OPERATOR_PRIVATE: JWK = jwk
export const OPERATOR_PUBLIC: JWK = published

export type Upload = {
  readonly path: string
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly type: string
}

/** The claims of an honest proof for one upload. */
export function uploadClaims({ path, body }: Upload, { issuer, nowMillis }: When): Members {
  const iat = Math.floor(nowMillis / 1000)
  const bodyHash = createHash('sha256').update(body).digest('base64url')
  const to = { htm: 'PUT', htu: `${issuer}${path}`, bodyHash }
  return { iss: 'operator', aud: issuer, ...to, iat, exp: iat + 60, jti: randomUUID() }
}

/** The headers of an upload; `claims` over the honest ones, `by` anybody. */
export function uploadHeaders(
  upload: Upload,
  when: When,
  { by = OPERATOR, claims = {} }: { readonly by?: Caller; readonly claims?: Members } = {},
): Record<string, string> {
  const proof = by.sign(headerOf(by, OPERATOR_TYPE), { ...uploadClaims(upload, when), ...claims })
  return { authorization: `Bearer ${proof}`, 'content-type': upload.type }
}
