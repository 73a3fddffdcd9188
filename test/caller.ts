import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JWK } from 'jose'

export type Members = Readonly<Record<string, unknown>>

/** A system that signs. What it signs may be bent: a text is taken as it stands. */
export type Caller = {
  readonly id: string
  readonly kid: string
  readonly jwk: JWK
  /** A compact JWS whose signature is right, whatever header and payload say. */
  sign(header: Members | string, payload: Members | string | Uint8Array): string
}

/** The demo city's systems, by what the people who use them call them. */
export const HOUSING = 'housing-bureau'
export const SERVICE_CENTRE = 'service-centre'
export const SUBDISTRICT = 'subdistrict'
export const SCHOOLS = 'school-admissions'
export const AUDIT_OFFICE = 'audit-office'
export const KIOSK = 'retired-kiosk'

export const REQUEST_TYPE = 'assistance-request+jwt'
export const PROOF_TYPE = 'agency-proof+jwt'

/** A demo system with the private key that seeding wrote for it. */
export function demoCaller(dataDir: string, id: string): Caller {
  return callerWith(
    id,
    JSON.parse(readFileSync(join(dataDir, 'demo-keys', `${id}.jwk.json`), 'utf8')),
  )
}

/** A system with any private JWK, registered or not. */
export function callerWith(id: string, jwk: JWK): Caller {
  const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
  return {
    id,
    jwk,
    kid: String(jwk.kid),
    sign: (header, payload) => {
      const signed = `${encode(header)}.${encode(payload)}`
      return `${signed}.${signatureOf(key, signed)}`
    },
  }
}

/** The header of an honest message. */
export function headerOf({ kid, jwk }: Caller, typ: string): Members {
  return { alg: jwk.alg, kid, typ }
}

/** base64url of a text, of bytes, or of a value's JSON. */
export function encode(part: Members | string | Uint8Array): string {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('base64url')
  const text = typeof part === 'string' ? part : JSON.stringify(part)
  return Buffer.from(text).toString('base64url')
}

/** The payload of a compact JWS, unverified. */
export function payloadOf(jws: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
}

export type When = { readonly issuer: string; readonly nowMillis: number }

/** The members that every honest request has beside its claims. */
export function requestEnvelope(caller: Caller, { issuer, nowMillis }: When): Members {
  const iat = Math.floor(nowMillis / 1000)
  return { iss: caller.id, aud: issuer, iat, exp: iat + 120, jti: randomUUID() }
}

/** The claims of an honest proof for one read of one path. */
export function proofClaims(
  caller: Caller,
  { method = 'GET', path }: { readonly method?: string; readonly path: string },
  { issuer, nowMillis }: When,
): Members {
  const iat = Math.floor(nowMillis / 1000)
  const to = { htm: method, htu: `${issuer}${path}` }
  return { iss: caller.id, aud: issuer, ...to, iat, exp: iat + 60, jti: randomUUID() }
}

function signatureOf(key: KeyObject, text: string): string {
  const isEd25519 = key.asymmetricKeyType === 'ed25519'
  const input = Buffer.from(text)
  const signature = isEd25519
    ? sign(null, input, key)
    : sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })
  return signature.toString('base64url')
}
