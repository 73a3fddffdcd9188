import type { Context } from 'hono'
import { z } from 'zod'
import type { RowSource } from '../connector/handover.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { retryKey } from '../evidence/retry-key.ts'
import { authenticate } from '../exchange/authenticate.ts'
import type { System } from '../registry/documents.ts'
import type { Registry } from '../registry/registry.ts'
import type { SystemJwk } from '../registry/system-keys.ts'
import { bearerOf, isShortLived, proofClaims, readProof, useOnce } from './proof.ts'

const PROOF_TYPE = 'operator-proof+jwt'
const OPERATOR = 'operator'

/** Who runs this gateway, and how what is uploaded is read here. */
export type Operator = {
  readonly jwk: SystemJwk
  readonly verifier: CryptoKey
  /** A register as CSV; its rows throw an error with a `code` that begins with CSV. */
  readCsv(bytes: AsyncIterable<Uint8Array>): RowSource
}

/** The claims of an operator's proof: one upload, to one address, of exactly these bytes. */
export const operatorProofSchema = z
  .strictObject({
    iss: z.literal(OPERATOR),
    ...proofClaims,
    /** base64url SHA-256 of the body. */
    bodyHash: z.string().regex(/^[\w-]{43}$/),
    /** Of a register: as of when its data is true. */
    asOf: z.iso.datetime().optional(),
  })
  .refine(isShortLived)

export type OperatorProof = z.infer<typeof operatorProofSchema>

/**
 * That the operator sends this: a bearer JWS under the one key of `OPERATOR_KEY`, for this method,
 * address and body, once. It passes the same checks 2–6 as a request, against a registry in which only
 * the operator exists. Whoever calls must still compare the body with `bodyHash`, before it takes effect.
 *
 * @throws Refusal `proof`, `proof-replayed`, `log-unavailable`, or what `authenticate` refuses.
 */
export async function requireOperator(
  deps: Deps,
  operator: Operator,
  c: Context,
): Promise<OperatorProof> {
  const bearer = bearerOf(c)
  if (!bearer) throw new Refusal('proof')
  const now = deps.clock()
  const registry = onlyOperator(await deps.registry.view(), operator)
  const { compact } = await authenticate({ ...deps, registry }, bearer, { typ: PROOF_TYPE, now })
  const proof = readProof(c, compact, { schema: operatorProofSchema, issuer: deps.issuer, now })
  // No system's id has a slash: nobody's proof is taken for another's.
  await useOnce(deps, retryKey(deps.crypto, `${OPERATOR}/${compact.header.kid}`, proof.jti), now)
  return proof
}

function onlyOperator(registry: Registry, { jwk, verifier }: Operator): Registry {
  const { kid, alg } = jwk
  const times = { validFrom: 0, validTo: null, revokedAt: null }
  const key = { system: OPERATOR, kid, alg, jwk, verifier, ...times }
  const system: System = {
    id: OPERATOR,
    agency: '',
    names: { zh: '运行方', en: 'operator' },
    actsFor: [],
    roles: [],
    status: 'active',
    rate: { perSecond: 1, burst: 1 },
  }
  return {
    ...registry,
    keys: new Map([[`${OPERATOR} ${kid}`, key]]),
    systems: new Map([[OPERATOR, system]]),
  }
}
