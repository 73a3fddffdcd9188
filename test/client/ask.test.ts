import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest'
import { itemTypes } from '../../contracts/item-types.ts'
import type { AskOf, ClaimReply } from '../../src/client/index.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { HOUSING, payloadOf } from '../caller.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { clientOf, GATEWAY, questionOf } from './asking.ts'

afterEach(checkWholeLog)

const FOOTING = {
  requester: '11990100MB9901075L',
  purpose: { service: 'S04', basis: 'PRH-MEASURES', scenario: 'eligibility-review' },
  case: 'ZB-2026-0311',
  official: { id: 'ZJ-0417' },
  authorization: { kind: 'consent', ref: '核查授权书 ZB-2026-0311' },
} as const

describe('ask', () => {
  test('returns a typed, verified answer with evidence that a stranger verifies', async () => {
    const gateway = await openTestGateway()
    const trust = await gateway.trust()
    const client = await clientOf(gateway, { trust })
    const answer = await client.ask({
      ...FOOTING,
      item: 'ID-01',
      subject: { idNo: '990104197812170016', name: '戴如远' },
      ask: [{ claim: 'match', equals: true }, { claim: 'cardStatus' }],
    })
    expectTypeOf(answer.claims.cardStatus).toEqualTypeOf<
      ClaimReply<'VALID' | 'EXPIRED' | 'LOST' | 'CANCELLED'> | undefined
    >()
    expectTypeOf(answer.claims.match?.value).toEqualTypeOf<undefined>()
    expect(answer).toMatchObject({
      outcome: 'ANSWERED',
      claims: { match: { result: 'MATCH' }, cardStatus: { value: 'VALID' } },
      item: { code: 'ID-01', version: 1 },
      entry: gateway.size() - 1,
      verifiedWith: 'pinned',
      quota: { limit: 20000, remaining: 19999 },
    })
    const verdict = await verifyEvidence(answer.evidence, trust, gateway.deps.crypto.sha256)
    expect(verdict).toMatchObject({ ok: true, entry: { outcome: 'ANSWERED' } })
    expect(await client.evidence(answer.jti)).toMatchObject({ answer: answer.evidence.answer })
  })

  test.each([
    'family-4-marriage',
    'family-5-no-property-registered',
    'family-6-employer-in-business',
    'echo-hello',
  ])('says of %s what the gateway said', async (example) => {
    const gateway = await openTestGateway()
    const client = await clientOf(gateway)
    const answer = await client.ask(questionOf(example))
    const said = payloadOf(answer.evidence.answer)
    expect([answer.outcome, answer.claims]).toEqual([said.outcome, said.claims])
    expect(answer.verifiedWith).toBe('first-use')
  })

  test('signs with a WebCrypto key whose private half cannot be taken out', async () => {
    const gateway = await openTestGateway()
    const { jwk, kid } = gateway.caller(HOUSING)
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const { d: _, key_ops: __, ...open } = jwk
    const privateKey = await crypto.subtle.importKey(
      'jwk',
      { ...jwk, alg: 'ES256' } as JsonWebKey,
      algorithm,
      false,
      ['sign'],
    )
    const publicKey = await crypto.subtle.importKey(
      'jwk',
      { ...open, alg: 'ES256' } as JsonWebKey,
      algorithm,
      true,
      ['verify'],
    )
    const client = await clientOf(gateway, { key: { kid, alg: 'ES256', privateKey, publicKey } })
    expect((await client.ask(questionOf('family-4-marriage'))).outcome).toBe('ANSWERED')
  })

  test('shows the keys of a first use, to be compared and pinned', async () => {
    const gateway = await openTestGateway()
    const trust = await (await clientOf(gateway)).trust()
    const pinned = await clientOf(gateway, { trust })
    expect((await pinned.ask(questionOf('echo-hello'))).verifiedWith).toBe('pinned')
  })
})

describe('a refusal', () => {
  test('is typed, says whose move it is, and its signature and record hold', async () => {
    const gateway = await openTestGateway()
    const client = await clientOf(gateway)
    const question = questionOf('family-4-marriage', { requester: '11990100MB99010402' })
    const refused = await client.ask(question).catch((error: unknown) => error)
    expect(refused).toMatchObject({
      name: 'Refused',
      code: 'requester',
      status: 403,
      check: 'requester',
      party: 'caller',
      retryable: false,
      entry: gateway.size() - 1,
    })
    const { signed, jti, hint } = refused as { signed: string; jti: string; hint: string }
    expect(payloadOf(signed).hint).toBe(hint)
    expect(await client.evidence(jti)).toMatchObject({ answer: signed })
  })

  test('of somebody unknown is not signed, and says so', async () => {
    const client = await clientOf(await openTestGateway(), { system: 'harbour-office' })
    await expect(client.ask(questionOf('family-4-marriage'))).rejects.toMatchObject({
      code: 'unknown-key',
      signed: undefined,
      entry: undefined,
    })
  })
})

test('what the contract does not offer does not compile', () => {
  expectTypeOf<{ claim: 'spouseIdNo'; equals: string }>().toExtend<AskOf<'MAR-01'>>()
  expectTypeOf<{ claim: 'spouseIdNo' }>().not.toExtend<AskOf<'MAR-01'>>()
  expectTypeOf<{ claim: 'status'; equals: 'MARRIED' }>().not.toExtend<AskOf<'MAR-01@1'>>()
  expectTypeOf<{ claim: 'anything'; atLeast: number }>().toExtend<AskOf<'NEW-01'>>()
})

test('the types are those of the contracts', () => {
  const written = readFileSync(new URL('../../src/client/items.ts', import.meta.url), 'utf8')
  expect(written, 'run: npm run client:types').toBe(itemTypes())
})

test.each(['gateway.example', 'ftp://gateway.example', 'not a url'])(
  '%s is no address',
  async (gateway) => {
    await expect(clientOf(await openTestGateway(), { gateway })).rejects.toThrow(TypeError)
  },
)

test('the address may end in a slash', async () => {
  const client = await clientOf(await openTestGateway(), { gateway: `${GATEWAY}/` })
  expect((await client.ask(questionOf('echo-hello'))).outcome).toBe('ANSWERED')
})
