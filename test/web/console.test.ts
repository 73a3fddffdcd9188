import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog } from '../harness.ts'
import { itemOf } from '../proposing.ts'
import { HTML, opened, valuesIn } from './forms.ts'

afterEach(checkWholeLog)

/** A new version of MAR-01, by the form, as its admin; what it sends is what the page shows. */
async function drafted(
  { by }: Awaited<ReturnType<typeof opened>>,
  changed: Record<string, string>,
) {
  const admin = await by('ding')
  const { text } = await admin.get('/console/items/MAR-01/edit')
  const sent = await admin.post('/console/items/MAR-01/edit', { ...valuesIn(text), ...changed })
  return { admin, sent, path: sent.to.split('?', 1)[0] as string }
}

describe('the form of an item', () => {
  test('sent as it was shown means the same document', async () => {
    const all = await opened()
    const { sent, admin, path } = await drafted(all, {})
    expect(sent.status).toBe(303)
    const { text } = await admin.get(path)
    const item = await itemOf(all.gateway, 'MAR-01')
    const raw = /<pre[^>]*id="raw"[^>]*>([^<]*)</.exec(text)?.[1]?.replaceAll('&quot;', '"') ?? ''
    expect(JSON.parse(raw)).toEqual({ ...item, version: 2, state: 'draft' })
  })

  test('what is not filled in waits in the draft, and cannot be submitted', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, { 'procedure.zh': '' })
    const shown = await admin.get(path)
    expect(shown.text).toContain('程序（中文）')
    const size = all.gateway.size()
    const sent = await admin.post(path, { verb: 'submit', revision: '1' })
    expect(sent.status).toBe(422)
    expect(sent.text).toContain('检查未通过')
    expect(all.gateway.size()).toBe(size)
    expect((await admin.get(`${path}/edit`)).text).toMatch(/name="procedure\.zh"[^>]*><\/textarea>/)
  })

  test('says since when the change is due, and its clock runs; a day to come is said beside its field', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, { 'changed-on': '2026-11-20' })
    const { text } = await admin.get(path)
    expect(text).toContain('目录更新')
    expect(text).toContain('还剩 9 个工作日')
    // Said once: an edit neither asks nor changes it.
    expect((await admin.get(`${path}/edit`)).text).not.toContain('name="changed-on"')
    const size = all.gateway.size()
    for (const day of ['2026-11-24', '2026-02-30', '昨天']) {
      const { sent } = await drafted(all, { 'changed-on': day })
      expect(sent.status).toBe(400)
      expect(sent.text).toContain('id="changed-on-error"')
    }
    expect(all.gateway.size()).toBe(size)
  })

  test('what does not fit is said beside its field and at the top, and nothing is lost', async () => {
    const all = await opened()
    const size = all.gateway.size()
    const { sent } = await drafted(all, { 'names.en': '', connector: '{', 'mode.zh': '<b>甲</b>' })
    expect(sent.status).toBe(400)
    expect(sent.text).toContain('href="#names.en"')
    expect(sent.text).toContain('id="connector-error"')
    expect(sent.text).toContain('&lt;b&gt;甲&lt;/b&gt;')
    expect(all.gateway.size()).toBe(size)
  })

  test('published it is checked no more, as its own version is taken by then; nobody is told to decide on what nobody asked for', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, { 'fee.zh': '不收费，也不代收任何费用。' })
    for (const [who, verb, revision] of [
      ['ding', 'submit', '1'],
      ['er', 'approve', '2'],
      ['bo', 'publish', '3'],
    ] as const) {
      const person = await all.by(who)
      const { text } = await person.get(path)
      expect(text).toContain('全部通过或已说明')
      expect(text).not.toContain('同意延期')
      expect((await person.post(path, { verb, revision })).status).toBe(303)
    }
    const { text } = await admin.get(path)
    expect(text).toContain('已办结，不再检查。')
    expect(text).not.toContain('未通过')
  })

  test('a code that is in use opens no second item', async () => {
    const all = await opened()
    const admin = await all.by('ding')
    const { text } = await admin.get('/console/items/MAR-01/edit')
    const sent = await admin.post('/console/items/new', valuesIn(text))
    expect(sent.status).toBe(400)
    expect(sent.text).toContain('这个代码已经用了')
  })
})

