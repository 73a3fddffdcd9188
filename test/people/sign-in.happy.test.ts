import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { OidcSettings } from '../../src/people/oidc.ts'
import { startDemoIdentity } from '../../src/platform/demo-identity.ts'
import { oidcSettings } from '../../src/platform/oidc-settings.ts'
import { checkWholeLog, ISSUER, temporaryFolder } from '../harness.ts'
import { browserOf, openWithIdentity, ownIdentity } from '../identity.ts'
import { personOf } from '../people.ts'

const identity = ownIdentity()
afterEach(checkWholeLog)

const ME = `${ISSUER}/v1/admin/me`
const HOST = new URL(ISSUER).hostname

async function opened() {
  const gateway = await openWithIdentity(identity())
  const browser = browserOf(gateway.app)
  const sid = () => browser.jarOf(ISSUER).get('__Host-sid')
  const { db } = gateway.deps.store
  const sessions = () => db.selectFrom('session').selectAll().execute()
  return { gateway, browser, sid, db, sessions }
}

describe('signing in', () => {
  test('begins on a page that says what will happen, and leads to the provider', async () => {
    const { browser } = await opened()
    const page = await browser.go(`${ISSUER}/sign-in?return=%2Fv1%2Fadmin%2Fme`)
    expect(page.text).toContain('用统一身份认证登录')
    const start = /href="(\/sign-in\/start[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&')
    const choice = await browser.go(`${ISSUER}${start}`)
    expect(choice.url).toMatch(/^http:\/\/localhost:\d+\/interaction\//)
    const end = await browser.choose(choice, 'ann')
    expect(end.url).toBe(ME)
    const english = await browser.ask(`${ISSUER}/sign-in?lang=en&return=%2Fv1%2Fadmin%2Fme`)
    expect(english.status).toBe(303)
  })

  test('gives a session of the person that the provider means, and goes on where one wanted to', async () => {
    const { browser, sessions } = await opened()
    const end = await browser.signIn('ann', encodeURIComponent('?a=1&b=/'))
    expect(end.url).toBe(`${ME}?a=1&b=/`)
    expect(JSON.parse(end.text)).toMatchObject({
      person: { id: personOf('ann').id, name: '安宁' },
      session: { kind: 'browser', how: 'provider', agent: 'a test' },
    })
    expect(await sessions()).toHaveLength(1)
  })

  test('in two tabs at once ends well in both', async () => {
    const { browser } = await opened()
    const one = await browser.go(`${ISSUER}/sign-in/start?return=/v1/admin/me`)
    const other = await browser.go(`${ISSUER}/sign-in/start?return=/v1/admin/me/sessions`)
    expect((await browser.choose(one, 'bo')).url).toBe(ME)
    expect((await browser.choose(other, 'bo')).url).toBe(`${ME}/sessions`)
  })

  test('a fresh sign-in is a step-up as well: its person has just proved who he is', async () => {
    const { browser } = await opened()
    const { text } = await browser.signIn('er')
    expect(JSON.parse(text).session).toHaveProperty('steppedUpUntil')
  })
})

describe('a step-up', () => {
  test('asks the person again, and gives his session a new id', async () => {
    const { browser, sid, db, gateway, sessions } = await opened()
    await browser.signIn('er')
    const before = sid()
    const stale = gateway.clock.now - 6 * 60_000
    await db.updateTable('session').set({ stepped_up_at: stale }).execute()
    const { text } = await browser.go(ME)
    expect(JSON.parse(text).session).not.toHaveProperty('steppedUpUntil')
    const asked = await browser.go(`${ISSUER}/sign-in/start?step-up&return=/v1/admin/me`)
    expect(asked.text).toContain('请再次确认您是谁')
    const again = await browser.choose(asked, 'er')
    expect(JSON.parse(again.text).session).toHaveProperty('steppedUpUntil')
    expect(sid()).not.toBe(before)
    expect(await sessions()).toHaveLength(1)
  })

  test('needs somebody who is signed in', async () => {
    const { browser } = await opened()
    expect((await browser.ask(`${ISSUER}/sign-in/start?step-up`)).status).toBe(401)
  })

  test('rests on the acr that is demanded, where one is', async () => {
    const settings = { ...identity().settings, stepUpAcr: 'urn:mianzheng:demo' }
    const { app } = await openWithIdentity({ settings, stop: () => {} })
    const browser = browserOf(app)
    await browser.signIn('er')
    const asked = await browser.go(`${ISSUER}/sign-in/start?step-up&return=/v1/admin/me`)
    const { text } = await browser.choose(asked, 'er')
    expect(JSON.parse(text).session).toHaveProperty('steppedUpUntil')
  })
})

describe('signing out', () => {
  test('ends the session here, and offers to end it at the provider', async () => {
    const { browser, sid, sessions } = await opened()
    await browser.signIn('ann')
    const old = sid()
    const headers = { origin: ISSUER, 'content-type': 'application/x-www-form-urlencoded' }
    const page = await browser.go(`${ISSUER}/sign-out`, { init: { method: 'POST', headers } })
    expect(page.url).toBe(`${ISSUER}/sign-out`)
    expect(sid()).toBeUndefined()
    expect(await sessions()).toEqual([])
    browser.jars.set(HOST, new Map([['__Host-sid', String(old)]]))
    expect((await browser.ask(ME)).status).toBe(401)
    const there = /href="(http[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(new URL(there).searchParams.get('post_logout_redirect_uri')).toBe(`${ISSUER}/sign-out`)
    const asked = await browser.go(there)
    expect(asked.text).toContain('退出演示登录')
  })

  test('of nobody is no fault', async () => {
    const { browser } = await opened()
    const init = { method: 'POST', headers: { origin: ISSUER } }
    expect((await browser.go(`${ISSUER}/sign-out`, { init })).response.status).toBe(200)
  })
})

describe('the gateway proves itself to the provider', () => {
  const people = async () => [{ subject: 'ann', name: '安宁', roles: [] }]

  async function start(client: Parameters<typeof startDemoIdentity>[0]['client']) {
    const own = await startDemoIdentity({ base: ISSUER, people, ...(client ? { client } : {}) })
    if (!own) throw new Error('oidc-provider is a development dependency: run npm ci')
    return own
  }

  async function signsIn(settings: OidcSettings): Promise<boolean> {
    const { app } = await openWithIdentity({ settings, stop: () => {} })
    return (await browserOf(app).signIn('ann')).url === ME
  }

  test('by a secret that stands in a file', async () => {
    const { settings } = identity()
    const secretFile = join(temporaryFolder(), 'secret')
    const { credential, issuer, clientId } = settings
    writeFileSync(secretFile, `${credential.kind === 'secret' && credential.secret}\n`)
    const read = await oidcSettings({
      ...{ issuer, clientId, secretFile, keyFile: undefined, stepUpAcr: undefined },
    })
    expect(await signsIn({ ...read, realm: 'demo' })).toBe(true)
  })

  test('by a secret in the body, where the provider takes it no other way', async () => {
    const own = await start({ token_endpoint_auth_method: 'client_secret_post' })
    expect(await signsIn(own.settings)).toBe(true)
    own.stop()
  })

  test('by a private key (RFC 7523)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = publicKey.export({ format: 'jwk' })
    const own = await start({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...jwk, kid: 'k', alg: 'ES256', use: 'sig' } as never] },
    })
    const keyFile = join(temporaryFolder(), 'key.jwk.json')
    const secret = { ...privateKey.export({ format: 'jwk' }), kid: 'k', alg: 'ES256' }
    writeFileSync(keyFile, JSON.stringify(secret))
    const { issuer, clientId } = own.settings
    const read = await oidcSettings({
      ...{ issuer, clientId, secretFile: undefined, keyFile, stepUpAcr: undefined },
    })
    expect(await signsIn({ ...read, realm: 'demo' })).toBe(true)
    own.stop()
  })
})
