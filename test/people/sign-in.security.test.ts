import { createHmac } from 'node:crypto'
import { CompactSign, importJWK } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fetch } from '../../src/people/bounded-fetch.ts'
import { setStatus } from '../../src/people/change.ts'
import { type OidcSettings, oidcClient } from '../../src/people/oidc.ts'
import type { Members } from '../caller.ts'
import { checkWholeLog, ISSUER, type Options } from '../harness.ts'
import { browserOf, IDENTITY_KEY, openWithIdentity, ownIdentity } from '../identity.ts'
import { personOf } from '../people.ts'

const identity = ownIdentity()
afterEach(checkWholeLog)

const ME = `${ISSUER}/v1/admin/me`

async function opened(options: Options = {}) {
  const gateway = await openWithIdentity(identity(), options)
  const browser = browserOf(gateway.app)
  const { db } = gateway.deps.store
  return {
    gateway,
    browser,
    db,
    sid: () => browser.jarOf(ISSUER).get('__Host-sid'),
    sessions: () => db.selectFrom('session').selectAll().execute(),
    faults: () =>
      gateway.reports
        .filter(({ event }) => event === 'sign-in-failed')
        .map(({ fields }) => (fields as { code: string }).code),
  }
}

/** A gateway whose answers from the provider somebody alters on their way. */
function openedBehind(alter: (fetch: Fetch) => Fetch, settings: Partial<OidcSettings> = {}) {
  return opened({
    bend: (deps) => ({
      ...deps,
      signIn: {
        ...deps.signIn,
        oidc: oidcClient(
          { ...identity().settings, ...settings },
          { clock: deps.clock, fetch: alter(fetch) },
        ),
      },
    }),
  })
}

describe('what comes back from the provider', () => {
  test('counts once', async () => {
    const { browser, sid, sessions, faults } = await opened()
    const callback = await browser.upToCallback('ann')
    expect((await browser.ask(callback)).status).toBe(303)
    const first = sid()
    const again = await browser.go(callback)
    expect(again.response.status).toBe(400)
    expect(again.text).toContain('这次登录已失效')
    expect(sid()).toBe(first)
    expect(await sessions()).toHaveLength(1)
    expect(faults()).toEqual(['lost'])
  })

  test('of two at the same time, one counts', async () => {
    const { browser, sessions } = await opened()
    const callback = await browser.upToCallback('ann')
    const twice = await Promise.all([browser.ask(callback), browser.ask(callback)])
    expect(twice.map(({ status }) => status).sort()).toEqual([303, 400])
    expect(await sessions()).toHaveLength(1)
  })

  test('counts in the browser that began it: nobody is signed in as somebody else', async () => {
    const { gateway, browser, sessions, faults } = await opened()
    const thief = browserOf(gateway.app)
    const callback = await thief.upToCallback('ann')
    expect((await browser.go(callback)).response.status).toBe(400)
    // Nor in one that is signing in by itself.
    await browser.upToCallback('bo')
    expect((await browser.go(callback)).response.status).toBe(400)
    expect(await sessions()).toEqual([])
    expect(faults()).toEqual(['lost', 'lost'])
    // The one that began it is not hurt.
    expect((await thief.ask(callback)).status).toBe(303)
  })

  test('counts for ten minutes', async () => {
    const { gateway, browser, faults } = await opened()
    const callback = await browser.upToCallback('ann')
    gateway.wait(600)
    expect((await browser.go(callback)).response.status).toBe(400)
    expect(faults()).toEqual(['lost'])
  })

  test.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['a state of nobody', (url: URL) => url.searchParams.set('state', 'A'.repeat(43))],
    ['two states', (url: URL) => url.searchParams.append('state', 'A'.repeat(43))],
    ['no code', (url: URL) => url.searchParams.delete('code')],
    ['a code of nobody', (url: URL) => url.searchParams.set('code', 'A'.repeat(43))],
    ['no iss (RFC 9207)', (url: URL) => url.searchParams.delete('iss')],
    [
      'the iss of another provider',
      (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
    ],
    ['an ID token of its own', (url: URL) => url.searchParams.set('id_token', 'a.b.c')],
  ])('with %s is refused', async (_, alter) => {
    const { browser, sessions, faults } = await opened()
    const url = new URL(await browser.upToCallback('ann'))
    alter(url)
    expect((await browser.go(url.href)).response.status).toBe(400)
    expect(await sessions()).toEqual([])
    expect(faults()).toHaveLength(1)
  })

  test('another sign-in’s code is refused: PKCE', async () => {
    const { browser, sessions, faults } = await opened()
    const one = new URL(await browser.upToCallback('ann'))
    const other = new URL(await browser.upToCallback('bo'))
    other.searchParams.set('code', one.searchParams.get('code') ?? '')
    expect((await browser.go(other.href)).response.status).toBe(400)
    expect(await sessions()).toEqual([])
    expect(faults()).toEqual(['invalid'])
  })

  test('another sign-in’s ID token is refused: nonce', async () => {
    const { browser, db, faults } = await opened()
    const callback = await browser.upToCallback('ann')
    await db.updateTable('sign_in').set({ nonce: 'of-another-sign-in' }).execute()
    expect((await browser.go(callback)).response.status).toBe(400)
    expect(faults()).toEqual(['invalid'])
  })

  test('a refusal says so, and quotes nothing that the provider wrote', async () => {
    const { browser, faults, gateway } = await opened()
    const url = new URL(await browser.upToCallback('ann'))
    for (const name of ['code', 'iss']) url.searchParams.delete(name)
    url.searchParams.set('iss', identity().settings.issuer)
    url.searchParams.set('error', 'access_denied')
    url.searchParams.set('error_description', '<script>alert(1)</script>')
    const page = await browser.go(url.href)
    expect(page.response.status).toBe(403)
    expect(page.text).not.toContain('alert(1)')
    expect(JSON.stringify(gateway.reports)).not.toContain('alert')
    expect(faults()).toEqual(['denied'])
  })
})

