import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog, ISSUER } from '../harness.ts'
import { openWithPeople, PEOPLE } from '../people.ts'
import { CIVIL, itemOf } from '../proposing.ts'

afterEach(checkWholeLog)

const withRole = (role: string, agency?: string) => {
  const found = PEOPLE.find(({ roles }) =>
    roles.some((one) => one.role === role && (agency === undefined || one.agency === agency)),
  )
  if (!found) throw new Error(`nobody is ${role}`)
  return found.subject
}

async function opened() {
  const { gateway, signIn } = await openWithPeople()
  const item = await itemOf(gateway, 'MAR-01')
  const as = async (subject: string) => {
    const cookie = await signIn(subject)
    return async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ) => {
      const reply = await gateway.app.request(path, {
        method,
        headers: { cookie, origin: ISSUER, 'content-type': 'application/json', ...headers },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      return { status: reply.status, headers: reply.headers, body: await reply.json() }
    }
  }
  return { gateway, item, as }
}

const ADMIN = withRole('admin', CIVIL)
const HEAD = withRole('approver', CIVIL)
const AUTHORITY = withRole('authority')
const PATH = '/v1/admin/proposals'

describe('a proposal by API', () => {
  test('is opened, submitted, approved and published, each on the ETag that was read', async () => {
    const { gateway, item, as } = await opened()
    const admin = await as(ADMIN)
    const doc = { ...item, fee: { zh: '不收费。', en: 'None.' } }
    const first = await admin('POST', PATH, { kind: 'item', doc })
    expect(first.status).toBe(201)
    const path = first.headers.get('location') as string
    let tag = first.headers.get('etag') as string
    for (const [subject, verb, state] of [
      [ADMIN, 'submit', 'submitted'],
      [HEAD, 'approve', 'approved'],
      [AUTHORITY, 'publish', 'published'],
    ] as const) {
      const by = await as(subject)
      const seen = await by('GET', path)
      expect(seen.headers.get('etag')).toBe(tag)
      expect(seen.body.choices).toContainEqual({ verb, needsReason: false, may: true })
      const done = await by('POST', `${path}/${verb}`, {}, { 'if-match': tag })
      expect(done.body).toMatchObject({ state })
      tag = done.headers.get('etag') as string
    }
    expect((await itemOf(gateway, 'MAR-01')).fee.zh).toBe('不收费。')
  })

  test('says to whoever may not why not', async () => {
    const { item, as } = await opened()
    const admin = await as(ADMIN)
    const { body } = await admin('POST', PATH, { kind: 'item', doc: item })
    await admin('POST', `${PATH}/${body.id}/submit`, {}, { 'if-match': '"1"' })
    const { choices } = (await admin('GET', `${PATH}/${body.id}`)).body
    expect(choices).toContainEqual({
      ...{ verb: 'approve', needsReason: false, may: false, whyNot: 'forbidden' },
    })
  })

  test('is listed for both sides and auditors, page by page, and for nobody else', async () => {
    const { item, as } = await opened()
    const admin = await as(ADMIN)
    for (let i = 0; i < 3; i++) await admin('POST', PATH, { kind: 'item', doc: item })
    const one = (await admin('GET', `${PATH}?limit=2`)).body
    const two = (await admin('GET', `${PATH}?limit=2&cursor=${one.next}`)).body
    const ids = [...one.proposals, ...two.proposals].map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
    const auditor = await as(withRole('auditor'))
    expect((await auditor('GET', PATH)).body.proposals).toHaveLength(3)
    const other = PEOPLE.find(({ roles }) =>
      roles.every(({ role, agency }) => role === 'admin' && agency !== CIVIL),
    )
    const stranger = await as(other?.subject as string)
    expect((await stranger('GET', PATH)).body.proposals).toEqual([])
    expect((await stranger('GET', `${PATH}/${ids[0]}`)).status).toBe(404)
  })
})

describe('error', () => {
  test('without If-Match 428, on an old one 412, and nothing changes', async () => {
    const { gateway, item, as } = await opened()
    const admin = await as(ADMIN)
    const { body } = await admin('POST', PATH, { kind: 'item', doc: item })
    const size = gateway.size()
    const path = `${PATH}/${body.id}/submit`
    expect((await admin('POST', path, {})).body).toMatchObject({ code: 'no-precondition' })
    expect((await admin('POST', path, {}, { 'if-match': '"9"' })).body).toMatchObject({
      code: 'stale',
    })
    expect((await admin('POST', path, {}, { 'if-match': 'W/"1"' })).status).toBe(400)
    expect(gateway.size()).toBe(size)
  })

  test.each([
    ['half a character', '{"names":"\\ud800"}'],
    ['half of a name', '{"\\ud800":1}'],
    ['a hundred thousand lists in one another', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['members of no item', JSON.stringify(Array(5000).fill({ fee: 1 }))],
  ])('an edit of an old revision with %s is as stale as any', async (_, doc) => {
    const { item, as } = await opened()
    const admin = await as(ADMIN)
    const { body } = await admin('POST', PATH, { kind: 'item', doc: item })
    const path = `${PATH}/${body.id}/edit`
    const said = await admin('POST', path, `{"doc":{"names":${doc}}}`, { 'if-match': '"9"' })
    expect(said).toMatchObject({ status: 412, body: { code: 'stale', pointers: [] } })
  })

  test('a key with lists nested without end is refused like any other misfit', async () => {
    const { as } = await opened()
    const admin = await as(ADMIN)
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const doc = `{"system":"civil-gateway","jwk":{"kty":"EC","more":${deep}}}`
    const said = await admin('POST', PATH, `{"kind":"key","doc":${doc}}`)
    expect(said).toMatchObject({ status: 400, body: { code: 'parameters' } })
  })

  test('a list is asked for no zero byte, which PostgreSQL takes amiss', async () => {
    const { as } = await opened()
    const { body } = await (await as(ADMIN))('GET', `${PATH}?target=%00`)
    expect(body).toMatchObject({ code: 'parameters', pointers: ['/target'] })
  })

  test.each([
    ['a kind that there is not', { kind: 'gossip' }, 404],
    ['a verb that does not open', { kind: 'item', verb: 'publish' }, 409],
    ['no document', { kind: 'item' }, 400],
    ['a lone surrogate', { kind: 'item', doc: { code: '\ud800' } }, 400],
    ['a surplus member', { kind: 'item', doc: {}, proposer: 'me' }, 400],
  ])('%s is refused', async (_, body, status) => {
    const { gateway, item, as } = await opened()
    const admin = await as(ADMIN)
    const size = gateway.size()
    const filled = body.kind === 'item' && 'verb' in body ? { ...body, doc: item } : body
    expect((await admin('POST', PATH, filled)).status).toBe(status)
    expect(gateway.size()).toBe(size)
  })
})

describe('security', () => {
  test('nobody signed in, another site’s form, and a token that would approve are refused', async () => {
    const { gateway, item, as } = await opened()
    const bare = await gateway.app.request(PATH)
    expect(bare.status).toBe(401)
    const admin = await as(ADMIN)
    const foreign = { origin: 'https://evil.example', 'content-type': 'text/plain' }
    expect((await admin('POST', PATH, { kind: 'item', doc: item }, foreign)).status).toBe(403)
  })
})
