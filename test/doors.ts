import {
  AUDIT_OFFICE,
  type Caller,
  HOUSING,
  headerOf,
  type Members,
  PROOF_TYPE,
  proofClaims,
  REQUEST_TYPE,
  requestEnvelope,
  SCHOOLS,
  SUBDISTRICT,
} from './caller.ts'
import { claimsOf } from './city.ts'
import { ISSUER, openTestGateway, type TestGateway } from './harness.ts'
import type { Reply } from './reply.ts'

/** A route that takes a JWS, and what an honest caller would bring to it. */
export type Door = {
  readonly name: string
  readonly takes: 'request' | 'proof'
  readonly caller: string
  readonly path: (answered: string) => string
}

export const DOORS: readonly Door[] = [
  { name: 'POST /v1/requests', takes: 'request', caller: HOUSING, path: () => '/v1/requests' },
  {
    name: 'GET /v1/requests/{jti}',
    takes: 'proof',
    caller: HOUSING,
    path: (answered) => `/v1/requests/${answered}`,
  },
  {
    name: 'GET /v1/requests/{jti}/evidence',
    takes: 'proof',
    caller: HOUSING,
    path: (answered) => `/v1/requests/${answered}/evidence`,
  },
  {
    name: 'GET /log/tile/entries/…',
    takes: 'proof',
    caller: AUDIT_OFFICE,
    path: () => '/log/tile/entries/000.p/1',
  },
]

/** A door of a gateway where one request was answered, one key retired and one revoked. */
export type Visit = {
  readonly gateway: TestGateway
  readonly door: Door
  readonly path: string
  readonly caller: Caller
  /** What is honestly asked, and what came back for it before. */
  readonly answered: Reply
  readonly retired: Caller
  readonly revoked: Caller
  header(caller?: Caller): Members
  claims(caller?: Caller): Members
  knock(jws: string): Promise<Reply>
}

export async function visit(door: Door): Promise<Visit> {
  const gateway = await openTestGateway()
  const jti = '3b0d6e0c-7d52-4f1c-9a0e-5f0a1c2d3e4f'
  const marriage = claimsOf('family-4-marriage')
  const answered = await gateway.ask(HOUSING, { ...marriage, jti })
  await gateway.amendKey(SCHOOLS, { valid_to: gateway.clock.now })
  await gateway.amendKey(SUBDISTRICT, { revoked_at: gateway.clock.now })
  const path = door.path(jti)
  const caller = gateway.caller(door.caller)
  const when = () => ({ issuer: ISSUER, nowMillis: gateway.clock.now })
  return {
    gateway,
    door,
    path,
    caller,
    answered,
    retired: gateway.caller(SCHOOLS),
    revoked: gateway.caller(SUBDISTRICT),
    header: (who = caller) => headerOf(who, door.takes === 'request' ? REQUEST_TYPE : PROOF_TYPE),
    claims: (who = caller) =>
      door.takes === 'request'
        ? { ...requestEnvelope(who, when()), ...marriage }
        : proofClaims(who, { path }, when()),
    knock: (jws) =>
      door.takes === 'request'
        ? gateway.send(jws)
        : gateway.get(path, { authorization: `Bearer ${jws}` }),
  }
}
