import type { ServerResponse } from 'node:http'
import { CompactSign, importJWK, type JWK } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import type { Code } from '../../src/errors.ts'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { HOUSING, payloadOf, SUBDISTRICT } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway, type TestGateway } from '../harness.ts'
import { moveMarriages, PROVIDER, serve } from '../provider.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const SECRET = '99010419780629002X'

type Members = Record<string, unknown>
type Told = {
  readonly key: JWK
  readonly gateway: TestGateway
  readonly forward: Members
  /** An honest statement about this forward, bent by `members`. */
  sign(members?: Members, header?: Members, key?: JWK): Promise<string>
}
type Hostile = (response: ServerResponse, told: Told) => unknown

const jwt = (response: ServerResponse, text: string, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/jwt' }).end(text)

/** A provider that answers whatever it likes, holding the key that is registered for it. */
async function startHostile(gateway: TestGateway, hostile: Hostile): Promise<{ calls: number }> {
  const seen = { calls: 0 }
  let key: JWK | undefined
  const endpoint = await serve(async (request, response) => {
    seen.calls += 1
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const forward = payloadOf(Buffer.concat(parts).toString())
    const own = key as JWK
    const sign: Told['sign'] = async (members = {}, header = {}, by = own) => {
      const honest = await honestStatement(gateway, forward)
      const payload = new TextEncoder().encode(JSON.stringify({ ...honest, ...members }))
      const { alg = '', kid = '' } = by
      return new CompactSign(payload)
        .setProtectedHeader({ alg, kid, typ: 'assistance-statement+jwt', ...header })
        .sign(await importJWK(by, alg))
    }
    await hostile(response, { key: own, gateway, forward, sign })
  })
  key = await moveMarriages(gateway, endpoint)
  return seen
}

async function honestStatement(gateway: TestGateway, forward: Members): Promise<Members> {
  return {
    iss: PROVIDER,
    aud: ISSUER,
    iat: Math.floor(gateway.clock.now / 1000),
    jti: crypto.randomUUID(),
    request: { hash: gateway.deps.crypto.digest(String(forward.request)) },
    item: forward.item,
    outcome: 'ANSWERED',
    claims: { status: { value: 'REGISTERED' }, spouseIdNo: { value: SECRET } },
    asOf: new Date(gateway.clock.now).toISOString(),
    source: { register: 'marriage-live', version: '7' },
  }
}

const signed =
  (members: Members | ((told: Told) => Members), header?: Members): Hostile =>
  async (response, told) =>
    jwt(response, await told.sign(typeof members === 'function' ? members(told) : members, header))

const HOSTILE: readonly [name: string, code: Code, hostile: Hostile][] = [
  [
    'a wrong signature',
    'provider-invalid',
    async (response, { sign }) => jwt(response, spoilt(await sign())),
  ],
  [
    'a key of its own making',
    'provider-invalid',
    async (response, { sign, key }) =>
      jwt(
        response,
        await sign({}, {}, { ...(await generateSigningKey('ES256')), kid: String(key.kid) }),
      ),
  ],
  ['the signature of an unknown key', 'provider-invalid', signed({}, { kid: 'nobody' })],
  ['another typ', 'provider-invalid', signed({}, { typ: 'assistance-answer+jwt' })],
  [
    "another request's answer",
    'provider-invalid',
    signed(({ gateway }) => ({ request: { hash: gateway.deps.crypto.digest('another') } })),
  ],
  ["another item's answer", 'provider-invalid', signed({ item: { code: 'ID-01', version: 1 } })],
  ['an answer to another gateway', 'provider-invalid', signed({ aud: 'https://other.example' })],
  ["another system's answer", 'provider-invalid', signed({ iss: HOUSING })],
  [
    'an answer from before the request',
    'provider-invalid',
    signed(({ gateway }) => ({ iat: Math.floor(gateway.clock.now / 1000) - 3600 })),
  ],
  [
    'an answer of tomorrow',
    'provider-invalid',
    signed(({ gateway }) => ({ asOf: new Date(gateway.clock.now + 86_400_000).toISOString() })),
  ],
  [
    'claims of the wrong type',
    'provider-invalid',
    signed({ claims: { status: { value: 7 }, spouseIdNo: { value: SECRET } } }),
  ],
  [
    'a value outside the contract',
    'provider-invalid',
    signed({ claims: { status: { value: 'DIVORCED' }, spouseIdNo: { value: SECRET } } }),
  ],
  [
    'a claim that is missing',
    'provider-invalid',
    signed({ claims: { status: { value: 'REGISTERED' } } }),
  ],
  ['NO_RECORD with values', 'provider-invalid', signed({ outcome: 'NO_RECORD' })],
  ['an outcome nobody knows', 'provider-invalid', signed({ outcome: 'MAYBE' })],
  ['a member nobody knows', 'provider-invalid', signed({ note: SECRET })],
  [
    'a member that is named twice',
    'provider-invalid',
    async (response, told) => {
      const payload = JSON.stringify(await honestStatement(told.gateway, told.forward))
      const twice = payload.replace('"outcome"', '"outcome":"NO_RECORD","outcome"')
      const { alg = '', kid = '' } = told.key
      const text = await new CompactSign(new TextEncoder().encode(twice))
        .setProtectedHeader({ alg, kid, typ: 'assistance-statement+jwt' })
        .sign(await importJWK(told.key, alg))
      jwt(response, text)
    },
  ],
  [
    'a hundred megabytes',
    'provider-invalid',
    async (response) => {
      response.writeHead(200, { 'content-type': 'application/jwt' })
      const chunk = Buffer.alloc(1024 * 1024, 'a')
      for (let i = 0; i < 100 && !response.destroyed; i++)
        if (!response.write(chunk))
          await new Promise((go) => response.once('drain', go).once('close', go))
      response.end()
    },
  ],
  [
    'a redirect to the loopback',
    'provider-invalid',
    async (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  ],
  ['a plain 500', 'provider-down', (response) => response.writeHead(500).end('Error at db.js:42')],
  [
    'HTML',
    'provider-invalid',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Wartung</h1>'),
  ],
  ['nothing at all', 'provider-invalid', (response) => jwt(response, '')],
  ['a 401', 'provider-down', (response) => response.writeHead(401).end()],
  ['a 403', 'provider-invalid', (response) => response.writeHead(403).end()],
  ['a 404', 'provider-invalid', (response) => response.writeHead(404).end()],
  ['a cut connection', 'provider-down', (response) => response.destroy()],
]

const ENDLESS: readonly Hostile[] = [
  (response) => response.writeHead(200, { 'content-type': 'application/jwt' }).write('a'),
  (response) => {
    response.writeHead(200, { 'content-type': 'application/jwt' })
    const drip = setInterval(() => response.write('a'), 100)
    response.once('close', () => clearInterval(drip))
  },
  () => undefined,
]

describe('a hostile or broken provider', () => {
  test.each(HOSTILE)(
    '%s → %s, on record, and nothing of it passes on',
    async (_, code, hostile) => {
      const gateway = await openTestGateway({ outbound: 'real' })
      await startHostile(gateway, hostile)
      const before = gateway.size()
      const reply = await gateway.ask(HOUSING, marriage)
      expect(reply.problem?.code).toBe(code)
      expect(gateway.size()).toBe(before + 2)
      expect(reply.text).not.toMatch(new RegExp(`${SECRET}|db\\.js|Wartung|DIVORCED`))
      expect(JSON.stringify(gateway.reports)).not.toContain(SECRET)
      expect(await gateway.deps.store.openIntents(Number.MAX_SAFE_INTEGER)).toEqual([])
    },
  )

  test('answers that never end, drip or do not come end in provider-timeout within the deadline', async () => {
    const started = performance.now()
    const replies = ENDLESS.map(async (hostile) => {
      const gateway = await openTestGateway({ outbound: 'real' })
      const seen = await startHostile(gateway, hostile)
      const reply = await gateway.ask(HOUSING, marriage)
      return { code: reply.problem?.code, calls: seen.calls }
    })
    for (const { code, calls } of await Promise.all(replies)) {
      expect(code).toBe('provider-timeout')
      expect(calls).toBeLessThanOrEqual(3)
    }
    expect(performance.now() - started).toBeLessThan(18_000)
  })

  test('claims that nobody asked for stay in the sealed statement', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    const extra = { regDate: { value: '2005-03-20' }, income: { value: 4242 } }
    const claims = { status: { value: 'REGISTERED' }, spouseIdNo: { value: SECRET }, ...extra }
    await startHostile(gateway, signed({ claims }))
    const reply = await gateway.ask(HOUSING, marriage)
    expect(reply.status).toBe(200)
    expect(Object.keys(reply.answer?.claims as object).sort()).toEqual(['spouseIdNo', 'status'])
    expect(JSON.stringify(reply.answer)).not.toMatch(/4242|2005-03-20/)
  })

  test('a revoked provider key says nothing any more', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    await startHostile(gateway, signed({}))
    await gateway.amendKey(PROVIDER, { revoked_at: gateway.clock.now })
    expect((await gateway.ask(HOUSING, marriage)).problem?.code).toBe('provider-invalid')
  })

  test('after five failures it is spared for ten seconds, then one request tries', async () => {
    const gateway = await openTestGateway({ outbound: 'real' })
    let isUp = false
    const seen = await startHostile(gateway, async (response, { sign }) =>
      isUp ? jwt(response, await sign()) : jwt(response, '', 503),
    )
    for (let i = 0; i < 5; i++) await gateway.ask(HOUSING, marriage)
    const calls = seen.calls
    expect((await gateway.ask(HOUSING, marriage)).problem?.code).toBe('provider-down')
    expect(seen.calls).toBe(calls)
    isUp = true
    gateway.wait(11)
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
  })
})

test('one caller whose requests a provider fails at closes nobody else’s way to it', async () => {
  const gateway = await openTestGateway({ outbound: 'real' })
  await startHostile(gateway, (response, { forward }) => {
    const poison = payloadOf(String(forward.request)).iss === HOUSING
    return poison ? jwt(response, '', 500) : response.writeHead(404).end()
  })
  for (let i = 0; i < 6; i++)
    expect((await gateway.ask(HOUSING, marriage)).problem?.code).toBe('provider-down')
  // It was asked, and said something.
  const other = await gateway.ask(SUBDISTRICT, claimsOf('mar-rare-character'))
  expect(other.problem?.code).toBe('provider-invalid')
})

function spoilt(jws: string): string {
  const [header, payload, signature = ''] = jws.split('.')
  const turned = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
  return `${header}.${payload}.${turned}`
}
