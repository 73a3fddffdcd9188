import { afterEach, describe, expect, test } from 'vitest'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import {
  addSystemKey,
  endSystemKey,
  judgeKeyEnd,
  judgeNewKey,
  readSystemJwk,
} from '../../src/registry/system-keys.ts'
import { callerWith, HOUSING, headerOf, REQUEST_TYPE, requestEnvelope, SCHOOLS } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, NOW, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const HOUR = 3_600_000
const marriage = claimsOf('family-4-marriage')
const view = ({ deps }: TestGateway) => deps.registry.view()
const firstKey = async (gateway: TestGateway) => gateway.caller(HOUSING).kid

/** Registers another key of the housing bureau, and asks with it. */
async function withSecondKey(alg: 'ES256' | 'Ed25519', validFrom = NOW) {
  const gateway = await openTestGateway()
  const secret = await generateSigningKey(alg)
  const jwk = await readSystemJwk(await publicJwk(secret))
  await judgeNewKey(await view(gateway), { system: HOUSING, jwk, validFrom }, NOW)
  await addSystemKey(gateway.deps.store.db, { system: HOUSING, jwk, validFrom })
  gateway.wait(1)
  const caller = callerWith(HOUSING, secret)
  const ask = () => {
    const when = { issuer: ISSUER, nowMillis: gateway.clock.now }
    const payload = { ...requestEnvelope(caller, when), ...marriage }
    return gateway.send(caller.sign(headerOf(caller, REQUEST_TYPE), payload))
  }
  return { gateway, jwk, ask }
}

describe("a system's second key", () => {
  test.each(['ES256', 'Ed25519'] as const)(
    '(%s) counts within a second, beside the first',
    async (alg) => {
      const { gateway, ask } = await withSecondKey(alg)
      const replies = [await ask(), await gateway.ask(HOUSING, marriage)]
      for (const reply of replies) {
        expect(reply.status).toBe(200)
        expect((await gateway.verify(reply)).ok).toBe(true)
      }
    },
  )

  test('counts from its own instant on', async () => {
    const { gateway, ask } = await withSecondKey('ES256', NOW + HOUR)
    expect((await ask()).problem?.code).toBe('unknown-key')
    gateway.wait(3600)
    expect((await ask()).status).toBe(200)
  })

  test.each([
    ['retire', 'unknown-key'],
    ['revoke', 'revoked-key'],
  ] as const)(
    '%s: no more within a second; what was recorded before stays evidence',
    async (step, code) => {
      const { gateway, jwk, ask } = await withSecondKey('ES256')
      const before = await ask()
      gateway.wait(2)
      const end = { system: HOUSING, kid: jwk.kid, step, at: gateway.clock.now }
      judgeKeyEnd(await view(gateway), end, gateway.clock.now)
      await endSystemKey(gateway.deps.store.db, end)
      gateway.wait(1)
      expect((await ask()).problem?.code).toBe(code)
      expect((await gateway.verify(before)).ok).toBe(true)
      expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
    },
  )

  test('revoked as of an earlier instant takes what was recorded since with it', async () => {
    const { gateway, jwk, ask } = await withSecondKey('ES256')
    gateway.wait(600)
    const stolen = await ask()
    const end = { system: HOUSING, kid: jwk.kid, step: 'revoke', at: NOW + 60_000 } as const
    judgeKeyEnd(await view(gateway), end, gateway.clock.now)
    await endSystemKey(gateway.deps.store.db, end)
    gateway.wait(1)
    const verdict = await gateway.verify(stolen)
    expect(verdict.ok).toBe(false)
    expect(verdict.checks.signature.detail).toContain('not valid')
  })
})

describe('what is no key to register', () => {
  test('a private key is refused by name, and never quoted', async () => {
    const secret = await generateSigningKey('ES256')
    const refused = await readSystemJwk(secret).catch((error) => error)
    expect(refused).toMatchObject({ code: 'private' })
    expect(String(refused)).not.toContain(String(secret.d))
  })

  test.each([
    ['RSA', { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'x' }],
    ['another curve', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA', kid: 'x' }],
    ['a symmetric key as ES256', { kty: 'oct', alg: 'ES256' }],
    ['HS256', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', alg: 'HS256' }],
    ['none', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', alg: 'none' }],
    ['an encryption key', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', use: 'enc' }],
    ['a point beside the curve', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'x' }],
    ['a list', []],
    ['nothing', null],
  ])('%s', async (_, jwk) => {
    await expect(readSystemJwk(jwk)).rejects.toMatchObject({ code: 'unfit' })
  })

  test('a kid that could be taken for something else', async () => {
    const jwk = await publicJwk(await generateSigningKey('ES256'))
    for (const kid of ['a b', 'x'.repeat(129), '', '密钥', 'a/b'])
      await expect(readSystemJwk({ ...jwk, kid })).rejects.toMatchObject({ code: 'unfit' })
  })

  test('without a kid it is named by its thumbprint', async () => {
    const secret = await generateSigningKey('ES256')
    const { kid: _, ...bare } = await publicJwk(secret)
    expect((await readSystemJwk(bare)).kid).toBe(secret.kid)
  })
})

describe('a change is judged before anything is written:', () => {
  test('one key has one owner, one system, and no past', async () => {
    const gateway = await openTestGateway()
    const registry = await view(gateway)
    const taken = await readSystemJwk(await publicJwk(gateway.caller(HOUSING).jwk))
    const fresh = await readSystemJwk(await publicJwk(await generateSigningKey('ES256')))
    const judge = (system: string, jwk: typeof fresh, validFrom = NOW) =>
      judgeNewKey(registry, { system, jwk, validFrom }, NOW)
    await expect(judge(HOUSING, taken)).rejects.toMatchObject({ code: 'known' })
    await expect(judge(SCHOOLS, { ...taken, kid: 'renamed' })).rejects.toMatchObject({
      code: 'known',
    })
    await expect(judge('nobody', fresh)).rejects.toMatchObject({ code: 'system' })
    await expect(judge(HOUSING, fresh, NOW - 1)).rejects.toMatchObject({ code: 'instant' })
    await expect(judge(HOUSING, fresh)).resolves.toBeUndefined()
  })

  test('an end is neither set twice, nor for a stranger, nor in the wrong direction of time', async () => {
    const gateway = await openTestGateway()
    const kid = await firstKey(gateway)
    const registry = await view(gateway)
    const judge = (step: 'retire' | 'revoke', at: number, of = kid) => {
      try {
        judgeKeyEnd(registry, { system: HOUSING, kid: of, step, at }, NOW)
      } catch (error) {
        return (error as { code: string }).code
      }
      return undefined
    }
    expect(judge('retire', NOW + HOUR)).toBeUndefined()
    expect(judge('retire', NOW - 1)).toBe('instant')
    expect(judge('revoke', NOW - HOUR)).toBeUndefined()
    expect(judge('revoke', NOW + 1)).toBe('instant')
    expect(judge('revoke', NOW, 'nobody')).toBe('unknown')
    await gateway.amendKey(HOUSING, { revoked_at: NOW })
    const after = await view(gateway)
    const end = { system: HOUSING, kid, step: 'retire', at: NOW + HOUR } as const
    expect(() => judgeKeyEnd(after, end, NOW)).toThrow(/revoked/)
  })
})
