import type { JWK } from 'jose'
import { z } from 'zod'
import type { ClientKey } from '../client/index.ts'
import { generateSigningKey } from '../keys/generate.ts'
import { isAlgorithm, jwkSigner, publicJwk } from '../keys/signer.ts'
import { createDurably, readIfPresent } from '../platform/files.ts'
import { Failure } from './failure.ts'
import { readMetadata, refusedBy, send } from './remote.ts'

const PRIVATE = 0o600
const PROOF_SECONDS = 60
const PROOF_TYPE = 'sandbox-registration+jwt'
const encoder = new TextEncoder()

const introduction = z.object({
  system: z.string().regex(/^[a-z0-9-]{1,64}$/),
  requester: z.string(),
  purpose: z.object({ service: z.string(), basis: z.string(), scenario: z.string() }),
  authorization: z.object({ kind: z.enum(['statutory', 'application', 'consent']) }),
})

export type Joined = { readonly said: z.infer<typeof introduction>; readonly isNew: boolean }

/**
 * The newcomer's key: made once, mode 0600, and used again ever after, so that joining twice is joining
 * once. @throws Failure when the file holds something else.
 */
export async function newcomerKey(path: string): Promise<{ jwk: ClientKey & JWK; isNew: boolean }> {
  const jwk = await generateSigningKey('ES256')
  const isNew = await createDurably(path, `${JSON.stringify(jwk, null, 2)}\n`, PRIVATE)
  if (isNew) return { jwk: jwk as ClientKey & JWK, isNew }
  try {
    const held = JSON.parse((await readIfPresent(path)) ?? '') as JWK
    if (!held.d || !held.kid || !isAlgorithm(held.alg)) throw new TypeError('not a signing key')
    await jwkSigner(held)
    return { jwk: held as ClientKey & JWK, isNew }
  } catch {
    throw new Failure(
      2,
      `${path} 不是私钥 JWK。请移走它，或换一个 --out。`,
      `${path} is not a private JWK. Move it away, or choose another --out.`,
    )
  }
}

type Newcomer = { readonly gateway: string; readonly name: string; readonly agency?: string }

/** Registers the key with the gateway's sandbox. @throws Failure saying what to do instead. */
export async function joinSandbox({ gateway, name, agency }: Newcomer, jwk: JWK): Promise<Joined> {
  const { issuer } = await readMetadata(gateway)
  const { kid, sign } = await jwkSigner(jwk)
  const iat = Math.floor(Date.now() / 1000)
  const claims = { iss: kid, aud: issuer, iat, exp: iat + PROOF_SECONDS, jti: crypto.randomUUID() }
  const proof = await sign(PROOF_TYPE, encoder.encode(JSON.stringify(claims)))
  const names = { zh: name, en: name }
  const about = agency === undefined ? { names } : { names, agency }
  const response = await send(gateway, '/v1/sandbox/systems', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...about, jwk: await publicJwk(jwk), proof }),
  })
  if (!response.ok) throw await refusedBy(gateway, response)
  return { said: introduction.parse(await response.json()), isNew: response.status === 201 }
}
