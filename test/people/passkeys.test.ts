import { afterEach, describe, expect, test } from 'vitest'
import { setStatus } from '../../src/people/change.ts'
import { authenticator, type Bent, cborWriter } from '../authenticator.ts'
import { checkWholeLog, ISSUER, type Options } from '../harness.ts'
import { browserOf, type Visit } from '../identity.ts'
import { openWithPeople, personOf } from '../people.ts'

const encode = await cborWriter()
afterEach(checkWholeLog)

const ME = `${ISSUER}/v1/admin/me`
const OWN = `${ISSUER}/console/session`
const KEYS = `${OWN}/passkeys`
const PASSKEY = `${ISSUER}/sign-in/passkey`

const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
/** What the page's script hands to the browser. */
const optionsOf = ({ text }: Visit) => unescaped(/data-options="([^"]*)"/.exec(text)?.[1] ?? '')

async function opened(options: Options = {}) {
  const { gateway, signIn } = await openWithPeople(options)
  const browser = browserOf(gateway.app)
  const { db } = gateway.deps.store
  const signedIn = async (subject: string, how: { steppedUp?: boolean } = {}) => {
    const [name = '', value = ''] = (await signIn(subject, how)).split('=')
    browser.jarOf(ISSUER).set(name, value)
  }
  const post = (url: string, fields: Record<string, string>) =>
    browser.go(url, {
      init: {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { origin: ISSUER, accept: 'text/html' },
      },
    })
  const key = () => authenticator(ISSUER, encode as never)
  return {
    gateway,
    browser,
    db,
    signedIn,
    post,
    key,
    passkeys: () => db.selectFrom('passkey').selectAll().execute(),
    sessions: () => db.selectFrom('session').selectAll().execute(),
    faults: () =>
      gateway.reports
        .filter(({ event }) => event === 'sign-in-failed')
        .map(({ fields }) => (fields as { code: string }).code),
    /** Registers a key for whoever is signed in. */
    register: async (made = key(), bent: Bent = {}) => {
      const page = await browser.go(KEYS)
      const answer = made.create(optionsOf(page), bent)
      return { made, end: await post(KEYS, { name: '办公室安全钥匙', answer }) }
    },
    /** Signs in by a key, from nothing. */
    use: async (made: ReturnType<typeof key>, bent: Bent = {}) => {
      const page = await browser.go(`${PASSKEY}?return=/v1/admin/me`)
      return post(PASSKEY, { answer: made.get(optionsOf(page), bent) })
    },
    leave: () => browser.jars.clear(),
    lastLeaf: async () => JSON.parse((await gateway.deps.store.readLeaf(gateway.size() - 1)) ?? ''),
  }
}

describe.skipIf(!encode)('a passkey', () => {
  test('is registered by a person who has just proved who he is; its entry names neither key nor name', async () => {
    const { signedIn, register, passkeys, lastLeaf, browser } = await opened()
    await signedIn('ann')
    const { end } = await register()
    expect(end.url).toBe(OWN)
    expect(end.text).toContain('办公室安全钥匙')
    const { id } = personOf('ann')
    expect(await passkeys()).toMatchObject([
      { person: id, counter: 0, device_type: 'singleDevice' },
    ])
    const leaf = await lastLeaf()
    expect(leaf.act).toEqual({ what: 'person.add-passkey', id, by: id })
    expect(Object.keys(leaf).sort()).toEqual(['act', 'kind', 'time', 'v'])
    const page = await browser.go(KEYS)
    const { excludeCredentials, authenticatorSelection } = JSON.parse(optionsOf(page))
    expect(excludeCredentials).toHaveLength(1)
    expect(authenticatorSelection.userVerification).toBe('required')
  })

  test('signs its person in while no provider is there, on record, and ready to approve', async () => {
    const { signedIn, register, use, leave, lastLeaf, passkeys, gateway } = await opened()
    await signedIn('ann')
    const { made } = await register()
    leave()
    const end = await use(made)
    expect(end.url).toBe(ME)
    expect(JSON.parse(end.text)).toMatchObject({
      person: { id: personOf('ann').id },
      session: { how: 'passkey', steppedUpUntil: '2026-11-23T02:05:00.000Z' },
    })
    const { id } = personOf('ann')
    expect((await lastLeaf()).act).toEqual({ what: 'person.break-glass', id, by: id })
    expect(await passkeys()).toMatchObject([{ counter: 1, used_at: gateway.clock.now }])
    expect((await use(made)).url).toBe(ME)
  })

  test('is removed by its person, and signs nobody in any more', async () => {
    const { signedIn, register, post, passkeys, use, leave, lastLeaf } = await opened()
    await signedIn('ann')
    const { made } = await register()
    const [row] = await passkeys()
    await signedIn('bo')
    await post(`${KEYS}/remove`, { id: row?.id ?? '' })
    expect(await passkeys()).toHaveLength(1)
    await signedIn('ann')
    await post(`${KEYS}/remove`, { id: row?.id ?? '' })
    expect(await passkeys()).toEqual([])
    expect((await lastLeaf()).act.what).toBe('person.remove-passkey')
    leave()
    expect((await use(made)).response.status).toBe(403)
  })

  test('five are enough', async () => {
    const { signedIn, register, passkeys, browser, faults } = await opened()
    await signedIn('ann')
    for (let i = 0; i < 5; i++) await register()
    expect((await browser.go(KEYS)).response.status).toBe(409)
    expect(faults()).toEqual(['full'])
    expect(await passkeys()).toHaveLength(5)
  })
})

