import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PUBLIC_PAGES } from '../browser/pages.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { applyServices, MOVING } from '../service-items.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
})

afterAll(checkWholeLog)

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function open(path: string, headers: Record<string, string> = {}) {
  const reply = await gateway.app.request(path, { headers: { ...BROWSER, ...headers } })
  return { reply, text: await reply.text() }
}

/** What stands in the page, without its markup. */
const words = (text: string) =>
  text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

describe('every page', () => {
  test.each(PUBLIC_PAGES)(
    '%s is whole: one h1, one main, at most 60 KB, every link leads somewhere',
    async (path) => {
      const { reply, text } = await open(path)
      expect(reply.headers.get('content-type')).toBe('text/html; charset=UTF-8')
      expect([...text.matchAll(/<h1/g)]).toHaveLength(1)
      expect([...text.matchAll(/<main/g)]).toHaveLength(1)
      expect(Buffer.byteLength(text)).toBeLessThan(60 * 1024)
      expect(text).not.toMatch(/undefined|\[object|NaN/)
      const hrefs = [...text.matchAll(/href="(\/[^"#]*)/g)].map(([, href]) => String(href))
      for (const href of new Set(hrefs)) {
        const { status } = await gateway.app.request(href.replaceAll('&amp;', '&'))
        expect([href, status < 400 || href.startsWith(path.split('?', 1)[0] as string)]).toEqual([
          href,
          true,
        ])
      }
    },
  )

  test('is asked about by its ETag, for each language its own', async () => {
    const first = await open('/catalog', { 'Accept-Language': 'zh' })
    const etag = String(first.reply.headers.get('etag'))
    const again = (lang: string) =>
      open('/catalog', { 'Accept-Language': lang, 'If-None-Match': etag })
    expect((await again('zh')).reply.status).toBe(304)
    expect((await again('en')).reply.status).toBe(200)
  })

  test('passes over parameters that are other people’s', async () => {
    expect((await open('/catalog?utm_source=x')).reply.status).toBe(200)
    expect((await open('/services?fbclid=x')).reply.status).toBe(200)
  })
})

describe('the guide', () => {
  test('says what to bring before what is over, and counts as the JSON does', async () => {
    const text = words((await open('/services/S04')).text)
    const order = [
      '原来要交 11 份材料，现在要交 3 份',
      '还要带的',
      '申请书',
      '不用再带的（8 份）',
      '婚姻证明',
    ]
    const places = order.map((one) => text.indexOf(one))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
  })

  test('tells of drafts nothing, and of what is suspended that it is', async () => {
    await applyServices(gateway.deps, [
      { ...MOVING, code: 'T02', state: 'draft' },
      { ...MOVING, code: 'T03', state: 'suspended' },
    ])
    gateway.wait(1)
    expect((await open('/services/T02')).reply.status).toBe(404)
    expect(words((await open('/services/T03')).text)).toContain('该事项暂停办理')
  })

  test('names from the registry are text, never markup', async () => {
    const names = { zh: '<img src=x onerror=alert(1)>', en: '"><script>alert(1)</script>' }
    await applyServices(gateway.deps, [{ ...MOVING, code: 'T04', names }])
    gateway.wait(1)
    for (const path of ['/services/T04', '/services', '/', '/services/T04?lang=en', '/statistics'])
      expect((await open(path)).text).not.toMatch(/<img src=x|<script>alert/)
  })
})

describe('an item', () => {
  test('shows what changed between its versions', async () => {
    const text = words((await open('/items/ENT-01')).text)
    expect(text).toContain('第 2 版')
    expect(text).toContain('第 1 版 → 第 2 版的不同')
  })

  test('that was retired stays to be looked up, a draft is nothing', async () => {
    await gateway.amend('item', 'CRE-01', { state: 'retired' })
    expect(words((await open('/items/CRE-01')).text)).toContain('该事项已停用')
    expect((await open('/catalog?q=CRE-01')).text).toContain('没有符合条件的事项')
    await gateway.amend('item', 'CRE-01', { state: 'draft' })
    const { reply, text } = await open('/items/CRE-01')
    expect(reply.status).toBe(404)
    expect(text).toContain('无此协助事项')
  })

  test('never shows how its provider is reached', async () => {
    for (const code of ['SOC-01', 'HPF-01', 'MAR-01'])
      expect((await open(`/items/${code}`)).text).not.toMatch(/connector|lookup|id_no|SELECT/)
  })
})

describe('the catalogue', () => {
  test('says how many there are, how many were found, and what narrows', async () => {
    await gateway.amend('item', 'ELD-01', { state: 'suspended' })
    const text = words((await open('/catalog')).text)
    expect(text).toMatch(/\d+ 项：\d+ 项已发布，1 项已暂停。/)
    const narrowed = (await open('/catalog?state=suspended&sort=-name')).text
    expect(words(narrowed)).toContain('找到 1 项')
    expect(narrowed).toContain('href="/catalog?sort=-name" aria-label="去掉条件：状态：已暂停"')
    expect(narrowed).toContain('aria-sort="descending"')
  })

  test('a page behind the last one is empty and says what to do', async () => {
    expect(words((await open('/catalog?page=999')).text)).toContain('没有符合条件的事项')
  })

  test.each(['page=0', 'page=x', 'kind=none', 'sort=price', 'agency=x', `q=${'x'.repeat(101)}`])(
    '%s is refused on a page that says so',
    async (query) => {
      const { reply, text } = await open(`/catalog?${query}`)
      expect(reply.status).toBe(400)
      expect(reply.headers.get('cache-control')).toBe('no-store')
      expect(text).toContain('参数不符合格式')
    },
  )
})

describe('a refusal', () => {
  test('is a page for a browser, in its language, and a problem for everybody else', async () => {
    const { reply, text } = await open('/nope', { 'Accept-Language': 'en' })
    expect(reply.status).toBe(404)
    expect(text).toContain('<html lang="en"')
    expect(text).toContain('href="/problems/not-found"')
    expect((await gateway.get('/nope')).problem?.code).toBe('not-found')
    const machine = await gateway.app.request('/v1/nope', { headers: BROWSER })
    expect(machine.headers.get('content-type')).toBe('application/problem+json')
  })

  test('quotes nothing of what was asked', async () => {
    const { text } = await open('/items/%3Cscript%3Ealert(1)%3C%2Fscript%3E')
    expect(text).not.toContain('alert(1)</script>')
    expect(text).not.toContain('<script>alert')
  })
})

describe('the question about a proof', () => {
  test.each([
    ['健在证明', '不用交'],
    ['收入证明', '看办什么事'],
    ['没有这种东西', '没有查到'],
    ['x', '请至少输入两个字'],
    ['长'.repeat(101), '名称太长'],
  ])('%s gets its answer', async (q, said) => {
    expect(words((await open(`/not-demandable?q=${encodeURIComponent(q)}`)).text)).toContain(said)
  })
})
