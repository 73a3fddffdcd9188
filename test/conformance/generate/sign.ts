import { randomUUID } from 'node:crypto'
import { type Caller, callerWith, type Members } from '../../caller.ts'
import { ISSUER, NOW } from '../gateway.ts'
import { type Keys, readVectors } from '../vectors.ts'

export const REQUEST_TYPE = 'assistance-request+jwt'
export const PROOF_TYPE = 'agency-proof+jwt'
export const LICENCES = 'service-centre'
export const HOUSING = 'housing-bureau'
/** Its key is Ed25519. */
export const RELIEF = 'subdistrict'
export const KIOSK = 'retired-kiosk'
export const AUDIT = 'audit-office'
/** Answers ENT-01 from its own endpoint. */
export const PROVIDER = 'market-register'

export const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()
export const seconds = NOW / 1000

const keys = (): Keys => readVectors('keys.json')

export const callerOf = (id: string): Caller => {
  const jwk = keys().systems[id]
  if (!jwk) throw new Error(`keys.json has no key of ${id}`)
  return callerWith(id, jwk)
}

/** A caller by a key that nobody registered, under whatever kid. */
export const strangerAs = (id: string, kid: string): Caller =>
  callerWith(id, { ...keys().stranger, kid })

const envelope = (id: string): Members => ({
  iss: id,
  aud: ISSUER,
  iat: seconds,
  exp: seconds + 120,
  jti: randomUUID(),
})

/** Claims of an honest request by that system; a member that is undefined is left out. */
export const claimsFor = (id: string, question: Members, members: Members = {}): Members => ({
  ...envelope(id),
  ...question,
  ...members,
})

export const headerFor = ({ kid, jwk }: Caller, members: Members = {}): Members => ({
  alg: jwk.alg,
  kid,
  typ: REQUEST_TYPE,
  ...members,
})

/** A signed request. `bend` changes the payload's text before it is signed. */
export function request(
  id: string,
  question: Members,
  how: { claims?: Members; header?: Members; bend?: (text: string) => string; by?: Caller } = {},
): string {
  const caller = how.by ?? callerOf(id)
  const text = JSON.stringify(claimsFor(id, question, how.claims))
  return caller.sign(headerFor(caller, how.header), (how.bend ?? ((same) => same))(text))
}

/** The claims of an honest proof for one read. */
export function proof(
  id: string,
  path: string,
  claims: Members = {},
  header: Members = {},
): string {
  const caller = callerOf(id)
  const to = { htm: 'GET', htu: `${ISSUER}${path}` }
  const jti = randomUUID()
  const said = { iss: id, aud: ISSUER, ...to, iat: seconds, exp: seconds + 60, jti, ...claims }
  return caller.sign(headerFor(caller, { typ: PROOF_TYPE, ...header }), said)
}

/** Is a caterer's licence good? */
export const LICENCE = {
  requester: '11990100MB9901091A',
  item: 'ENT-01',
  purpose: { service: 'S01', basis: 'FOOD-SAFETY-LAW-35', scenario: 'permit-review' },
  case: 'JY-2026-1180',
  official: { id: 'SP-2203', position: '综合窗口' },
  authorization: { kind: 'application', ref: '食品经营许可申请 JY-2026-1180' },
  subject: { uscc: '91990104MA0000031D' },
  ask: [{ claim: 'name' }, { claim: 'status', equals: 'IN_BUSINESS' }],
} as const

/** Is this the person, who applies for public rental housing? */
export const IDENTITY = {
  requester: '11990100MB9901075L',
  item: 'ID-01',
  purpose: { service: 'S04', basis: 'PRH-MEASURES', scenario: 'eligibility-review' },
  case: 'ZB-2026-0308',
  official: { id: 'ZJ-0417' },
  authorization: { kind: 'consent', ref: '核查授权书 ZB-2026-0308' },
  subject: { idNo: '990104198501250021', name: '古丽娜尔·艾山' },
  ask: [{ claim: 'match', equals: true }],
} as const

export const HOUSEHOLD = {
  ...IDENTITY,
  item: 'HK-01',
  subject: { idNo: '990102202112230058', name: '戴予' },
  ask: [{ claim: 'status', equals: 'ACTIVE' }, { claim: 'hukouRegion' }],
} as const

/** A sub-district, by an Ed25519 key, for an applicant for relief. */
export const RELIEVED = {
  requester: '11990102MB9901112P',
  item: 'HK-01',
  purpose: { service: 'S11', basis: 'SOCIAL-ASSISTANCE-LAW', scenario: 'means-review' },
  case: 'DB-2026-0042',
  official: { id: 'LB-0009' },
  authorization: { kind: 'consent', ref: '核对授权书 DB-2026-0042' },
  subject: { idNo: '99010319730223006X', name: '范云星' },
  ask: [{ claim: 'hukouRegion', equals: '990102' }],
} as const
