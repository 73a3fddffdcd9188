import { afterEach, describe, expect, test } from 'vitest'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import { callerWith, HOUSING, payloadOf } from '../caller.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { altered, clientOf, questionOf, type Wire } from './asking.ts'

afterEach(checkWholeLog)

const marriage = questionOf('family-4-marriage')
type Alter = (body: Record<string, string>, gateway: TestGateway) => unknown

const meddling = (gateway: TestGateway, alter: Alter): Wire => {
  return async (url, _, pass) => {
    const response = await pass()
    if (!url.endsWith('/v1/requests')) return response
    const body = (await response.clone().json()) as Record<string, string>
    const next = await alter(body, gateway)
    return altered(response, () => next)
  }
}

/** Another signature over the same claims, as the gateway's kid. */
async function forged(jws: string, members: object): Promise<string> {
  const header = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString())
  const thief = callerWith('thief', await generateSigningKey('ES256'))
  return thief.sign(header, { ...payloadOf(jws), ...members })
}

/** What the gateway answered to somebody else's question, or to another one. */
async function elsewhere(gateway: TestGateway, example: string): Promise<unknown> {
  const request = gateway.request(HOUSING, questionOf(example) as never)
  return JSON.parse((await gateway.send(request, { accept: 'application/json' })).text)
}

const ATTACKS: readonly (readonly [string, Alter])[] = [
  [
    'an answer signed by a thief',
    async (body) => ({
      ...body,
      answer: await forged(String(body.answer), { outcome: 'NO_RECORD' }),
    }),
  ],
  [
    'the answer to an earlier question of the same system',
    (_, gateway) => elsewhere(gateway, 'family-1-husband-identity'),
  ],
  [
    'the answer to the same question asked before',
    (_, gateway) => elsewhere(gateway, 'family-4-marriage'),
  ],
  [
    'a receipt of another entry',
    async (body, gateway) => ({
      ...body,
      receipt: ((await elsewhere(gateway, 'echo-hello')) as typeof body).receipt,
    }),
  ],
  [
    'an entry that says otherwise',
    (body) => ({ ...body, entry: String(body.entry).replace('ANSWERED', 'NO_RECORD') }),
  ],
  [
    'a bundle that brings a key',
    async (body) => ({ ...body, trust: await generateSigningKey('ES256') }),
  ],
  ['a bundle without its receipt', ({ receipt: _, ...body }) => body],
  ['an empty object', () => ({})],
  ['its own request as the answer', (body) => ({ ...body, answer: body.request })],
]

describe.each(['pinned', 'first-use'] as const)('with %s keys, nothing is returned of', (mode) => {
  test.each(ATTACKS)('%s', async (_, alter) => {
    const gateway = await openTestGateway()
    const trust = mode === 'pinned' ? { trust: await gateway.trust() } : {}
    const client = await clientOf(gateway, { wire: meddling(gateway, alter), ...trust })
    const caught = await client.ask(marriage).catch((error: unknown) => error)
    expect(caught).toMatchObject({ name: 'Unverified' })
    expect(String(caught)).not.toMatch(/戴如远|990104197812170016/)
  })
})

test("a refusal's evidence is no answer", async () => {
  const gateway = await openTestGateway()
  const wire: Wire = async (url, init, pass) => {
    const response = await pass()
    if (!url.endsWith('/v1/requests')) return response
    const { jti } = payloadOf(String(init.body))
    const path = `/v1/requests/${jti}/evidence`
    return new Response((await gateway.read(HOUSING, path)).text, { status: 200 })
  }
  const client = await clientOf(gateway, { wire })
  const question = questionOf('family-4-marriage', { item: 'ZZ-99' })
  await expect(client.ask(question)).rejects.toMatchObject({ name: 'Unverified' })
})

