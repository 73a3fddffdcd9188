import { afterEach, describe, expect, test } from 'vitest'
import { publicJwk } from '../../src/keys/signer.ts'
import { LogUnavailable } from '../../src/log/unavailable.ts'
import type { Caller, Members } from '../caller.ts'
import { checkWholeLog, NOW, openTestGateway, type TestGateway } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'
import { newcomer, register, registration } from '../newcomer.ts'

afterEach(checkWholeLog)

type Forgery = { members?: Members; claims?: Members; header?: Members }
type Attack = readonly [
  name: string,
  code: string,
  forge: (who: Caller) => Promise<Forgery> | Forgery,
]

const seconds = NOW / 1000
const ATTACKS: readonly Attack[] = [
  [
    "somebody else's key",
    'signature',
    async () => {
      const other = await newcomer()
      return {
        members: { jwk: { ...(await publicJwk(other.jwk)) } },
        claims: { iss: other.kid },
        header: { kid: other.kid },
      }
    },
  ],
  [
    'a kid that is not the thumbprint',
    'parameters',
    async (who) => ({
      members: { jwk: { ...(await publicJwk(who.jwk)), kid: 'A'.repeat(43) } },
    }),
  ],
  ['the private key along', 'parameters', (who) => ({ members: { jwk: who.jwk } })],
  ['an RSA key', 'parameters', () => ({ members: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } })],
  ['a shared secret', 'parameters', () => ({ members: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } })],
  ['roles of its own', 'parameters', () => ({ members: { roles: ['auditor'] } })],
  ['an id of its own', 'parameters', () => ({ members: { id: 'housing-bureau' } })],
  [
    'a name of a thousand letters',
    'parameters',
    () => ({ members: { names: { zh: '名'.repeat(1000), en: 'n' } } }),
  ],
  [
    'a name with a line feed',
    'parameters',
    () => ({ members: { names: { zh: '甲\n乙', en: 'n' } } }),
  ],
  [
    'a name that turns its direction',
    'parameters',
    () => ({ members: { names: { zh: '甲\u202e乙', en: 'n' } } }),
  ],
  [
    'a name in two lines of another kind',
    'parameters',
    () => ({ members: { names: { zh: '甲\u2028乙', en: 'n' } } }),
  ],
  [
    'a name that is no text',
    'parameters',
    () => ({ members: { names: { zh: '甲\ud800', en: 'n' } } }),
  ],
  ['a name of spaces', 'parameters', () => ({ members: { names: { zh: '\u3000 ', en: 'n' } } })],
  [
    'a proof for another gateway',
    'audience',
    () => ({ claims: { aud: 'https://gateway.linjiang.example' } }),
  ],
  [
    'a proof of yesterday',
    'expired',
    () => ({ claims: { iat: seconds - 86_400, exp: seconds - 86_340 } }),
  ],
  ['a proof that lives an hour', 'parameters', () => ({ claims: { exp: seconds + 3600 } })],
  ['a request as its proof', 'wrong-type', () => ({ header: { typ: 'assistance-request+jwt' } })],
  ['another algorithm in the header', 'algorithm', () => ({ header: { alg: 'Ed25519' } })],
  ['its key in the header', 'header', (who) => ({ header: { jwk: who.jwk } })],
]

async function expectRefused(gateway: TestGateway, body: string, code: string): Promise<void> {
  const size = gateway.size()
  const reply = await register(gateway, body)
  expect(reply.problem?.code).toBe(code)
  expect(gateway.size()).toBe(size)
  expectNoLeak(reply.text, gateway.dir)
  const { systems } = await gateway.deps.registry.view()
  expect([...systems.keys()].filter((id) => id.startsWith('sandbox-'))).toEqual([])
}

describe('the sandbox registers nobody who brings', () => {
  test.each(ATTACKS)('%s: %s', async (_, code, forge) => {
    const gateway = await openTestGateway()
    const who = await newcomer()
    const forgery = { members: {}, claims: {}, header: {}, ...(await forge(who)) }
    await expectRefused(gateway, await registration(who, NOW, forgery), code)
  })

  test.each([
    ['what is no JSON', '{', 'parameters'],
    ['a list', '[]', 'parameters'],
    ['nothing', '', 'parameters'],
    ['more than 8 KiB', JSON.stringify({ names: 'x'.repeat(9000) }), 'too-large'],
  ])('%s', async (_, body, code) => {
    await expectRefused(await openTestGateway(), body, code)
  })
})

test('a closed sandbox answers nobody and is not said of', async () => {
  const gateway = await openTestGateway({ bend: (deps) => ({ ...deps, sandbox: false }) })
  await expectRefused(gateway, await registration(await newcomer(), NOW), 'sandbox-off')
  const metadata = JSON.parse((await gateway.get('/.well-known/mianzheng')).text)
  expect(metadata.endpoints).not.toHaveProperty('sandbox')
})

test('a flood is told to come back, and what was registered stays', async () => {
  const gateway = await openTestGateway()
  for (let i = 0; i < 20; i++) await register(gateway, '{}')
  const reply = await register(gateway, await registration(await newcomer(), NOW))
  expect(reply).toMatchObject({ status: 429, problem: { code: 'rate', retryable: true } })
  expect(reply.headers.get('retry-after')).toBe('1')
  gateway.wait(1)
  const again = await register(gateway, await registration(await newcomer(), gateway.clock.now))
  expect(again.status).toBe(201)
})

test('what cannot be recorded is not registered: the entry comes first', async () => {
  const append = async () => {
    throw new LogUnavailable('the disk is full')
  }
  const gateway = await openTestGateway({
    bend: (deps) => ({ ...deps, log: { ...deps.log, append } }),
  })
  await expectRefused(gateway, await registration(await newcomer(), NOW), 'log-unavailable')
})
