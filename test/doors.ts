import { readFileSync } from 'node:fs'
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
import { OPERATOR, OPERATOR_TYPE, type Upload, uploadClaims } from './operator.ts'
import { type Reply, replyOf } from './reply.ts'

const NO_DOCUMENTS = JSON.stringify(
  Object.fromEntries(
    ['agencies', 'systems', 'items', 'agreements', 'registers', 'contracts'].map((one) => [
      one,
      [],
    ]),
  ),
)
const MARRIAGES = readFileSync(new URL('../seed/registers/marriage.csv', import.meta.url))

/** A route that takes a JWS, and what an honest caller would bring to it. */
export type Door = {
  readonly name: string
  readonly takes: 'request' | 'proof'
  readonly caller: string
  readonly path: (answered: string) => string
  /** For an upload by the operator: what it carries. */
  readonly upload?: Omit<Upload, 'path'>
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
  {
    name: 'PUT /v1/operator/registry',
    takes: 'proof',
    caller: OPERATOR.id,
    path: () => '/v1/operator/registry',
    upload: { body: NO_DOCUMENTS, type: 'application/json' },
  },
  {
    name: 'PUT /v1/operator/registers/{id}',
    takes: 'proof',
    caller: OPERATOR.id,
    path: () => '/v1/operator/registers/marriage',
    upload: { body: MARRIAGES, type: 'text/csv' },
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
  const caller = door.caller === OPERATOR.id ? OPERATOR : gateway.caller(door.caller)
  const typ = door.upload ? OPERATOR_TYPE : PROOF_TYPE
  const when = () => ({ issuer: ISSUER, nowMillis: gateway.clock.now })
  return {
    gateway,
    door,
    path,
    caller,
    answered,
    retired: gateway.caller(SCHOOLS),
    revoked: gateway.caller(SUBDISTRICT),
    header: (who = caller) => headerOf(who, door.takes === 'request' ? REQUEST_TYPE : typ),
    claims: (who = caller) =>
      door.takes === 'request'
        ? { ...requestEnvelope(who, when()), ...marriage }
        : door.upload
          ? { ...uploadClaims({ ...door.upload, path }, when()), iss: who.id }
          : proofClaims(who, { path }, when()),
    knock: async (jws) => {
      if (door.takes === 'request') return gateway.send(jws)
      const authorization = `Bearer ${jws}`
      if (!door.upload) return gateway.get(path, { authorization })
      const { body, type } = door.upload
      const headers = { authorization, 'content-type': type }
      return replyOf(jws, await gateway.app.request(path, { method: 'PUT', body, headers }))
    },
  }
}
