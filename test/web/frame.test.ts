import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assetPath } from '../../src/look.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
})

afterAll(checkWholeLog)

describe('what browsers load', () => {
  test('is kept for good under the hash of this release, and asked about under another', async () => {
    const { look } = gateway.deps
    for (const name of look.files.keys()) {
      const current = await gateway.app.request(assetPath(look, name))
      expect(current.status).toBe(200)
      expect(current.headers.get('cache-control')).toContain('immutable')
      const old = await gateway.app.request(`/assets/old/${name}`)
      expect(old.headers.get('cache-control')).toBe('no-cache')
      expect(await old.text()).toBe(await current.text())
    }
  })

  test.each(['/assets/x/..%2f..%2fpackage.json', '/assets/x/none.css', '/assets/x/', '/assets/x'])(
    '%s is nothing',
    async (path) => expect((await gateway.get(path)).problem?.code).toBe('not-found'),
  )

  test('the stylesheet carries components, theme and layout, Designsystemet’s layers named first', async () => {
    const css = await (await gateway.app.request(assetPath(gateway.deps.look, 'style.css'))).text()
    expect(css.startsWith('@layer ds.theme, ds.base, ds.components;')).toBe(true)
    for (const part of [
      '.ds-button',
      '--ds-color-accent-base-default:oklch',
      '.brand',
      '@media print',
    ])
      expect(css).toContain(part)
  })
})

describe('a page', () => {
  test('runs and loads what this gateway serves, nothing else', async () => {
    const { headers } = await gateway.app.request('/problems')
    const policy = Object.fromEntries(
      String(headers.get('content-security-policy'))
        .split('; ')
        .map((one) => [one.split(' ', 1)[0], one.slice(one.indexOf(' ') + 1)]),
    )
    expect(policy).toEqual({
      'default-src': "'none'",
      'style-src': "'self'",
      'script-src': "'self'",
      'connect-src': "'self'",
      'img-src': "'self' data:",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    })
  })

  test('loads only files that are there, and has no inline style, script or handler', async () => {
    const text = await (await gateway.app.request('/problems')).text()
    const loaded = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path]) => path)
    expect(loaded.length).toBeGreaterThan(1)
    for (const path of loaded) expect((await gateway.app.request(String(path))).status).toBe(200)
    expect(text).not.toMatch(/<style|<script(?![^>]*src=)|\sstyle=|\son\w+=/i)
  })
})

describe('the language', () => {
  const asked = async (path: string, headers: Record<string, string> = {}) => {
    const reply = await gateway.app.request(path, { headers })
    const text = await reply.text()
    return { lang: /<html lang="([^"]+)"/.exec(text)?.[1], reply, text }
  }

  test.each([
    [undefined, 'zh-CN'],
    ['*', 'zh-CN'],
    ['fr', 'zh-CN'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['en-GB,en;q=0.9,zh;q=0.1', 'en'],
    ['en;q=0, zh;q=0.1', 'zh-CN'],
    [';;,=,q', 'zh-CN'],
  ])('accepted %s gives %s, and nothing is remembered', async (accepted, lang) => {
    const { lang: given, reply } = await asked(
      '/problems',
      accepted ? { 'Accept-Language': accepted } : {},
    )
    expect(given).toBe(lang)
    expect(reply.headers.has('set-cookie')).toBe(false)
    expect(reply.headers.get('vary')).toBe('Accept-Language, Cookie')
  })

  test('asked for in the address is remembered in a cookie that says nothing else', async () => {
    const { lang, reply } = await asked('/problems?lang=en', { 'Accept-Language': 'zh' })
    expect(lang).toBe('en')
    const cookie = String(reply.headers.get('set-cookie'))
    expect(cookie).toMatch(/^lang=en; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect((await asked('/problems', { Cookie: 'lang=en', 'Accept-Language': 'zh' })).lang).toBe(
      'en',
    )
  })

  test.each(['fr', '', 'en"><script>', '__proto__'])('%j is none of ours', async (lang) => {
    const { lang: given, reply } = await asked(`/problems?lang=${encodeURIComponent(lang)}`)
    expect(given).toBe('zh-CN')
    expect(reply.headers.has('set-cookie')).toBe(false)
  })

  test('the way to the other language keeps the address, and escapes what somebody put there', async () => {
    const { text } = await asked('/problems?q=%22%3E%3Cscript%3E&lang=zh-CN')
    expect(text).toContain('href="/problems?q=%22%3E%3Cscript%3E&amp;lang=en"')
    expect(text).not.toContain('<script>')
  })
})
