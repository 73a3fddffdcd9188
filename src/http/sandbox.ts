import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { calculateJwkThumbprint, importJWK, type JWK } from 'jose'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { authenticate } from '../exchange/authenticate.ts'
import { rateLimiter } from '../exchange/rate.ts'
import { checkWindow } from '../exchange/request.ts'
import { isStrictJson } from '../jws/strict-json.ts'
import { uscc } from '../registry/documents.ts'
import { enroller } from '../registry/enrol.ts'
import type { Registry } from '../registry/registry.ts'
import { hasSandbox, SANDBOX_AGENCY, sandboxSystem } from '../registry/sandbox.ts'
import { invalidParameters } from './input.ts'
import { limitBody } from './limits.ts'

const BODY_BYTES_MAX = 8 * 1024
const PROOF_TYPE = 'sandbox-registration+jwt'
const PROOF_SECONDS_MAX = 60
/** Registrations of all newcomers together: each one is an entry of the log. */
const RATE = { id: 'sandbox', rate: { perSecond: 1, burst: 20 } }

const hash = z.string().regex(/^[\w-]{43}$/)
/** Shown to operators: a text, in which nothing moves a cursor, ends a line or turns its direction. */
const name = z.string().regex(/^(?=.*\P{Zs})[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,64}$/u)

/** Public members only: a body that brings a private `d` is refused, not stored. */
const publicKey = z.discriminatedUnion('kty', [
  z.strictObject({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: hash,
    y: hash,
    kid: hash,
    alg: z.literal('ES256'),
    use: z.literal('sig').optional(),
  }),
  z.strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: hash,
    kid: hash,
    alg: z.literal('Ed25519'),
    use: z.literal('sig').optional(),
  }),
])

/** `kid` is the key's RFC 7638 thumbprint; `agency` is what the newcomer says of itself, unchecked. */
export const registrationSchema = z.strictObject({
  names: z.strictObject({ zh: name, en: name }),
  agency: uscc.optional(),
  jwk: publicKey,
  proof: z.string().max(4096),
})

/** Claims of the possession proof, `sandbox-registration+jwt`, signed by the key itself. */
export const possessionSchema = z
  .strictObject({ iss: hash, aud: z.string(), iat: z.int(), exp: z.int(), jti: z.uuidv4() })
  .refine(({ iat, exp }) => exp > iat && exp <= iat + PROOF_SECONDS_MAX)

/**
 * POST /v1/sandbox/systems: a newcomer registers its own key, without anybody's help, for ECHO-00 and
 * nothing else. Closed in production (config.ts).
 */
export function sandboxRoutes(deps: Deps): Hono {
  const enrol = enroller({ ...deps, db: deps.store.db })
  const limiter = rateLimiter('registration', deps.store.shared)
  return new Hono().post(
    '/systems',
    async (_, next) => {
      if (!deps.sandbox || !hasSandbox(await deps.registry.view())) throw new Refusal('sandbox-off')
      const wait = await limiter.take(RATE, deps.clock())
      if (wait > 0) throw new Refusal('rate', { retryAfterSeconds: wait })
      await next()
    },
    limitBody(BODY_BYTES_MAX),
    zValidator('json', registrationSchema, invalidParameters),
    async (c) => {
      const body = c.req.valid('json')
      const { system, key } = await candidate(deps, body)
      const enrolled = await enrol(system, key).catch((cause: unknown) => {
        throw new Refusal('log-unavailable', { retryAfterSeconds: 1, internal: String(cause) })
      })
      if (enrolled === 'full') throw new Refusal('sandbox-full')
      const { entry } = enrolled
      const said = await introduction(deps, enrolled.system.id)
      return c.json(
        entry === undefined ? said : { ...said, entry },
        entry === undefined ? 200 : 201,
      )
    },
  )
}

/**
 * The system and key that would be registered, once the sender has proved that the key is its own.
 *
 * @throws Refusal `parameters` with the place, or what `authenticate` and `checkWindow` refuse.
 */
async function candidate(
  deps: Deps,
  { jwk, names, proof, agency }: z.infer<typeof registrationSchema>,
) {
  const now = deps.clock()
  const { kid, alg } = jwk
  if ((await calculateJwkThumbprint(jwk as JWK)) !== kid)
    throw new Refusal('parameters', { pointers: ['/jwk/kid'] })
  const verifier = await importJWK(jwk as JWK, alg).catch(() => {
    throw new Refusal('parameters', { pointers: ['/jwk'] })
  })
  const named = sandboxSystem(deps.crypto.sha256(kid), names)
  const system = agency === undefined ? named : { ...named, declared: agency }
  const times = { validFrom: now, validTo: null, revokedAt: null }
  const known = { system: kid, kid, alg, jwk, verifier: verifier as CryptoKey, ...times }
  // A registry in which only this key exists, so that the proof passes the same checks 2–6 as a request.
  const registry: Registry = {
    ...(await deps.registry.view()),
    keys: new Map([[`${kid} ${kid}`, known]]),
    systems: new Map([[kid, system]]),
  }
  const { compact } = await authenticate({ ...deps, registry }, proof, { typ: PROOF_TYPE, now })
  const { payload, payloadText } = compact
  if (!possessionSchema.safeParse(payload).success || !isStrictJson(payloadText, payload))
    throw new Refusal('parameters', { pointers: ['/proof'] })
  checkWindow(payload, now)
  return {
    system,
    key: { system: system.id, jwk: jwk as JWK & { kid: string; alg: string }, validFrom: now },
  }
}

/** What the newcomer may ask, and how: the claims of a first request but for case and official. */
async function introduction({ registry }: Deps, system: string) {
  const { agreements } = await registry.view()
  const agreement = agreements
    .get('ECHO-00')
    ?.find(({ requesters }) => requesters.includes(SANDBOX_AGENCY))
  const [purpose] = agreement?.purposes ?? []
  const [kind] = agreement?.authorization ?? []
  return { system, requester: SANDBOX_AGENCY, item: 'ECHO-00', purpose, authorization: { kind } }
}