describe('an act', () => {
  test('returned with a reason from the list and words, both stand in the history', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, { 'mode.zh': '接口' })
    await admin.post(path, { verb: 'submit', revision: '1' })
    const head = await all.by('er')
    const without = await head.post(path, {
      verb: 'return',
      revision: '2',
      why: 'basis',
      reason: '',
    })
    expect(without.status).toBe(400)
    expect(without.text).toContain('请选择原因并具体说明')
    const given = { verb: 'return', revision: '2', why: 'basis', reason: '条款应为第十条' }
    expect((await head.post(path, given)).status).toBe(303)
    const { text } = await admin.get(path)
    expect(text).toContain('依据不足或引用有误：条款应为第十条')
  })

  test('on an old revision is not done, and says what happened since', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, { 'mode.zh': '接口' })
    await admin.post(path, { verb: 'submit', revision: '1' })
    const size = all.gateway.size()
    const late = await admin.post(path, { verb: 'withdraw', revision: '1' })
    expect(late.status).toBe(412)
    expect(late.text).toContain('您打开之后')
    expect(late.text).toContain('name="revision" value="2"')
    expect(all.gateway.size()).toBe(size)
  })

  test('with too old a sign-in keeps the words and leads to confirming it', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, { 'fee.zh': '按件收取工本费' })
    const answered = { verb: 'submit', revision: '1', 'reasons:fee/fee': '省物价文件' }
    expect((await admin.post(path, answered)).status).toBe(303)
    const head = await all.by('er', { steppedUp: false })
    expect((await head.get(path)).text).toContain('/sign-in/start?step-up=&amp;return=')
    const words = { verb: 'approve', revision: '2', 'reasons:fee/fee': '已核对文件原件' }
    const late = await head.post(path, words)
    expect(late.status).toBe(403)
    expect(late.text).toContain('已核对文件原件')
  })
})

describe('security', () => {
  test('whoever is not signed in is led to the sign-in and back', async () => {
    const { gateway } = await opened()
    const reply = await gateway.app.request('/console/proposals?kind=item', { headers: HTML })
    expect(reply.status).toBe(303)
    expect(reply.headers.get('location')).toBe(
      `/sign-in?return=${encodeURIComponent('/console/proposals?kind=item')}`,
    )
  })

  test('another agency’s people see no trace of a change, and open none of its items', async () => {
    const all = await opened()
    const { path } = await drafted(all, {})
    const other = await all.by('gao')
    expect((await other.get(path)).status).toBe(404)
    expect((await other.post(path, { verb: 'submit', revision: '1' })).status).toBe(404)
    for (const what of ['edit', 'suspend', 'retire'])
      expect((await other.get(`/console/items/MAR-01/${what}`)).status).toBe(403)
    expect((await other.get('/console/proposals')).text).not.toContain('MAR-01')
  })

  test('what is not there, or not his, is said in the console’s own frame; a stranger gets anybody’s', async () => {
    const all = await opened()
    const officer = await all.by('fan')
    for (const [path, status] of [
      ['/console/nowhere', 404],
      ['/console/items/new', 403],
    ] as const) {
      const reply = await officer.get(path)
      expect(reply.status).toBe(status)
      expect(reply.text).toContain('<nav class="aside"')
      expect(reply.text).toContain('href="/console/proposals"')
      expect(reply.text).not.toContain('href="/console/people"')
    }
    const stranger = await all.gateway.app.request('/console/nowhere', { headers: HTML })
    expect(stranger.status).toBe(404)
    expect(await stranger.text()).not.toContain('<nav class="aside"')
  })

  test('a form of another site does nothing', async () => {
    const all = await opened()
    const { path } = await drafted(all, {})
    const size = all.gateway.size()
    const reply = await all.gateway.app.request(path, {
      method: 'POST',
      headers: {
        cookie: await all.signIn('ding'),
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      },
      body: new URLSearchParams({ verb: 'submit', revision: '1' }),
    })
    expect(reply.status).toBe(403)
    expect(all.gateway.size()).toBe(size)
  })

  test('an address that says something was done, which was not, says nothing', async () => {
    const all = await opened()
    const { admin, path } = await drafted(all, {})
    expect((await admin.get(`${path}?done=publish`)).text).not.toContain('已发布，立即生效')
    expect((await admin.get(`${path}?done=open`)).text).toContain('草稿已存好')
  })
})