/** Replaces the ID token of the token endpoint's answer. */
function forging(forge: (claims: Members, token: string) => Promise<string> | string) {
  return (fetch: Fetch): Fetch =>
    async (url, init) => {
      const answer = await fetch(url, init)
      if (!url.endsWith('/token')) return answer
      const body = (await answer.json()) as { id_token: string }
      const [, claims = ''] = body.id_token.split('.')
      const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Members
      const forged = { ...body, id_token: await forge(read, body.id_token) }
      return new Response(JSON.stringify(forged), {
        headers: { 'content-type': 'application/json' },
      })
    }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** As the provider itself would sign it. */
async function signed(claims: Members, header: Members = {}): Promise<string> {
  const key = await importJWK({ ...IDENTITY_KEY, alg: 'ES256' } as never, 'ES256')
  const text = new TextEncoder().encode(JSON.stringify(claims))
  return new CompactSign(text).setProtectedHeader({ alg: 'ES256', ...header }).sign(key)
}

const now = () => Math.floor(Date.now() / 1000)
const without = (claims: Members, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([one]) => one !== name))

describe('an ID token', () => {
  test('that the provider signs is taken, so what follows fails for its own reason', async () => {
    const { browser } = await openedBehind(forging((claims) => signed(claims)))
    expect((await browser.signIn('ann')).url).toBe(ME)
  })

  test.each([
    ['for another client', (claims: Members) => signed({ ...claims, aud: 'another' })],
    [
      'for two clients without azp',
      (claims) => signed({ ...claims, aud: ['mianzheng', 'another'] }),
    ],
    ['of another issuer', (claims) => signed({ ...claims, iss: 'https://evil.example' })],
    ['that is over', (claims) => signed({ ...claims, exp: now() - 60 })],
    ['issued in the future', (claims) => signed({ ...claims, iat: now() + 600, nbf: now() + 600 })],
    ['without a nonce', (claims) => signed(without(claims, 'nonce'))],
    ['with another nonce', (claims) => signed({ ...claims, nonce: 'other' })],
    ['without a subject', (claims) => signed(without(claims, 'sub'))],
    ['of a sign-in of yesterday', (claims) => signed({ ...claims, auth_time: now() - 86_400 })],
    ['with alg none', (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`],
    [
      'whose signature was cut off',
      (_, token) => token.split('.').slice(0, 2).join('.').concat('.'),
    ],
    [
      'signed with the client’s secret',
      (claims) => {
        const { credential } = identity().settings
        const text = `${encode({ alg: 'HS256' })}.${encode(claims)}`
        const secret = credential.kind === 'secret' ? credential.secret : ''
        return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
      },
    ],
    [
      'signed with another key',
      async (claims) => {
        const { privateKey } = await crypto.subtle.generateKey(
          { name: 'ECDSA', namedCurve: 'P-256' },
          true,
          ['sign', 'verify'],
        )
        const text = new TextEncoder().encode(JSON.stringify(claims))
        return new CompactSign(text).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
      },
    ],
    [
      'with its subject changed under the old signature',
      (claims, token) => {
        const [header, , signature] = token.split('.')
        return `${header}.${encode({ ...claims, sub: 'bo' })}.${signature}`
      },
    ],
    ['that is none', () => 'not-a-token'],
  ] as [string, (claims: Members, token: string) => Promise<string> | string][])(
    '%s signs nobody in',
    async (_, forge) => {
      const { browser, sessions, faults, sid } = await openedBehind(forging(forge))
      const end = await browser.signIn('ann')
      expect(end.response.status).toBe(400)
      expect(await sessions()).toEqual([])
      expect(sid()).toBeUndefined()
      expect(faults()).toEqual(['invalid'])
    },
  )
})

describe('a step-up', () => {
  const again = async (
    { browser, db, gateway }: Awaited<ReturnType<typeof opened>>,
    subject: string,
  ) => {
    await db.updateTable('session').set({ stepped_up_at: null }).execute()
    expect(gateway.clock.now).toBeGreaterThan(0)
    const asked = await browser.go(`${ISSUER}/sign-in/start?step-up&return=/v1/admin/me`)
    return browser.choose(asked, subject)
  }

  test('by another person is none, and leaves the session as it was', async () => {
    const all = await opened()
    await all.browser.signIn('er')
    const before = all.sid()
    const end = await again(all, 'ann')
    expect(end.response.status).toBe(403)
    expect(end.text).toContain('确认身份的是另一个人')
    expect(all.sid()).toBe(before)
    expect(await all.sessions()).toMatchObject([{ stepped_up_at: null }])
    expect(all.faults()).toEqual(['other-person'])
  })

  test('for which the provider did not ask the person again is none', async () => {
    let isLazy = false
    const lazy = forging((claims) =>
      signed(isLazy ? { ...claims, auth_time: now() - 120 } : claims),
    )
    const all = await openedBehind(lazy)
    await all.browser.signIn('er')
    isLazy = true
    expect((await again(all, 'er')).response.status).toBe(400)
    expect(await all.sessions()).toMatchObject([{ stepped_up_at: null }])
  })

  test('of which the provider does not say when it was is none', async () => {
    let isSilent = false
    const silent = forging((claims) => signed(isSilent ? without(claims, 'auth_time') : claims))
    const all = await openedBehind(silent)
    await all.browser.signIn('er')
    isSilent = true
    expect((await again(all, 'er')).response.status).toBe(400)
    expect(await all.sessions()).toMatchObject([{ stepped_up_at: null }])
  })

  test('with another acr than the one demanded is none', async () => {
    const all = await openedBehind((same) => same, { stepUpAcr: 'urn:other' })
    const { text } = await all.browser.signIn('er')
    expect(JSON.parse(text).session).not.toHaveProperty('steppedUpUntil')
    expect((await again(all, 'er')).response.status).toBe(400)
  })
})

describe('whoever signs in', () => {
  test('and was never registered gets a page that says so; nothing is created', async () => {
    const { browser, db, sessions, sid, gateway } = await opened()
    const before = await db.selectFrom('person').selectAll().execute()
    await db.deleteFrom('person_role').where('person', '=', personOf('fan').id).execute()
    await db.deleteFrom('person').where('id', '=', personOf('fan').id).execute()
    const end = await browser.signIn('fan')
    expect(end.response.status).toBe(403)
    expect(end.text).toContain('您还没有登记')
    expect(end.text).toContain('<code>fan</code>')
    expect(await sessions()).toEqual([])
    expect(sid()).toBeUndefined()
    expect(await db.selectFrom('person').selectAll().execute()).toHaveLength(before.length - 1)
    expect(gateway.reports).toEqual([])
  })

  test('under the name that another provider gave somebody is not him', async () => {
    const { browser, db, sessions } = await opened()
    await db.updateTable('person').set({ issuer: 'https://sso.example' }).execute()
    expect((await browser.signIn('ann')).response.status).toBe(403)
    expect(await sessions()).toEqual([])
  })

  test('while suspended gets no session', async () => {
    const { browser, gateway, sessions } = await opened()
    await setStatus(gateway.deps, personOf('ann').id, 'suspended')
    const end = await browser.signIn('ann')
    expect(end.response.status).toBe(403)
    expect(end.text).toContain('您的账号已停用')
    expect(await sessions()).toEqual([])
  })

  test('leaves the id behind that somebody else may know: fixation', async () => {
    const { browser, sid } = await opened()
    await browser.signIn('bo')
    const known = String(sid())
    const end = await browser.signIn('ann')
    expect(end.url).toBe(ME)
    expect(sid()).not.toBe(known)
    browser.jarOf(ISSUER).set('__Host-sid', known)
    expect((await browser.ask(ME)).status).toBe(401)
    // One that somebody made up does not become a session either.
    browser.jarOf(ISSUER).set('__Host-sid', 'A'.repeat(43))
    await browser.signIn('ann')
    expect(sid()).not.toBe('A'.repeat(43))
  })

  test('holds cookies that scripts do not see, for this host alone', async () => {
    const { browser } = await opened()
    const began = await browser.ask(`${ISSUER}/sign-in/start`)
    expect(began.headers.get('set-cookie')).toMatch(
      /^__Host-sign-in=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    const ended = await browser.ask(await browser.upToCallback('ann'))
    expect(ended.headers.get('set-cookie')).toMatch(
      /^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    for (const { headers } of [began, ended]) expect(headers.get('cache-control')).toBe('no-store')
  })

  test('is named nowhere in addresses, nor in what the operator reads', async () => {
    const { browser, gateway } = await opened()
    const began = await browser.ask(`${ISSUER}/sign-in/start`)
    const there = new URL(began.headers.get('location') ?? '')
    expect([...there.searchParams.keys()].sort()).toEqual([
      ...['client_id', 'code_challenge', 'code_challenge_method', 'max_age', 'nonce'],
      ...['redirect_uri', 'response_type', 'scope', 'state'],
    ])
    expect(there.searchParams.get('scope')).toBe('openid')
    const callback = await browser.upToCallback('ann')
    await browser.go(callback)
    await browser.go(callback)
    const secrets = [...new URL(callback).searchParams.values(), '安宁', 'ann']
    const told = JSON.stringify(gateway.reports)
    for (const secret of secrets.filter((one) => !one.startsWith('http')))
      expect(told).not.toContain(secret)
  })
})

describe('where one goes on to', () => {
  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/%5c..//evil.example',
    '@evil.example',
    '/sign-out',
  ])('%j stays here', async (evil) => {
    const { browser } = await opened()
    const start = `${ISSUER}/sign-in/start?return=${encodeURIComponent(evil)}`
    const choice = await browser.go(start)
    const callback = (await browser.choose(choice, 'ann', /callback/)).url
    const location = (await browser.ask(callback)).headers.get('location')
    expect(new URL(location ?? '', ISSUER).origin).toBe(ISSUER)
    expect(location).toMatch(/^\/(?![/\\])/)
    expect(location).not.toMatch(/sign-out/)
  })
})

describe('a provider that is away or strange', () => {
  const answering = (answer: () => Response | Promise<Response>) => (): Fetch => async () =>
    answer()
  const json = (body: unknown) =>
    new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })

  test.each([
    ['refuses the connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['answers an error page', () => new Response('no', { status: 502 })],
    ['sends elsewhere', () => Response.redirect('https://evil.example/', 302)],
    ['is another', () => json({ issuer: 'https://evil.example' })],
    ['names no endpoints', () => json({ issuer: identity().settings.issuer })],
    ['never ends', () => new Response(endless())],
    ['answers what is not JSON', () => new Response('<html>')],
  ] as [string, () => Response | Promise<Response>][])('%s: 503, and why', async (_, answer) => {
    const { browser, faults, sessions } = await openedBehind(answering(answer))
    const page = await browser.go(`${ISSUER}/sign-in/start`)
    expect(page.response.status).toBe(503)
    expect(page.text).toContain('统一身份认证暂时连不上')
    expect(faults()).toEqual(['unavailable'])
    expect(await sessions()).toEqual([])
  })

  test('is asked again by the next, and what was known serves while it is away', async () => {
    let isAway = true
    let asked = 0
    const { browser, gateway } = await openedBehind((fetch) => async (url, init) => {
      asked += 1
      if (isAway) throw new TypeError('fetch failed')
      return fetch(url, init)
    })
    expect((await browser.go(`${ISSUER}/sign-in/start`)).response.status).toBe(503)
    isAway = false
    expect((await browser.ask(`${ISSUER}/sign-in/start`)).status).toBe(302)
    const before = asked
    expect((await browser.ask(`${ISSUER}/sign-in/start`)).status).toBe(302)
    expect(asked).toBe(before)
    isAway = true
    gateway.wait(3601)
    expect((await browser.ask(`${ISSUER}/sign-in/start`)).status).toBe(302)
    expect(asked).toBe(before + 1)
  })

  test('that goes away between leaving and coming back signs nobody in', async () => {
    let isAway = false
    const { browser, faults } = await openedBehind((fetch) => async (url, init) => {
      if (isAway && url.endsWith('/token')) return new Response('no', { status: 502 })
      return fetch(url, init)
    })
    const callback = await browser.upToCallback('ann')
    isAway = true
    expect((await browser.go(callback)).response.status).toBe(503)
    expect(faults()).toEqual(['unavailable'])
  })
})

/** More than anybody needs, in small pieces. */
function endless(): ReadableStream<Uint8Array> {
  const chunk = new TextEncoder().encode(' '.repeat(64 * 1024))
  return new ReadableStream({ pull: (controller) => controller.enqueue(chunk) })
}

describe('sign-ins that are begun', () => {
  const from = (address: string) => ({ headers: { 'cf-connecting-ip': address } })
  const start = `${ISSUER}/sign-in/start`

  test('are counted by address: 300 in ten minutes, used or not', async () => {
    const { browser, gateway, db } = await opened()
    const response = await browser.ask(start, from('192.0.2.1'))
    expect(response.status).toBe(302)
    const [row] = await db.selectFrom('sign_in').selectAll().execute()
    if (!row) throw new Error('nothing was begun')
    expect(row.address).not.toContain('192.0.2.1')
    for (let i = 1; i < 300; i++) {
      const state = gateway.deps.crypto.sha256(String(i))
      await db
        .insertInto('sign_in')
        .values({ ...row, state, used: i % 2 })
        .execute()
    }
    const over = await browser.go(start, { init: from('192.0.2.1') })
    expect(over.response.status).toBe(429)
    expect(over.response.headers.get('retry-after')).toBe('600')
    expect((await browser.ask(start, from('192.0.2.2'))).status).toBe(302)
    gateway.wait(600)
    expect((await browser.ask(start, from('192.0.2.1'))).status).toBe(302)
    expect(await db.selectFrom('sign_in').selectAll().execute()).toHaveLength(1)
  })

  test('keep no secret of one that is over', async () => {
    const { browser, db } = await opened()
    await browser.signIn('ann')
    const rows = await db.selectFrom('sign_in').select(['nonce', 'verifier', 'used']).execute()
    expect(rows).toEqual([{ nonce: null, verifier: null, used: 1 }])
  })
})

test('without a provider, the page says so and nothing begins', async () => {
  const { browser, db } = await opened({
    bend: (deps) => ({ ...deps, signIn: { base: deps.signIn.base } }),
  })
  expect((await browser.go(`${ISSUER}/sign-in`)).text).toContain('还没有配置统一身份认证')
  expect((await browser.go(`${ISSUER}/sign-in/start`)).response.status).toBe(503)
  expect((await browser.go(`${ISSUER}/sign-in/callback?state=x`)).response.status).toBe(503)
  expect(await db.selectFrom('sign_in').selectAll().execute()).toEqual([])
})
