import { afterEach, describe, expect, test } from 'vitest'
import { beginSession, isSteppedUp, type Session } from '../../src/people/session.ts'
import { checkWholeLog, ISSUER, openTestGateway } from '../harness.ts'
import { openWithPeople, peopleOf, personOf } from '../people.ts'

afterEach(checkWholeLog)

const ME = '/v1/admin/me'
const MINUTE = 60

type Told = { id: string; kind: string; isCurrent: boolean; agent: string; endsAt: string }

const sessionsOf = async (send: ReturnType<ReturnType<typeof peopleOf>['as']>) =>
  ((await (await send('GET', `${ME}/sessions`)).json()) as { sessions: Told[] }).sessions

describe('a session', () => {
  test('says who it is, with which roles', async () => {
    const { signIn, as } = await openWithPeople()
    const response = await as(await signIn('ann'))('GET', ME)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { id, name, roles } = personOf('ann')
    expect(await response.json()).toMatchObject({
      person: { id, name, side: 'duty', roles },
      session: { kind: 'browser', how: 'provider', steppedUpUntil: '2026-11-23T02:05:00.000Z' },
    })
  })

  test('ends after 15 minutes without use, and not before', async () => {
    const { gateway, signIn, as } = await openWithPeople()
    const ann = as(await signIn('ann'))
    gateway.wait(15 * MINUTE - 1)
    expect((await ann('GET', ME)).status).toBe(200)
    gateway.wait(15 * MINUTE - 1)
    expect((await ann('GET', ME)).status).toBe(200)
    gateway.wait(15 * MINUTE)
    const over = await ann('GET', ME)
    expect(over.status).toBe(401)
    expect(await over.json()).toMatchObject({ code: 'signed-out' })
    expect(await gateway.deps.store.db.selectFrom('session').selectAll().execute()).toEqual([])
  })

  test('ends after 8 hours however much it is used', async () => {
    const { gateway, signIn, as } = await openWithPeople()
    const ann = as(await signIn('ann'))
    for (let minutes = 0; minutes < 8 * 60 - 10; minutes += 10) {
      gateway.wait(10 * MINUTE)
      expect((await ann('GET', ME)).status).toBe(200)
    }
    gateway.wait(10 * MINUTE)
    expect((await ann('GET', ME)).status).toBe(401)
  })

  test('counts only under its own secret and kind', async () => {
    const { gateway, signIn, tokenOf, as, with: bearer } = await openWithPeople()
    const cookie = await signIn('ann')
    const token = await tokenOf('ann')
    const secret = cookie.split('=')[1] as string
    const [row] = await gateway.deps.store.db
      .selectFrom('session')
      .select('key')
      .where('kind', '=', 'browser')
      .execute()
    const stored = Buffer.from(row?.key ?? []).toString('base64url')
    const nobody = [
      as(''),
      as(`sid=${secret}`),
      as(`__Host-sid=${secret.slice(1)}A`),
      // What is stored does not open anything.
      as(`__Host-sid=${stored}`),
      as(`__Host-sid=${token}`),
      as(`__Host-sid=${token.slice(4)}`),
      bearer(secret),
      bearer(`mzt_${secret}`),
      bearer(token.slice(4)),
    ]
    for (const send of nobody) expect((await send('GET', ME)).status).toBe(401)
    expect((await bearer(token)('GET', ME)).status).toBe(200)
    // A wrong token is not made good by a cookie.
    const both = await as(cookie)('GET', ME, { more: { authorization: 'Bearer x' } })
    expect(both.status).toBe(401)
  })

  test('a role that was taken is gone from the next request on', async () => {
    const { gateway, signIn, as } = await openWithPeople()
    const fan = as(await signIn('fan'))
    const { id } = personOf('fan')
    await gateway.deps.store.db.deleteFrom('person_role').where('person', '=', id).execute()
    expect(await (await fan('GET', ME)).json()).toMatchObject({ person: { roles: [] } })
  })

  test('is listed and ended by its person, and by nobody else', async () => {
    const { signIn, as } = await openWithPeople()
    const here = as(await signIn('ann'))
    const there = as(await signIn('ann'))
    const bo = as(await signIn('bo'))
    const own = await sessionsOf(here)
    expect(own.map(({ isCurrent }) => isCurrent).sort()).toEqual([false, true])
    const other = own.find(({ isCurrent }) => !isCurrent)?.id
    expect((await bo('DELETE', `${ME}/sessions/${other}`)).status).toBe(404)
    expect((await there('GET', ME)).status).toBe(200)
    expect((await here('DELETE', `${ME}/sessions/${other}`)).status).toBe(204)
    expect((await there('GET', ME)).status).toBe(401)
    expect((await here('DELETE', `${ME}/sessions/${other}`)).status).toBe(404)
    await signIn('ann')
    expect(await (await here('DELETE', `${ME}/sessions`)).json()).toEqual({ ended: 1 })
    expect(await sessionsOf(here)).toHaveLength(1)
    expect((await bo('GET', ME)).status).toBe(200)
  })

  test('a person has ten of a kind; the one that was used longest ago gives way', async () => {
    const { gateway, signIn, tokenOf, as } = await openWithPeople()
    const first = as(await signIn('ann'))
    const second = as(await signIn('ann'))
    gateway.wait(2 * MINUTE)
    expect((await first('GET', ME)).status).toBe(200)
    await tokenOf('ann')
    for (let i = 0; i < 9; i++) await signIn('ann')
    expect((await second('GET', ME)).status).toBe(401)
    expect((await first('GET', ME)).status).toBe(200)
    expect(await sessionsOf(first)).toHaveLength(11)
  })

  test('begins under an id of its own, and the one it replaces is worth nothing', async () => {
    const gateway = await openTestGateway()
    const { deps, clock } = gateway
    const { as } = peopleOf(gateway)
    const needs = { db: deps.store.db, crypto: deps.crypto }
    const by = { kind: 'browser', how: 'provider' } as const
    const wanted = { ...by, person: personOf('ann').id, steppedUpAt: null, agent: 'x'.repeat(1000) }
    const before = await beginSession(needs, wanted, { now: clock.now })
    const after = await beginSession(
      needs,
      { ...wanted, steppedUpAt: clock.now + 60_000 },
      { now: clock.now, instead: before.session.id },
    )
    expect(after.secret).not.toBe(before.secret)
    expect((await as(`__Host-sid=${before.secret}`)('GET', ME)).status).toBe(401)
    expect((await as(`__Host-sid=${after.secret}`)('GET', ME)).status).toBe(200)
    expect(after.session.agent).toHaveLength(200)
    // A provider whose clock is fast makes no step-up that lasts longer.
    expect(after.session.steppedUpAt).toBe(clock.now)
  })

  test.each([
    [true, { kind: 'browser', steppedUpAt: 1_000_000 }, 1_000_000],
    [true, { kind: 'browser', steppedUpAt: 1_000_000 }, 1_299_999],
    [false, { kind: 'browser', steppedUpAt: 1_000_000 }, 1_300_000],
    [false, { kind: 'browser', steppedUpAt: 1_000_000 }, 999_999],
    [false, { kind: 'browser', steppedUpAt: null }, 1_000_000],
    [false, { kind: 'token', steppedUpAt: 1_000_000 }, 1_000_000],
  ])('an approval may rest on it: %s for %j at %i', (may, session, now) => {
    expect(isSteppedUp(session as Session, now)).toBe(may)
  })
})

