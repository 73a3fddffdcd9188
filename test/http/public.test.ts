import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERRORS, isRetryable } from '../../src/errors.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, ISSUER, openTestGateway, type TestGateway } from '../harness.ts'

let gateway: TestGateway
let app: Hono

beforeAll(async () => {
  gateway = await openTestGateway()
  app = gateway.app
  await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
})

afterAll(checkWholeLog)

const getJson = async (path: string) => (await app.request(path)).json()

describe('the address itself, opened in a browser', () => {
  const home = (language?: string) =>
    app.request('/', { headers: language === undefined ? {} : { 'Accept-Language': language } })

  test.each([
    [undefined, 'zh-CN'],
    ['*', 'zh-CN'],
    ['fr', 'zh-CN'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['en-GB,en;q=0.9,zh;q=0.1', 'en'],
    ['fr,en;q=0.2', 'en'],
    ['en;q=0, zh;q=0.1', 'zh-CN'],
    [';;,=,q', 'zh-CN'],
  ])('asked in %s says in %s what this is, and every link leads somewhere', async (asked, lang) => {
    const reply = await home(asked)
    const text = await reply.text()
    expect(reply.status).toBe(200)
    expect(text).toContain(`<html lang="${lang}"`)
    expect(reply.headers.get('vary')).toBe('Accept-Language, Cookie')
    const hrefs = [...text.matchAll(/href="(\/[^"]*)"/g)].map(([, link]) => String(link))
    const links = [...new Set(hrefs)]
    for (const link of ['/.well-known/mianzheng', '/openapi.json', '/log/checkpoint', '/problems'])
      expect(links).toContain(link)
    for (const link of links) expect([link, (await app.request(link)).status]).toEqual([link, 200])
  })

  test('may load and run nothing that is not served here', async () => {
    const reply = await home()
    const policy = String(reply.headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(await reply.text()).not.toMatch(/(?:src|action)="(?!\/)|<link[^>]*href="(?!\/|data:,")/)
  })
})

describe('what a machine needs to begin', () => {
  test('the metadata names addresses under the issuer, algorithms and the log', async () => {
    const metadata = await getJson('/.well-known/mianzheng')
    expect(metadata.issuer).toBe(ISSUER)
    expect(metadata.algorithms).toEqual(['ES256', 'Ed25519'])
    expect(metadata.log.origin).toBe('gateway.yunting.example/log')
    for (const url of Object.values<string>(metadata.endpoints)) expect(url).toMatch(`${ISSUER}/`)
    for (const name of ['catalog', 'systems', 'jwks', 'openapi'])
      expect((await app.request(metadata.endpoints[name].slice(ISSUER.length))).status).toBe(200)
  })

  test('the keys are public halves only, with their validity', async () => {
    const { keys } = await getJson('/.well-known/jwks.json')
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) {
      expect(key).toMatchObject({ alg: 'ES256', use: 'sig', kty: 'EC', kid: expect.any(String) })
      expect(Date.parse(key.validFrom)).not.toBeNaN()
      for (const secret of ['d', 'p', 'q', 'k', 'oth']) expect(key).not.toHaveProperty(secret)
    }
  })

  test('the checkpoint is signed by the log that the metadata names, and never cached', async () => {
    const { log } = await getJson('/.well-known/mianzheng')
    const response = await app.request('/log/checkpoint')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const tree = await openCheckpoint(await response.text(), log)
    expect(tree?.size).toBe(gateway.size())
  })
})

describe('the catalogue', () => {
  test('lists what is published, never how a provider is reached', async () => {
    const { items } = await getJson('/v1/catalog/items')
    const codes = items.map((item: { code: string }) => item.code)
    expect(codes).toEqual(expect.arrayContaining(['ENT-01', 'ID-01', 'HK-01', 'MAR-01', 'RE-01']))
    for (const item of items) {
      expect(['published', 'suspended']).toContain(item.state)
      expect(item).not.toHaveProperty('connector')
      for (const field of ['conditions', 'content', 'procedure', 'mode', 'responsibility', 'fee'])
        expect(item[field]).toEqual({ zh: expect.any(String), en: expect.any(String) })
    }
    expect(JSON.stringify(items)).not.toMatch(/id_no|spouse_id_no|owner_id_no/)
  })

  test('tells one item with its contract: what may be asked, and in which way', async () => {
    const { versions } = await getJson('/v1/catalog/items/MAR-01')
    expect(versions[0].contract.claims.spouseIdNo).toMatchObject({
      read: false,
      predicates: ['equals'],
    })
    expect(versions[0].contract.subject.required).toEqual(['idNo', 'name'])
  })

  test('has both versions of an item whose old one is suspended', async () => {
    const { versions } = await getJson('/v1/catalog/items/ENT-01')
    expect(versions.map((one: { state: string }) => one.state)).toEqual(['published', 'suspended'])
  })

  test('an unknown item is 404, a wrong code 400', async () => {
    expect((await gateway.get('/v1/catalog/items/NIL-99')).problem?.code).toBe('unknown-item')
    expect((await gateway.get('/v1/catalog/items/..%2f..')).problem?.code).toBe('parameters')
  })

  test('systems come with the public keys that evidence is judged by', async () => {
    const { systems } = await getJson('/v1/catalog/systems')
    const housing = systems.find((system: { id: string }) => system.id === HOUSING)
    expect(housing.keys[0]).toMatchObject({ alg: 'ES256', kid: gateway.caller(HOUSING).kid })
    expect(housing.keys[0].jwk).not.toHaveProperty('d')
  })
})

const PARTIES = {
  caller: 'the calling system',
  gateway: 'the operator of the gateway',
  provider: 'the provider',
  authority: 'the sharing authority',
}

describe('the problem pages', () => {
  test.each(Object.keys(ERRORS) as (keyof typeof ERRORS)[])(
    '%s is explained twice',
    async (code) => {
      const { title, meaning, hint, status, party, check } = ERRORS[code]
      for (const [lang, key] of [
        ['zh-CN', 'zh'],
        ['en', 'en'],
      ] as const) {
        const response = await app.request(`/problems/${code}?lang=${lang}`)
        expect(response.status).toBe(200)
        expect(response.headers.get('content-type')).toMatch('text/html; charset=UTF-8')
        const page = await response.text()
        for (const text of [title, meaning, hint]) expect(page).toContain(escapeHtml(text[key]))
        expect(page).toContain(`<code>${check}</code>`)
        expect(page).toContain(`<dd>${status}</dd>`)
        expect(page).toContain(`<html lang="${lang}"`)
        if (lang === 'zh-CN') continue
        expect(page).toContain(PARTIES[party])
        expect(page).toContain(isRetryable(code) ? 'Yes. Wait for Retry-After' : 'No use')
      }
    },
  )

  test('the list links to all of them', async () => {
    const page = await (await app.request('/problems')).text()
    for (const code of Object.keys(ERRORS)) expect(page).toContain(`href="/problems/${code}"`)
  })

  test.each(['nope', '__proto__', 'constructor', '<script>'])('%s is none', async (code) => {
    const reply = await gateway.get(`/problems/${encodeURIComponent(code)}`)
    expect(reply.problem?.code).toBe('not-found')
    expect(reply.text).not.toContain('<script>')
  })

  test('the type of a problem leads to its page', async () => {
    const { problem } = await gateway.get('/v1/citizens')
    const page = await app.request(String(problem?.type).slice(ISSUER.length))
    expect(page.status).toBe(200)
  })
})

describe('health', () => {
  test('is told without saying anything else', async () => {
    expect(await getJson('/healthz')).toEqual({ status: 'ok' })
    const checks = { log: 'ok', signer: 'ok', registry: 'ok' }
    expect(await getJson('/readyz')).toEqual({ status: 'ready', size: gateway.size(), checks })
  })
})

describe('methods', () => {
  const paths = [
    '/.well-known/mianzheng',
    '/log/checkpoint',
    '/healthz',
    '/problems/quota',
    '/openapi.json',
  ]

  test.each(paths)('HEAD %s is GET without a body', async (path) => {
    const response = await app.request(path, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  test.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'GET'])(
    '%s /v1/requests is refused with a problem',
    async (method) => {
      if (method === 'TRACE') return
      const response = await app.request('/v1/requests', { method })
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
    },
  )

  test('HEAD of an own answer needs a proof for HEAD', async () => {
    const jti = '6f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b'
    await gateway.ask(HOUSING, { ...claimsOf('family-4-marriage'), jti })
    const path = `/v1/requests/${jti}`
    const head = async (htm: string) => {
      const authorization = `Bearer ${gateway.proof(HOUSING, path, { htm })}`
      return (await app.request(path, { method: 'HEAD', headers: { authorization } })).status
    }
    expect(await head('HEAD')).toBe(200)
    expect(await head('GET')).toBe(401)
  })
})

describe('every answer', () => {
  test.each(['/problems', '/v1/catalog/items', '/log/checkpoint', '/healthz'])(
    '%s tells browsers to run nothing and guess nothing',
    async (path) => {
      const { headers } = await app.request(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.has('x-powered-by')).toBe(false)
    },
  )

  test.each(['/nope', '/v1/requests/42', '/v1/catalog/items/NIL-99'])(
    '%s is refused in words that no browser takes for a page',
    async (path) => {
      const { headers } = await app.request(path)
      expect(headers.get('content-type')).toBe('application/problem+json')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    },
  )
})

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '"': '&quot;',
    "'": '&#39;',
    '<': '&lt;',
    '&': '&amp;',
  }
  return text.replace(/["'<&]/g, (char) => entities[char] as string)
}
