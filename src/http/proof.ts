import type { Context } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { retryKey } from '../evidence/retry-key.ts'
import { authenticate, type Principal } from '../exchange/authenticate.ts'
import { checkActive } from '../exchange/authorize.ts'
import { checkWindow } from '../exchange/request.ts'
import type { Compact } from '../jws/compact.ts'
import { isStrictJson } from '../jws/strict-json.ts'

const PROOF_TYPE = 'agency-proof+jwt'
const LIFE_SECONDS_MAX = 60
const KEPT_MILLIS = 120_000

/** What every proof claims: one method on one address, once, within a minute. */
export const proofClaims = {
  aud: z.string(),
  htm: z.string(),
  htu: z.string(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(16).max(64),
}

export function isShortLived({ iat, exp }: { iat: number; exp: number }): boolean {
  return exp > iat && exp <= iat + LIFE_SECONDS_MAX
}

/** The claims of an agency proof: one read of one address, by the registered key of a system. */
export const proofSchema = z.strictObject({ iss: z.string(), ...proofClaims }).refine(isShortLived)

/**
 * Who reads: a bearer JWS signed with the same registered key as requests, for this method and
 * address, once. `htu` is compared with the issuer's own address, never with the Host header.
 *
 * @throws Refusal `proof`, `proof-replayed`, `log-unavailable`, or what `authenticate` refuses.
 */
export async function requireProof(deps: Deps, c: Context): Promise<Principal> {
  const bearer = bearerOf(c)
  if (!bearer) throw new Refusal('proof')
  const now = deps.clock()
  const registry = await deps.registry.view()
  const principal = await authenticate({ ...deps, registry }, bearer, { typ: PROOF_TYPE, now })
  const { jti } = readProof(c, principal.compact, { schema: proofSchema, issuer: deps.issuer, now })
  checkActive(registry, principal.system)
  await useOnce(deps, retryKey(deps.crypto, principal.system.id, jti), now)
  return principal
}

/**
 * The claims of a proof whose signature holds: of this schema, for this method and address, in time.
 *
 * @throws Refusal `proof`, `expired`, `not-yet`.
 */
export function readProof<Claims extends { htm: string; htu: string }>(
  c: Context,
  { payload, payloadText }: Pick<Compact, 'payload' | 'payloadText'>,
  { schema, issuer, now }: { schema: z.ZodType<Claims>; issuer: string; now: number },
): Claims {
  const claims = schema.safeParse(payload)
  if (!claims.success || !isStrictJson(payloadText, payload)) throw new Refusal('proof')
  const { htm, htu } = claims.data
  if (htm !== c.req.method || htu !== `${issuer}${c.req.path}`) throw new Refusal('proof')
  checkWindow(payload, now)
  return claims.data
}

/** What a bearer brings (RFC 6750 §2.1); nothing of it is judged. */
export function bearerOf(c: Context): string | undefined {
  return /^Bearer ([^ ]+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

/** @throws Refusal `proof-replayed`; `log-unavailable` where a proof's use cannot be written down. */
export async function useOnce(
  { store }: Pick<Deps, 'store'>,
  key: Uint8Array,
  now: number,
): Promise<void> {
  let isFirst: boolean
  try {
    isFirst = await insertProof(store, key, now)
  } catch (cause) {
    throw new Refusal('log-unavailable', { retryAfterSeconds: 1, internal: String(cause) })
  }
  if (!isFirst) throw new Refusal('proof-replayed')
}

/** The insert decides who was first, on any number of nodes. */
async function insertProof(store: Deps['store'], key: Uint8Array, now: number): Promise<boolean> {
  const db = store.quick ?? store.db
  await db.deleteFrom('proof').where('expires_at', '<', now).execute()
  const inserted = await db
    .insertInto('proof')
    .values({ key, expires_at: now + KEPT_MILLIS })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** @throws Refusal `role` unless the system is an auditor's. */
export async function requireAuditor(deps: Deps, c: Context): Promise<Principal> {
  const principal = await requireProof(deps, c)
  if (!principal.system.roles.includes('auditor')) throw new Refusal('role')
  return principal
}
