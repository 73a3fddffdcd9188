import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog, ISSUER } from '../harness.ts'
import { openWithPeople } from '../people.ts'
import { gb18030, utf8 } from '../sheets.ts'

afterEach(checkWholeLog)

const PATH = '/console/import'
const HEAD = '事项编码,费用（中文）'

async function opened() {
  const { gateway, signIn } = await openWithPeople()
  const by = async (subject: string) => {
    const headers = {
      cookie: await signIn(subject),
      accept: 'text/html',
      'sec-fetch-site': 'same-origin',
    }
    const textOf = async (reply: Response) => ({ status: reply.status, text: await reply.text() })
    const post = async (fields: Readonly<Record<string, string | File>>, more = {}) => {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      const sent = { method: 'POST', body, headers: { ...headers, ...more } }
      return textOf(await gateway.app.request(`${ISSUER}${PATH}`, sent))
    }
    return {
      post,
      get: async (path = PATH) =>
        textOf(await gateway.app.request(`${ISSUER}${path}`, { headers })),
      choose: (bytes: Uint8Array, fields: Readonly<Record<string, string>> = {}) => {
        const file = new File([bytes as Uint8Array<ArrayBuffer>], '改动.csv')
        return post({ kind: 'items', file, ...fields })
      },
    }
  }
  return { gateway, by }
}

/** What the preview's form carries along, and one of its buttons. */
function carried(text: string, pressed: Readonly<Record<string, string>>) {
  const hidden = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)]
  return {
    ...Object.fromEntries(hidden.map(([, name, value]) => [name as string, value as string])),
    ...pressed,
  }
}

describe('an import by its page', () => {
  const THREE = utf8(`${HEAD}\nMAR-01,免费\nCRE-01,不收费\nID-01,免费\n`)

  test('is previewed with each fate, and then proposed, and every change is led to', async () => {
    const { gateway, by } = await opened()
    const ding = await by('ding')
    const size = gateway.size()
    const preview = await ding.choose(THREE)
    expect(preview.status).toBe(200)
    expect(preview.text).toContain('共 3 行，3 件。 什么也还没有保存。')
    for (const said of ['变更 1', '不变 1', '不能用 1', '看 1 处不同', '费用（中文）'])
      expect(preview.text).toContain(said)
    expect(preview.text).toContain('第 4 行，“提供单位代码”列：您不是这个机关的管理员')
    expect(gateway.size()).toBe(size)
    const done = await ding.post(carried(preview.text, { step: 'propose' }))
    expect(done.status).toBe(200)
    expect(done.text).toContain('提出了 1 件变更。')
    const [path] = /\/console\/proposals\/[0-9a-f-]{36}/.exec(done.text) ?? []
    expect((await ding.get(path)).text).toContain('MAR-01')
    const again = await ding.post(carried(preview.text, { step: 'propose' }))
    expect(again.status).toBe(412)
    expect(again.text).toContain('已在办理 1')
  })

  test('shows one fate alone, without the file being chosen again', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const { text } = await ding.choose(THREE)
    const refused = await ding.post(carried(text, { show: 'refused' }))
    expect(refused.text).toContain('>ID-01</code>')
    expect(refused.text).not.toContain('>MAR-01</code>')
    expect(refused.text).toContain('提出并提交 1 件')
  })

  test('of many rows is turned page by page, of one fate, too', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const rows = Array.from({ length: 120 }, (_, i) => `AA-${i},免费`)
    const { text } = await ding.choose(utf8([HEAD, ...rows].join('\n')))
    expect(text).toContain('第 1 页，共 3 页')
    const last = await ding.post(carried(text, { to: 'refused 3' }))
    expect(last.text).toContain('第 3 页，共 3 页')
    expect(last.text).toContain('>AA-119</code>')
    expect(last.text).not.toContain('>AA-99</code>')
    expect(Buffer.byteLength(last.text)).toBeLessThan(60_000)
  })

  test('proposes nothing where the registry changed since, and shows how it stands', async () => {
    const { gateway, by } = await opened()
    const ding = await by('ding')
    const { text } = await ding.choose(THREE)
    await gateway.amend('item', 'MAR-01', { fee: { zh: '每件十元', en: 'Ten yuan' } })
    const stale = await ding.post(carried(text, { step: 'propose' }))
    expect(stale.status).toBe(412)
    expect(stale.text).toContain('登记已经变了')
    expect(stale.text).toContain('每件十元')
    const now = await ding.post(carried(stale.text, { step: 'drafts' }))
    expect(now.text).toContain('提出了 1 件变更。')
  })

  test('says when it took the file for GB18030', async () => {
    const { by } = await opened()
    const { text } = await (await by('ding')).choose(gb18030(`${HEAD}\nMAR-01,免费\n`))
    expect(text).toContain('按 GB18030 读取')
    expect(text).toContain('免费')
  })

  test('shows a script as the text that it is, wherever it stands', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const script = '<script>alert(1)</script>'
    const { text } = await ding.choose(utf8(`${HEAD}\nMAR-01,${script}\n${script},x\n`))
    expect(text).not.toContain(script)
    expect(text).toContain('&lt;script&gt;')
    const headings = await ding.choose(utf8(`${script}\nx\n`))
    expect(headings.text).not.toContain(script)
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(), /请选择一个文件/],
    ['has an unknown column', utf8('事项编码,哪一列\nMAR-01,x\n'), /不认识的列：哪一列/],
    ['is no CSV', utf8('事项编码\n"MAR-01\n'), /引号不成对/],
    ['has no code', utf8('费用（中文）\n免费\n'), /缺少列：事项编码/],
  ])('goes back to its form where the file %s', async (_, bytes, said) => {
    const { by } = await opened()
    const { status, text } = await (await by('ding')).choose(bytes)
    expect(status).toBe(400)
    expect(text).toMatch(said)
    expect(text).toContain('href="#file"')
  })

  test('refuses what is too large with the form, and what is no form at all', async () => {
    const { by } = await opened()
    const ding = await by('ding')
    const large = await ding.choose(new Uint8Array(7_000_000))
    expect(large.status).toBe(413)
    expect(large.text).toContain('至多 4 MB')
    expect((await ding.choose(THREE, { kind: 'people' })).status).toBe(400)
    const held = { kind: 'items', held: 'not base64!', seen: 'x', step: 'propose' }
    expect((await ding.post(held)).status).toBe(400)
    expect((await ding.post({ kind: 'items', step: 'approve', held: 'eA==' })).status).toBe(400)
  })

  test('is for admins, from our own pages', async () => {
    const { gateway, by } = await opened()
    for (const subject of ['er', 'bo', 'fan', 'ning']) {
      const person = await by(subject)
      expect((await person.get()).status).toBe(403)
      expect((await person.choose(THREE)).status).toBe(403)
      expect((await person.get('/console')).text).not.toContain('href="/console/import"')
    }
    const ding = await by('ding')
    expect((await ding.get('/console')).text).toContain('href="/console/import"')
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect((await ding.post({ kind: 'items' }, foreign)).status).toBe(403)
    const away = await gateway.app.request(`${ISSUER}${PATH}`, { headers: { accept: 'text/html' } })
    expect(away.headers.get('location')).toContain('/sign-in')
  })
})