describe.skipIf(!encode)('no passkey is registered', () => {
  test('by a session that is not fresh', async () => {
    const { signedIn, browser, post, key, passkeys } = await opened()
    await signedIn('ann', { steppedUp: false })
    const asked = await browser.ask(KEYS)
    expect(asked.headers.get('location')).toContain('/sign-in/start?step-up')
    const challenge = Buffer.alloc(32).toString('base64url')
    const answer = key().create(JSON.stringify({ challenge, user: { id: 'x' } }))
    expect((await post(KEYS, { name: 'x', answer })).response.status).toBe(403)
    expect(await passkeys()).toEqual([])
  })

  test.each([
    ['without the person’s own presence', { isUnverified: true }],
    ['for another origin', { origin: 'https://evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['by what signs in', { type: 'webauthn.get' }],
    ['for a challenge of nobody', { challenge: Buffer.alloc(32).toString('base64url') }],
  ] as [string, Bent][])('%s', async (_, bent) => {
    const { signedIn, register, passkeys, gateway } = await opened()
    await signedIn('ann')
    const size = gateway.size()
    const { end } = await register(undefined, bent)
    expect([400, 403]).toContain(end.response.status)
    expect(await passkeys()).toEqual([])
    expect(gateway.size()).toBe(size)
  })

  test('for a challenge that another person began in this browser', async () => {
    const { signedIn, browser, post, key, passkeys, faults } = await opened()
    await signedIn('bo')
    const page = await browser.go(KEYS)
    await signedIn('ann')
    const answer = key().create(optionsOf(page))
    expect((await post(KEYS, { name: 'x', answer })).response.status).toBe(403)
    expect(await passkeys()).toEqual([])
    expect(faults()).toEqual(['passkey'])
  })

  test('twice', async () => {
    const { signedIn, register, passkeys } = await opened()
    await signedIn('ann')
    const { made } = await register()
    expect((await register(made)).end.response.status).toBe(403)
    expect(await passkeys()).toHaveLength(1)
  })

  test.each([
    ['not JSON', 'x'],
    ['a list', '[]'],
    ['nothing', '{}'],
    ['too much', JSON.stringify({ id: 'x'.repeat(40_000) })],
  ])('by an answer that is %s', async (_, answer) => {
    const { signedIn, post, passkeys } = await opened()
    await signedIn('ann')
    const { status } = (await post(KEYS, { name: 'x', answer })).response
    expect([403, 413]).toContain(status)
    expect(await passkeys()).toEqual([])
  })
})

describe.skipIf(!encode)('nobody is signed in', () => {
  const withKey = async (options: Options = {}) => {
    const all = await opened(options)
    await all.signedIn('ann')
    const { made } = await all.register()
    all.leave()
    await all.db.deleteFrom('session').execute()
    return { ...all, made, size: all.gateway.size() }
  }

  test.each([
    ['without his own presence', { isUnverified: true }],
    ['by what another site asked for', { origin: 'https://evil.example' }],
    ['by a key for another site', { rpId: 'evil.example' }],
    ['by what registers', { type: 'webauthn.create' }],
    ['by another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['by a key that is not registered', { id: Buffer.alloc(32).toString('base64url') }],
    [
      'as somebody else than whose key it is',
      { userHandle: Buffer.from('x').toString('base64url') },
    ],
    ['by a signature that does not hold', { forge: (s: Uint8Array) => s.with(9, (s[9] ?? 0) ^ 1) }],
  ] as [string, Bent][])('%s', async (_, bent) => {
    const { use, made, sessions, gateway, size } = await withKey()
    const end = await use(made, bent)
    expect([400, 403]).toContain(end.response.status)
    expect(await sessions()).toEqual([])
    expect(gateway.size()).toBe(size)
  })

  test('by a key that was copied: its counter goes back', async () => {
    const { use, made, sessions, db } = await withKey()
    await db.updateTable('passkey').set({ counter: 7 }).execute()
    expect((await use(made)).response.status).toBe(403)
    expect(await sessions()).toEqual([])
  })

  test('by an answer that was given before, or to another browser', async () => {
    const { browser, post, made, leave, sessions } = await withKey()
    const page = await browser.go(PASSKEY)
    const answer = made.get(optionsOf(page))
    expect((await post(PASSKEY, { answer })).url).toBe(`${ISSUER}/console`)
    expect((await post(PASSKEY, { answer })).response.status).toBe(400)
    const other = made.get(optionsOf(await browser.go(PASSKEY)))
    leave()
    expect((await post(PASSKEY, { answer: other })).response.status).toBe(400)
    expect(await sessions()).toHaveLength(1)
  })

  test('who is suspended', async () => {
    const { use, made, sessions, gateway } = await withKey()
    await setStatus(gateway.deps, personOf('ann').id, 'suspended')
    const end = await use(made)
    expect(end.response.status).toBe(403)
    expect(end.text).toContain('您的账号已停用')
    expect(await sessions()).toEqual([])
  })

  test('without a record: the log is away', async () => {
    const { use, made, sessions, gateway } = await withKey()
    const { raw } = gateway.gateway
    raw.exec("CREATE TRIGGER refused BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'no'); END")
    expect((await use(made)).response.status).toBe(503)
    expect(await sessions()).toEqual([])
    raw.exec('DROP TRIGGER refused')
    expect((await use(made)).url).toBe(ME)
  })
})

test('where the packages are missing the pages say so', async () => {
  const { browser, signedIn, faults } = await opened({
    bend: (deps) => ({ ...deps, signIn: { base: deps.signIn.base } }),
  })
  const page = await browser.go(PASSKEY)
  expect(page.response.status).toBe(503)
  expect(page.text).toContain('通行密钥须安装可选的软件包')
  expect((await browser.go(`${ISSUER}/sign-in`)).text).not.toContain('通行密钥登录（应急）')
  await signedIn('ann')
  expect((await browser.go(OWN)).text).toContain('没有安装通行密钥所需的软件包')
  expect(faults()).toEqual(['off'])
})