describe('a token', () => {
  test('is made in the browser, shown once, lives as long as was said', async () => {
    const { gateway, signIn, as, with: bearer } = await openWithPeople()
    const ann = as(await signIn('ann'))
    const body = { name: 'registry plan', hours: 2 }
    const made = await ann('POST', `${ME}/tokens`, { body })
    expect(made.status).toBe(201)
    const { token, session } = (await made.json()) as { token: string; session: Told }
    expect(token).toMatch(/^mzt_[\w-]{43}$/)
    expect(session).toMatchObject({ kind: 'token', endsAt: '2026-11-23T04:00:00.000Z' })
    const listed = await (await ann('GET', `${ME}/sessions`)).text()
    expect(listed).toContain('registry plan')
    expect(listed).not.toContain(token.slice(4))
    gateway.wait(2 * 60 * MINUTE - 1)
    expect((await bearer(token)('GET', ME)).status).toBe(200)
    gateway.wait(1)
    expect((await bearer(token)('GET', ME)).status).toBe(401)
  })

  test('makes no other, and rests no approval on anything', async () => {
    const { tokenOf, with: bearer } = await openWithPeople()
    const send = bearer(await tokenOf('ann'))
    const more = await send('POST', `${ME}/tokens`, { body: { name: 'more' } })
    expect(more.status).toBe(403)
    expect(await more.json()).toMatchObject({ code: 'forbidden' })
    const me = (await (await send('GET', ME)).json()) as { session: object }
    expect(me.session).not.toHaveProperty('steppedUpUntil')
  })

  test.each([
    ['no name', {}],
    ['an empty name', { name: ' ' }],
    ['a name of two lines', { name: 'a\nb' }],
    ['nine hours', { name: 'x', hours: 9 }],
    ['no time', { name: 'x', hours: 0 }],
    ['half an hour', { name: 'x', hours: 0.5 }],
    ['another member', { name: 'x', kind: 'browser' }],
    ['a list', []],
    ['too much', { name: 'x', more: 'x'.repeat(5000) }],
  ])('is not made with %s', async (_, body) => {
    const { signIn, as } = await openWithPeople()
    const refused = await as(await signIn('ann'))('POST', `${ME}/tokens`, { body })
    expect([400, 413]).toContain(refused.status)
  })
})

