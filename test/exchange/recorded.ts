import { randomUUID } from 'node:crypto'
import { eraseRecord } from '../../src/evidence/erase.ts'
import {
  AUDIT_OFFICE,
  HOUSING,
  headerOf,
  REQUEST_TYPE,
  requestEnvelope,
  SERVICE_CENTRE,
} from '../caller.ts'
import { claimsOf, EXAMPLES } from '../city.ts'
import { ISSUER, type Options, type TestGateway } from '../harness.ts'
import { LATE } from './recorded-late.ts'
import type { Case } from './unattributed.ts'

export type RecordedCase = Case & {
  readonly options?: Options
  /** How many provider calls the whole case may make. */
  readonly calls?: number
}

const marriage = claimsOf('family-4-marriage')
const HOUSING_AGENCY = '11990100MB9901075L'
const DAY_SECONDS = 86_400

/** Checks 7 to 17: the caller is known, so its refusal is signed and recorded before it leaves. */
export const RECORDED: readonly RecordedCase[] = [
  {
    code: 'jti-reuse',
    when: 'the jti of an answered request comes back in another request',
    status: 409,
    party: 'caller',
    calls: 1,
    refuse: async (gateway) => {
      const jti = randomUUID()
      await gateway.ask(HOUSING, { ...marriage, jti })
      return gateway.ask(HOUSING, { ...marriage, jti, case: 'ZB-2026-0312' })
    },
  },
  {
    code: 'answer-archived',
    when: 'a request is sent again a day after it expired',
    status: 410,
    party: 'caller',
    calls: 1,
    refuse: async (gateway) => {
      const request = gateway.request(HOUSING, marriage)
      await gateway.send(request)
      gateway.wait(120 + DAY_SECONDS + 1)
      return gateway.send(request)
    },
  },
  {
    code: 'answer-erased',
    when: 'the record was erased since; it is not executed again',
    status: 410,
    party: 'caller',
    calls: 1,
    refuse: async (gateway) => {
      const jti = randomUUID()
      const request = gateway.request(HOUSING, { ...marriage, jti })
      await gateway.send(request)
      await eraseRecord(gateway.deps, { jti })
      return gateway.send(request)
    },
  },
  {
    code: 'expired',
    when: 'it arrives 30 seconds after exp',
    status: 401,
    party: 'caller',
    refuse: (gateway) => {
      const request = gateway.request(HOUSING, marriage)
      gateway.wait(150)
      return gateway.send(request)
    },
  },
  {
    code: 'not-yet',
    when: "iat is 31 seconds ahead of the gateway's clock",
    status: 401,
    party: 'caller',
    refuse: (gateway) => {
      const iat = gateway.clock.now / 1000 + 31
      return gateway.ask(HOUSING, { ...marriage, iat, exp: iat + 60 })
    },
  },
  {
    code: 'request-schema',
    when: 'a member is named twice and two readers could see two requests',
    status: 422,
    party: 'caller',
    refuse: (gateway) => {
      const housing = gateway.caller(HOUSING)
      const envelope = requestEnvelope(housing, { issuer: ISSUER, nowMillis: gateway.clock.now })
      const text = JSON.stringify({ ...envelope, ...marriage })
      const twice = text.replace('"item":', '"item":"ID-01","item":')
      return gateway.send(housing.sign(headerOf(housing, REQUEST_TYPE), twice))
    },
  },
  {
    code: 'request-schema',
    when: 'it wants to live longer than 300 seconds',
    status: 422,
    party: 'caller',
    refuse: (gateway) => {
      const iat = gateway.clock.now / 1000
      return gateway.ask(HOUSING, { ...marriage, iat, exp: iat + 301 })
    },
  },
  {
    code: 'request-schema',
    when: 'there is no jti to know it by',
    status: 422,
    party: 'caller',
    refuse: (gateway) => gateway.ask(HOUSING, { ...marriage, jti: null }),
  },
  ...fromExamples(),
  {
    code: 'suspended',
    when: 'the agency that owns the system was suspended',
    status: 403,
    party: 'authority',
    refuse: async (gateway) => {
      await gateway.amend('agency', HOUSING_AGENCY, { status: 'suspended' })
      return gateway.ask(HOUSING, marriage)
    },
  },
  {
    code: 'suspended',
    when: 'the agency it acts for was suspended',
    status: 403,
    party: 'authority',
    refuse: async (gateway) => {
      const claims = claimsOf('id-restaurant-manager')
      await gateway.amend('agency', String(claims.requester), { status: 'suspended' })
      return gateway.ask(SERVICE_CENTRE, claims)
    },
  },
  {
    code: 'requester',
    when: "an auditor's system asks for a citizen's data",
    status: 403,
    party: 'caller',
    refuse: (gateway) =>
      gateway.ask(AUDIT_OFFICE, { ...marriage, requester: '11990100MB9901139J' }),
  },
  {
    code: 'unknown-item',
    when: 'the item is a draft that nobody published',
    status: 404,
    party: 'caller',
    refuse: async (gateway) => {
      await gateway.amend('item', 'MAR-01', { state: 'draft' })
      return gateway.ask(HOUSING, marriage)
    },
  },
  {
    code: 'no-agreement',
    when: 'the agreement ended yesterday',
    status: 403,
    party: 'authority',
    refuse: async (gateway) => {
      await gateway.amend('agreement', 'housing-mar', { validTo: '2026-11-22' })
      return gateway.ask(HOUSING, marriage)
    },
  },
  ...LATE,
]

/** The seeded refusals that documentation shows, held to the same standard. */
function fromExamples(): RecordedCase[] {
  const parties = {
    'request-schema': 'caller',
    requester: 'caller',
    suspended: 'authority',
    'unknown-item': 'caller',
    'item-suspended': 'provider',
    'needs-officer': 'gateway',
    subject: 'caller',
    ask: 'caller',
    'no-agreement': 'authority',
    purpose: 'caller',
    claims: 'caller',
    region: 'caller',
    authorization: 'caller',
    policy: 'authority',
  } as const
  return EXAMPLES.flatMap(({ name, system, claims, expect: { code, status } }) => {
    if (code === undefined) return []
    const known = code as keyof typeof parties
    const refuse = (gateway: TestGateway) => gateway.ask(system, claims)
    return [{ code: known, when: `example ${name}`, status, party: parties[known], refuse }]
  })
}
