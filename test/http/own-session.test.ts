import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog, ISSUER } from '../harness.ts'
import { openWithPeople, personOf } from '../people.ts'

afterEach(checkWholeLog)

const OWN = '/console/session'
const PAGE = { more: { accept: 'text/html' } }
const form = (fields: Record<string, string>) => ({
  body: new URLSearchParams(fields),
  more: { accept: 'text/html' },
})

describe('one’s own page', () => {
  test('says who one is, in both languages, and whether one could approve now', async () => {
    const { gateway, signIn, as } = await openWithPeople()
    const ann = as(await signIn('ann'))
    const text = await (await ann('GET', OWN, PAGE)).text()
    for (const said of ['安宁', '云汀市数据局', personOf('ann').id, '五分钟之内确认过'])
      expect(text).toContain(said)
    gateway.wait(301)
    const later = await (await ann('GET', `${OWN}?lang=en`, PAGE)).text()
    expect(later).toContain('Again before you approve')
    expect(later).toContain('/sign-in/start?step-up=&amp;return=%2Fconsole%2Fsession')
  })

  test('is for people in front of a browser', async () => {
    const { tokenOf, with: bearer, as } = await openWithPeople()
    expect((await bearer(await tokenOf('ann'))('GET', OWN, PAGE)).status).toBe(403)
    const nobody = await as('')('GET', OWN, PAGE)
    expect(nobody.status).toBe(303)
    expect(nobody.headers.get('location')).toBe(`/sign-in?return=${encodeURIComponent(OWN)}`)
  })

  test('ends one session, or all others', async () => {
    const { signIn, as } = await openWithPeople()
    const here = as(await signIn('ann'))
    const others = [as(await signIn('ann')), as(await signIn('ann'))]
    const bo = as(await signIn('bo'))
    const text = await (await here('GET', OWN, PAGE)).text()
    const [id = ''] = [...text.matchAll(/name="id" value="([\w-]{43})"/g)].map(([, one]) => one)
    // Somebody else's page ends nothing of hers.
    await bo('POST', OWN, form({ id }))
    expect((await Promise.all(others.map((one) => one('GET', OWN, PAGE)))).map(statusOf)).toEqual([
      200, 200,
    ])
    expect((await here('POST', OWN, form({ id }))).headers.get('location')).toBe(`${OWN}?done`)
    const left = (await Promise.all(others.map((one) => one('GET', OWN, PAGE)))).map(statusOf)
    expect(left.sort()).toEqual([200, 303])
    await here('POST', OWN, form({ id: 'others' }))
    for (const one of others) expect((await one('GET', OWN, PAGE)).status).toBe(303)
    expect((await here('GET', `${OWN}?done`, PAGE)).status).toBe(200)
  })

  test('makes a token, shows it this once, and keeps it out of every address', async () => {
    const { gateway, signIn, as, with: bearer } = await openWithPeople()
    const ann = as(await signIn('ann'))
    const made = await ann('POST', `${OWN}/tokens`, form({ name: '目录导入', hours: '2' }))
    expect(made.status).toBe(201)
    expect(made.headers.get('cache-control')).toBe('no-store')
    const [token = ''] = /mzt_[\w-]{43}/.exec(await made.text()) ?? []
    expect((await bearer(token)('GET', '/v1/admin/me')).status).toBe(200)
    const listed = await (await ann('GET', OWN, PAGE)).text()
    expect(listed).toContain('目录导入')
    expect(listed).not.toContain(token)
    expect(JSON.stringify(gateway.reports)).not.toContain(token)
  })

  test.each([
    ['tokens', { name: '', hours: '1' }],
    ['tokens', { name: 'a\nb', hours: '1' }],
    ['tokens', { name: 'x', hours: '9' }],
    ['tokens', { name: 'x', hours: '' }],
    ['tokens', { name: '<script>'.repeat(9), hours: '1' }],
    ['', { id: '' }],
    ['', { id: "' OR 1=1 --" }],
    ['passkeys/remove', { id: '' }],
  ])('%s with %j is refused', async (path, fields) => {
    const { signIn, as, gateway } = await openWithPeople()
    const ann = as(await signIn('ann'))
    const to = path === '' ? OWN : `${OWN}/${path}`
    expect((await ann('POST', to, form(fields))).status).toBe(400)
    const rows = await gateway.deps.store.db.selectFrom('session').selectAll().execute()
    expect(rows).toHaveLength(1)
  })

  test('writes what people call things, and never as markup', async () => {
    const { signIn, as } = await openWithPeople()
    const ann = as(await signIn('ann'))
    await ann('POST', `${OWN}/tokens`, form({ name: '<b>目录</b>', hours: '1' }))
    const text = await (await ann('GET', OWN, PAGE)).text()
    expect(text).toContain('&lt;b&gt;目录&lt;/b&gt;')
    expect(text).not.toContain('<b>目录')
  })

  test('takes no form of another site', async () => {
    const { gateway, signIn } = await openWithPeople()
    const cookie = await signIn('ann')
    const sent = await gateway.app.request(`${ISSUER}${OWN}/tokens`, {
      method: 'POST',
      body: new URLSearchParams({ name: 'x', hours: '1' }),
      headers: { cookie, origin: 'https://evil.example' },
    })
    expect(sent.status).toBe(403)
  })
})

const statusOf = ({ status }: Response) => status