describe("somebody's sessions are ended", () => {
  const path = (subject: string) => `/v1/admin/people/${personOf(subject).id}/sessions`

  test('by an admin of his agency, with an entry that says who did it', async () => {
    const { gateway, signIn, as } = await openWithPeople()
    const fan = as(await signIn('fan'))
    const done = await as(await signIn('ding'))('DELETE', path('fan'))
    expect(done.status).toBe(200)
    expect((await fan('GET', ME)).status).toBe(401)
    const { entry } = (await done.json()) as { entry: number }
    expect(JSON.parse((await gateway.deps.store.readLeaf(entry)) ?? '')).toMatchObject({
      kind: 'act',
      act: { what: 'person.end-sessions', id: personOf('fan').id, by: personOf('ding').id },
    })
  })

  test.each([
    ['an admin of another agency', 'gao', 403],
    ['the approver of the same', 'er', 403],
    ['himself, on this way', 'fan', 403],
    ['an auditor', 'ning', 403],
    ['the authority', 'bo', 200],
  ])('by %s: %s → %i', async (_, by, status) => {
    const { gateway, signIn, as } = await openWithPeople()
    const fan = as(await signIn('fan'))
    const size = gateway.size()
    expect((await as(await signIn(by))('DELETE', path('fan'))).status).toBe(status)
    expect((await fan('GET', ME)).status).toBe(status === 200 ? 401 : 200)
    expect(gateway.size()).toBe(status === 200 ? size + 1 : size)
  })

  test('of somebody who does not exist, no more is told', async () => {
    const { signIn, as } = await openWithPeople()
    const gone = `/v1/admin/people/${'A'.repeat(22)}/sessions`
    expect((await as(await signIn('ann'))('DELETE', gone)).status).toBe(403)
    expect((await as(await signIn('ann'))('DELETE', '/v1/admin/people/1/sessions')).status).toBe(
      400,
    )
  })
})

describe('a form of another site', () => {
  const FORM = 'application/x-www-form-urlencoded'

  test.each([
    ['cross-site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['same-site', { 'sec-fetch-site': 'same-site', origin: 'https://other.yunting.example' }],
    ['without saying where from', {}],
    ['from a hidden place', { origin: 'null' }],
    ['by plain http', { origin: ISSUER.replace('https', 'http') }],
  ])('%s does nothing', async (_, headers) => {
    const { gateway, signIn } = await openWithPeople()
    const cookie = await signIn('ann')
    const sent = async (method: string, path: string, type?: string) => {
      const told = type === undefined ? {} : { 'content-type': type }
      const init = { method, headers: { cookie, ...headers, ...told } }
      return gateway.app.request(`${ISSUER}${path}`, { ...init, ...(type ? { body: '{}' } : {}) })
    }
    for (const response of [
      await sent('DELETE', `${ME}/sessions`),
      await sent('POST', `${ME}/tokens`, FORM),
      await sent('POST', `${ME}/tokens`, 'text/plain'),
    ]) {
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ code: 'cross-site' })
    }
  })

  test('one of our own pages is let through, whatever the proxy made of the address', async () => {
    const { gateway, signIn } = await openWithPeople()
    const cookie = await signIn('ann')
    const headers = { cookie, origin: ISSUER }
    const done = await gateway.app.request('http://127.0.0.1:8787/v1/admin/me/sessions', {
      method: 'DELETE',
      headers,
    })
    expect(done.status).toBe(200)
  })
})
