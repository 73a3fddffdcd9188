import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { axe, axeInDark } from './axe.ts'
import { launch, serveApp } from './browser.ts'
import { PUBLIC_PAGES } from './pages.ts'
import { visitor, windows } from './visitor.ts'

const started = await launch()
const isMissing = typeof started === 'string'
const browser = started as Browser
const windowIn = windows(browser)
let served: Awaited<ReturnType<typeof serveApp>>
let routes: readonly string[]

beforeAll(async () => {
  const gateway = await openTestGateway()
  const { paths } = await (await gateway.app.request('/openapi.json')).json()
  routes = Object.keys(paths).filter((path) => JSON.stringify(paths[path]).includes('text/html'))
  served = await serveApp(gateway.app)
})

afterAll(async () => {
  if (!isMissing) await browser.close()
  await served.close()
  await checkWholeLog()
})

if (isMissing) test.skip(`NOT LOOKED AT: ${started}`, () => {})

test('no page is missing from the list that is looked at', () => {
  const known = PUBLIC_PAGES.map((path) => path.split('?', 1)[0] as string)
  const missing = routes.filter((route) => {
    const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`)
    return !route.startsWith('/console') && !known.some((path) => pattern.test(path))
  })
  expect(routes.length).toBeGreaterThan(8)
  expect(missing).toEqual([])
})

describe.skipIf(isMissing).each(['zh-CN', 'en'])('in %s', { timeout: 60_000 }, (lang) => {
  test.each(PUBLIC_PAGES)(
    '%s: axe finds nothing, light or dark; it fits 320 pixels without scrolling sideways',
    async (path) => {
      const page = await windowIn(lang)
      await page.goto(`${served.url}${path}`)
      expect(await page.locator('html').getAttribute('lang')).toBe(lang)
      expect(['light', ...(await axe(page))]).toEqual(['light'])
      expect(['dark', ...(await axeInDark(page))]).toEqual(['dark'])
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate(sticksOut)).toEqual([])
    },
  )
})

/** What makes a page scroll sideways; in the page. */
function sticksOut(): string[] {
  if (document.documentElement.scrollWidth <= innerWidth) return []
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120))
}

describe.skipIf(isMissing)('a visitor', () => {
  const open = async (path: string, options = {}) => {
    const context = await visitor(browser, options)
    const page = await context.newPage()
    const faults: string[] = []
    page.on('console', (said) => {
      if (said.type() === 'error') faults.push(said.text())
    })
    page.on('pageerror', (error) => faults.push(String(error)))
    await page.goto(`${served.url}${path}`)
    return { page, faults }
  }

  test('finds what to bring, from the first page on, without scripts', async () => {
    const { page } = await open('/', { javaScriptEnabled: false })
    await page.getByRole('searchbox', { name: '事项或材料的名称' }).fill('公共租赁')
    await page.getByRole('button', { name: '查一查' }).first().click()
    await page.getByRole('link', { name: '公共租赁住房申请' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('公共租赁住房申请')
    expect(await page.locator('.lead').textContent()).toContain('现在要交 3 份')
    expect(await page.locator('main > ol > li').allTextContents()).toHaveLength(3)
    const folded = page.locator('.ds-details').first()
    expect(await folded.getByText('结婚').count()).toBe(0)
    await folded.locator('summary').click()
    await folded.getByText('婚姻证明').waitFor({ state: 'visible' })
  })

  test('filters the catalogue without scripts, and takes a filter off again', async () => {
    const { page } = await open('/catalog', { javaScriptEnabled: false })
    await page.getByLabel('类型').selectOption('inquiry')
    await page.getByRole('button', { name: '查找' }).click()
    expect(await page.getByRole('status').textContent()).toMatch(/找到 \d+ 项/)
    await page.getByRole('link', { name: '去掉条件：类型：人工协查' }).click()
    expect(await page.getByRole('status').textContent()).toMatch(/^\d+ 项/)
  })

  test('with scripts a chosen filter counts at once, and empty ones do not stand in the address', async () => {
    const { page, faults } = await open('/catalog')
    await page.getByLabel('类型').selectOption('inquiry')
    await page.waitForURL(/kind=inquiry/)
    expect(new URL(page.url()).search).toBe('?kind=inquiry')
    expect(faults).toEqual([])
  })

  test('reaches the content by keyboard alone: the first tab skips to it', async () => {
    const { page } = await open('/catalog')
    await page.keyboard.press('Tab')
    const skip = page.locator(':focus')
    expect(await skip.textContent()).toBe('跳到正文')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
  })

  test('sees where the keyboard stands, on every link and field of a page', async () => {
    const { page } = await open('/services/S04')
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press('Tab')
      const shown = await page.evaluate(() => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(
          document.activeElement as Element,
        )
        const isOutlined = outlineStyle !== 'none' && outlineWidth !== '0px'
        return isOutlined || boxShadow !== 'none' || document.activeElement === document.body
      })
      expect(shown).toBe(true)
    }
  })

  test('changes the language and stays where he is, and it is remembered', async () => {
    const { page } = await open('/catalog?q=婚姻')
    await page.getByRole('link', { name: 'English' }).click()
    expect(new URL(page.url()).searchParams.get('q')).toBe('婚姻')
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Assistance catalogue')
    await page.goto(`${served.url}/statistics`)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  })

  test('prints the whole guide in black on white, what is folded too, without menus', async () => {
    const { page } = await open('/services/S04', { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    expect(await page.getByText('婚姻证明').first().isVisible()).toBe(true)
    expect(await page.locator('.top nav').isVisible()).toBe(false)
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(ground).toBe('oklch(1 0 250)')
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.byteLength).toBeGreaterThan(10_000)
  })

  test('copies an item’s document, and is told so', async () => {
    const { page, faults } = await open('/items/MAR-01', {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.getByText('原文（JSON）').click()
    await page.getByRole('button', { name: '复制' }).click()
    await page.getByRole('button', { name: '已复制' }).waitFor()
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))
    expect(copied).toMatchObject({ code: 'MAR-01', names: { zh: '婚姻登记信息核验' } })
    expect(copied).not.toHaveProperty('connector')
    expect(faults).toEqual([])
  })

  test('meets no script of anybody’s, whatever stands in the address', async () => {
    const { page } = await open('/catalog?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E')
    const dialogs: string[] = []
    page.on('dialog', (dialog) => dialogs.push(dialog.message()))
    await page.reload()
    expect(await page.locator('main img').count()).toBe(0)
    expect(dialogs).toEqual([])
  })
})
