import { CompactSign, importJWK, type JWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import {
  createProvider,
  inMemory,
  type ProviderOptions,
  type TrustedKey,
} from '../../src/provider/index.ts'

const NOW = Date.parse('2026-11-23T02:00:00.000Z')
const SECONDS = NOW / 1000
const ISSUER = 'https://gateway.yunting.example'
const ID = 'civil-affairs'
const CALLER = 'housing-bureau'

type Members = Readonly<Record<string, unknown>>

let gateway: JWK
let caller: JWK
let own: JWK

beforeAll(async () => {
  const made = ['ES256', 'ES256', 'ES256'].map(() => generateSigningKey('ES256'))
  ;[gateway, caller, own] = (await Promise.all(made)) as [JWK, JWK, JWK]
})

async function sign(key: JWK, typ: string, payload: Members): Promise<string> {
  const { alg = '', kid = '' } = key
  const bytes = new TextEncoder().encode(JSON.stringify(payload))
  return new CompactSign(bytes)
    .setProtectedHeader({ alg, kid, typ })
    .sign(await importJWK(key, alg))
}

async function trusted(key: JWK, more: Partial<TrustedKey> = {}): Promise<TrustedKey> {
  const jwk = (await publicJwk(key)) as JWK
  const validFrom = '2026-01-01T00:00:00Z'
  return { kid: String(key.kid), alg: 'ES256', jwk, validFrom, ...more }
}

const requestClaims = (members: Members = {}): Members => ({
  iss: CALLER,
  aud: ISSUER,
  iat: SECONDS,
  exp: SECONDS + 300,
  jti: '7f4df1d5-2b1c-4d8a-9a59-6d1b7d1a3c11',
  requester: '11990100MB9901075L',
  item: 'MAR-01',
  purpose: {},
  case: 'ZB-1',
  official: { id: '1' },
  authorization: { kind: 'consent', ref: 'r' },
  subject: { idNo: '1' },
  ask: [{ claim: 'status' }],
  ...members,
})

type Bent = {
  readonly request?: Members
  readonly forward?: Members
  readonly requestKey?: JWK
  readonly forwardKey?: JWK
}

async function forward({ request, forward: members, requestKey, forwardKey }: Bent = {}) {
  const said = await sign(requestKey ?? caller, 'assistance-request+jwt', requestClaims(request))
  return sign(forwardKey ?? gateway, 'assistance-forward+jwt', {
    iss: ISSUER,
    aud: ID,
    iat: SECONDS,
    exp: SECONDS + 60,
    jti: crypto.randomUUID(),
    item: { code: 'MAR-01', version: 1 },
    ask: ['status'],
    intent: 7,
    request: said,
    ...members,
  })
}

async function provider(options: Partial<ProviderOptions> = {}) {
  let answered = 0
  const callers = { [CALLER]: [await trusted(caller)] }
  const trust = { issuer: ISSUER, gateway: [await trusted(gateway)], callers }
  const handle = createProvider({
    id: ID,
    key: own,
    trust: () => trust,
    clock: () => NOW,
    items: {
      'MAR-01': {
        register: 'marriage',
        version: () => '1',
        answer: async () => {
          answered += 1
          return { outcome: 'ANSWERED', values: { status: 'REGISTERED' } }
        },
      },
    },
    ...options,
  })
  const post = async (body: BodyInit) => {
    const headers = { 'content-type': 'application/jwt' }
    const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit
    const response = await handle(new Request('http://provider.example/', init))
    const text = await response.text()
    return { status: response.status, text, code: response.ok ? '' : JSON.parse(text).code }
  }
  return { post, trust, answered: () => answered }
}

describe('a provider is not made to answer', () => {
  const REFUSED: readonly (readonly [name: string, code: string, bent: () => Bent])[] = [
    ['by a forward to another provider', 'audience', () => ({ forward: { aud: 'tax' } })],
    [
      'by a forward of another gateway',
      'audience',
      () => ({ forward: { iss: 'https://x.example' } }),
    ],
    [
      'by an old forward',
      'expired',
      () => ({ forward: { iat: SECONDS - 200, exp: SECONDS - 140 } }),
    ],
    [
      'by a new forward of an old request',
      'expired',
      () => ({ request: { iat: SECONDS - 3600, exp: SECONDS - 3300 } }),
    ],
    ['by a request without end', 'expired', () => ({ request: { exp: undefined } })],
    [
      'by a request of tomorrow',
      'expired',
      () => ({ request: { iat: SECONDS + 86_400, exp: SECONDS + 86_700 } }),
    ],
    ['by a caller alone', 'unknown-key', () => ({ forwardKey: caller })],
    ['by a gateway alone', 'unknown-key', () => ({ requestKey: gateway })],
    ['for a caller it does not know', 'unknown-key', () => ({ request: { iss: '__proto__' } })],
    [
      'by a request to another gateway',
      'audience',
      () => ({ request: { aud: 'https://x.example' } }),
    ],
    ['about an item that was not asked', 'not-asked', () => ({ request: { item: 'ID-01' } })],
    ['in another version than was asked', 'not-asked', () => ({ request: { item: 'MAR-01@2' } })],
    [
      'with a claim that was not asked',
      'not-asked',
      () => ({ forward: { ask: ['status', 'regDate'] } }),
    ],
    ['with a claim of every object', 'not-asked', () => ({ forward: { ask: ['constructor'] } })],
    [
      'about an item of every object',
      'unknown-item',
      () => ({
        request: { item: 'constructor' },
        forward: { item: { code: 'constructor', version: 1 } },
      }),
    ],
  ]
  test.each(REFUSED)('%s → %s', async (_, code, bent) => {
    const { post, answered } = await provider()
    expect((await post(await forward(bent()))).code).toBe(code)
    expect(answered()).toBe(0)
  })

  test('by keys that are over, the gateway’s or the caller’s', async () => {
    const over = { validTo: '2026-11-23T01:59:59Z' }
    const { post, trust, answered } = await provider()
    const text = await forward()
    trust.callers[CALLER] = [await trusted(caller, over)]
    expect((await post(text)).code).toBe('unknown-key')
    trust.callers[CALLER] = [await trusted(caller)]
    trust.gateway[0] = await trusted(gateway, { revokedAt: '2026-11-23T02:00:00Z' })
    expect((await post(text)).code).toBe('unknown-key')
    expect(answered()).toBe(0)
  })

  test('by a body that never says how long it is', async () => {
    const { post } = await provider()
    let sent = 0
    const endless = new ReadableStream({
      pull: (to) => {
        sent += 1
        to.enqueue(new Uint8Array(64 * 1024).fill(97))
      },
    })
    expect((await post(endless)).code).toBe('too-large')
    expect(sent).toBeLessThan(10)
  })
})

test('a request that its gateway took in its last second is still answered', async () => {
  const { post } = await provider()
  const late = { iat: SECONDS - 340, exp: SECONDS - 40 }
  expect((await post(await forward({ request: late }))).status).toBe(200)
})

test('one request has one statement, also where looking it up takes longer than stating it', async () => {
  const kept = inMemory()
  let lookups = 0
  const remembered = {
    ...kept,
    get: async (hash: string) => {
      lookups += 1
      const millis = lookups === 1 ? 50 : 200
      const found = await kept.get(hash)
      await new Promise((resolve) => setTimeout(resolve, millis))
      return found
    },
  }
  const lines: unknown[] = []
  const { post, answered } = await provider({ remembered, log: (line) => void lines.push(line) })
  const text = await forward()
  const replies = await Promise.all([post(text), post(text), post(text)])
  expect(new Set(replies.map((reply) => reply.text)).size).toBe(1)
  expect(answered()).toBe(1)
  expect(lines).toHaveLength(1)
})

test('a register that failed is asked again, not remembered as failed', async () => {
  let isUp = false
  const source = {
    register: 'marriage',
    version: () => '1',
    answer: async () => {
      if (!isUp) throw new Error('no connection to db-7')
      return { outcome: 'NO_RECORD' as const }
    },
  }
  const { post } = await provider({ items: { 'MAR-01': source } })
  const text = await forward()
  const failed = await post(text)
  expect(failed).toMatchObject({ status: 500, code: 'internal' })
  expect(failed.text).not.toContain('db-7')
  isUp = true
  expect((await post(text)).status).toBe(200)
})