describe('a signed refusal is refused itself when', () => {
  const REFUSALS: readonly (readonly [string, Alter])[] = [
    [
      'a thief signed it',
      async (body) => ({ ...body, signed: await forged(String(body.signed), {}) }),
    ],
    ['it is not a text', (body) => ({ ...body, signed: 7 })],
    [
      'it was of an earlier request',
      async (body, gateway) => {
        const other = questionOf('family-4-marriage', { item: 'ZZ-98' })
        return { ...body, signed: (await gateway.ask(HOUSING, other as never)).problem?.signed }
      },
    ],
    [
      'it is the answer to something',
      async (body, gateway) => ({
        ...body,
        signed: ((await elsewhere(gateway, 'echo-hello')) as typeof body).answer,
      }),
    ],
  ]
  test.each(REFUSALS)('%s', async (_, alter) => {
    const gateway = await openTestGateway()
    const client = await clientOf(gateway, { wire: meddling(gateway, alter) })
    const question = questionOf('family-4-marriage', { item: 'ZZ-99' })
    await expect(client.ask(question)).rejects.toMatchObject({ name: 'Unverified' })
  })

  test('but only what it covers counts: words around it are not believed', async () => {
    const gateway = await openTestGateway()
    const wire = meddling(gateway, (body) => ({ ...body, code: 'rate', hint: 'send it to me' }))
    const client = await clientOf(gateway, { wire })
    const question = questionOf('family-4-marriage', { item: 'ZZ-99' })
    const refused = await client.ask(question).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'unknown-item', status: 404 })
    expect((refused as { hint: string }).hint).not.toContain('send it')
  })
})

describe('keys', () => {
  test('are never fetched over plain http from another machine', async () => {
    const gateway = await openTestGateway()
    await expect(clientOf(gateway, { gateway: 'http://gateway.example' })).rejects.toThrow('https')
    const trust = await gateway.trust()
    await expect(
      clientOf(gateway, { gateway: 'http://gateway.example', trust }),
    ).resolves.toBeDefined()
  })

  test('that are pinned stay: another gateway behind the same address is not believed', async () => {
    const [own, other] = [await openTestGateway(), await openTestGateway()]
    const trust = { ...(await own.trust()), gateway: (await impostor(other)).gateway }
    const client = await clientOf(own, { trust })
    await expect(client.ask(marriage)).rejects.toMatchObject({ name: 'Unverified' })
  })

  test('of a first use may be joined by new ones, but never read otherwise', async () => {
    const gateway = await openTestGateway()
    const { d: _, ...foreign } = await generateSigningKey('ES256')
    let shown: 'own' | 'foreign' = 'foreign'
    const wire: Wire = async (url, _, pass) => {
      const response = await pass()
      if (shown === 'own' || !url.endsWith('/jwks.json')) return response
      return altered(response, () => ({
        keys: [{ ...foreign, validFrom: '2026-01-01T00:00:00.000Z' }],
      }))
    }
    const client = await clientOf(gateway, { wire })
    await client.trust()
    shown = 'own'
    await expect(client.ask(marriage)).rejects.toThrow('other keys than at the first use')
  })

  test('without a private half, or for another algorithm, do not sign', async () => {
    const gateway = await openTestGateway()
    const { jwk } = gateway.caller(HOUSING)
    for (const key of [await publicJwk(jwk), { ...jwk, alg: 'RS256' }, { ...jwk, kid: '' }])
      await expect(clientOf(gateway, { key: key as never })).rejects.toThrow(TypeError)
  })
})

test('a redirect is not followed, whoever asks for it', async () => {
  const gateway = await openTestGateway()
  const inits: RequestInit[] = []
  const wire: Wire = async (url, init, pass) => {
    if (!url.endsWith('/v1/requests')) return pass()
    inits.push(init)
    return new Response(null, { status: 307, headers: { location: 'https://thief.example' } })
  }
  const client = await clientOf(gateway, { wire, deadlineMillis: 300 })
  await expect(client.ask(marriage)).rejects.toMatchObject({ name: 'NoAnswer' })
  for (const { redirect } of inits) expect(redirect).toBe('manual')
})

test('an answer without end is cut off', async () => {
  const gateway = await openTestGateway()
  let pulled = 0
  const wire: Wire = async (url, _, pass) => {
    if (!url.endsWith('/v1/requests')) return pass()
    const body = new ReadableStream({
      pull: (stream) => {
        pulled += 1
        stream.enqueue(new Uint8Array(1024 * 1024).fill(32))
      },
    })
    return new Response(body, { status: 200 })
  }
  const client = await clientOf(gateway, { wire, deadlineMillis: 200 })
  await expect(client.ask(marriage)).rejects.toMatchObject({ name: 'NoAnswer' })
  expect(pulled).toBeLessThan(60)
})

async function impostor(gateway: TestGateway) {
  const { d: _, ...jwk } = await generateSigningKey('ES256')
  const trust = await gateway.trust()
  return {
    ...trust,
    gateway: [
      {
        kid: String(jwk.kid),
        alg: 'ES256' as const,
        jwk: jwk as object,
        validFrom: '2026-01-01T00:00:00.000Z',
      },
    ],
  }
}
