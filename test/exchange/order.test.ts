import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { ProviderFailure } from '../../src/connector/connector.ts'
import type { Code } from '../../src/errors.ts'
import { HOUSING, headerOf, type Members, REQUEST_TYPE, requestEnvelope } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = {
  ...claimsOf('family-4-marriage'),
  ask: [{ claim: 'regDate', equals: '2005-03-20' }],
}
const AGREEMENT = 'housing-mar'
const JTI = randomUUID()

type Message = {
  claims: Members
  header: Members
  contentType: string
  /** What happens to the compact JWS after signing. */
  spoil: (jws: string) => string
}

type Fault = {
  readonly code: Code
  /** What happened long before, while everything was in order, and what happened right before. */
  readonly earlier?: (gateway: TestGateway) => Promise<unknown>
  readonly before?: (gateway: TestGateway) => Promise<unknown>
  /** What has changed in the registry since. */
  readonly meanwhile?: (gateway: TestGateway) => Promise<unknown>
  readonly message?: (message: Message) => void
}

/** In the order of the check table. Each is healed by itself, so any set of them may come together. */
const FAULTS: readonly Fault[] = [
  { code: 'media-type', message: (it) => (it.contentType = 'text/plain') },
  { code: 'too-large', message: (it) => after(it, (jws) => jws + 'A'.repeat(65_536)) },
  { code: 'malformed', message: (it) => after(it, (jws) => `${jws}=`) },
  { code: 'header', message: (it) => (it.header = { ...it.header, crit: ['b64'] }) },
  { code: 'wrong-type', message: (it) => (it.header = { ...it.header, typ: 'JWT' }) },
  { code: 'unknown-key', message: (it) => (it.header = { ...it.header, kid: 'nobody' }) },
  { code: 'revoked-key', meanwhile: (gateway) => gateway.amendKey(HOUSING, { revoked_at: 0 }) },
  { code: 'algorithm', message: (it) => (it.header = { ...it.header, alg: 'Ed25519' }) },
  {
    code: 'signature',
    message: (it) => after(it, (jws) => jws.replace(/\.[^.]{40}(?=[^.]*$)/, `.${'A'.repeat(40)}`)),
  },
  { code: 'audience', message: (it) => claim(it, { aud: 'https://elsewhere.example' }) },
  {
    code: 'jti-reuse',
    earlier: (gateway) => gateway.ask(HOUSING, { ...marriage, jti: JTI }),
    message: (it) => claim(it, { jti: JTI }),
  },
  { code: 'expired', message: (it) => claim(it, { iat: 1_700_000_000, exp: 1_700_000_100 }) },
  { code: 'request-schema', message: (it) => claim(it, { remark: '急' }) },
  {
    code: 'suspended',
    meanwhile: (gateway) => gateway.amend('system', HOUSING, { status: 'suspended' }),
  },
  { code: 'requester', message: (it) => claim(it, { requester: '11990100MB9901120M' }) },
  { code: 'unknown-item', message: (it) => claim(it, { item: 'MAR-01@9' }) },
  {
    code: 'subject',
    message: (it) => claim(it, { subject: { idNo: '990104197812170010', name: '戴如远' } }),
  },
  {
    code: 'ask',
    message: (it) => claim(it, { ask: [...marriage.ask, { claim: 'spouseIdNo' }] }),
  },
  {
    code: 'no-agreement',
    meanwhile: (gateway) => gateway.amend('agreement', AGREEMENT, { state: 'suspended' }),
  },
  {
    code: 'purpose',
    message: (it) => claim(it, { purpose: { ...marriage.purpose, service: 'S05' } }),
  },
  {
    code: 'claims',
    meanwhile: (gateway) => gateway.amend('agreement', AGREEMENT, { claims: { status: ['read'] } }),
  },
  {
    code: 'region',
    meanwhile: (gateway) => gateway.amend('agreement', AGREEMENT, { regions: ['990104'] }),
  },
  {
    code: 'authorization',
    message: (it) => claim(it, { authorization: { kind: 'statutory', ref: '法定职责' } }),
  },
  { code: 'policy' },
  {
    code: 'rate',
    before: async (gateway) => {
      await gateway.amend('system', HOUSING, { rate: { perSecond: 0.001, burst: 1 } })
      await gateway.ask(HOUSING, { ...marriage, ask: [{ claim: 'regDate', equals: '2005-03-10' }] })
    },
  },
  {
    code: 'quota',
    meanwhile: (gateway) => gateway.amend('agreement', AGREEMENT, { dailyQuota: 0 }),
  },
  {
    code: 'probing',
    earlier: async (gateway) => {
      for (let day = 10; day < 20; day++) {
        const ask = [{ claim: 'regDate', equals: `2005-03-${day}` }]
        await gateway.ask(HOUSING, { ...marriage, ask })
      }
    },
  },
  { code: 'provider-down' },
]

describe('of several faults the earliest in the table is told', () => {
  test.each(FAULTS.map(({ code }, at) => ({ code, at })))('$code', async ({ code, at }) => {
    const present = FAULTS.slice(at)
    let isBroken = false
    const has = (one: Code) => isBroken && present.some((fault) => fault.code === one)
    const gateway = await openTestGateway({
      policy: {
        decide: () => (has('policy') ? { permit: false, policies: ['no'] } : { permit: true }),
      },
      provider: async ({ ask }) => {
        if (has('provider-down')) throw new ProviderFailure('down', 'gone')
        const source = { register: 'marriage', version: '1' }
        const values = new Map(ask.map(({ claim }) => [claim, '2005-03-20']))
        return { outcome: 'ANSWERED', asOf: '2026-11-23T00:00:00.000Z', source, values }
      },
    })
    for (const { earlier } of present) await earlier?.(gateway)
    for (const { before } of present) await before?.(gateway)
    for (const { meanwhile } of present) await meanwhile?.(gateway)
    // A change of the registry makes the engine's remembered decisions void.
    await gateway.amend('agency', '11990100MB9901139J', {})
    isBroken = true
    const reply = await sendWith(gateway, present)
    expect(reply.problem?.code).toBe(code)
  })
})

function sendWith(gateway: TestGateway, faults: readonly Fault[]) {
  const housing = gateway.caller(HOUSING)
  const when = { issuer: ISSUER, nowMillis: gateway.clock.now }
  const message: Message = {
    claims: { ...requestEnvelope(housing, when), ...marriage },
    header: headerOf(housing, REQUEST_TYPE),
    contentType: 'application/jwt',
    spoil: (jws) => jws,
  }
  for (const fault of faults) fault.message?.(message)
  const jws = message.spoil(housing.sign(message.header, message.claims))
  return gateway.send(jws, { 'content-type': message.contentType })
}

function claim(message: Message, claims: Members): void {
  message.claims = { ...message.claims, ...claims }
}

function after(message: Message, spoil: (jws: string) => string): void {
  const { spoil: first } = message
  message.spoil = (jws) => spoil(first(jws))
}
