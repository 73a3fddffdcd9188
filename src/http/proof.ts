import type { Context } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { retryKey } from '../evidence/retry-key.ts'
import { authenticate, type Principal } from '../exchange/authenticate.ts'
import { checkActive } from '../exchange/authorize.ts'
import { checkWindow } from '../exchange/request.ts'
import { isStrictJson } from '../jws/strict-json.ts'

const PROOF_TYPE = 'agency-proof+jwt'
const LIFE_SECONDS_MAX = 60
const KEPT_MILLIS = 120_000

/** The claims of an agency proof: one read of one address, by the registered key of a system. */
export const proofSchema = z
  .strictObject({
    iss: z.string(),
    aud: z.string(),
    htm: z.string(),
    htu: z.string(),
    iat: z.int(),
    exp: z.int(),
    jti: z.string().min(16).max(64),
  })
  .refine(({ iat, exp }) => exp > iat && exp <= iat + LIFE_SECONDS_MAX)

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
  const { payload, payloadText } = principal.compact
  const claims = proofSchema.safeParse(payload)
  if (!claims.success || !isStrictJson(payloadText, payload)) throw new Refusal('proof')
  const { htm, htu, jti } = claims.data
  if (htm !== c.req.method || htu !== `${deps.issuer}${c.req.path}`) throw new Refusal('proof')
  checkWindow(payload, now)
  checkActive(registry, principal.system)
  await useOnce(deps, retryKey(deps.crypto, principal.system.id, jti), now)
  return principal
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
async function insertProof({ db }: Deps['store'], key: Uint8Array, now: number): Promise<boolean> {
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
