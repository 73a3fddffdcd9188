import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUSING, SCHOOLS } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, temporaryFolder } from '../harness.ts'
import { logKey } from '../log/log-key.ts'
import { openWithPeople, PEOPLE } from '../people.ts'
import { axe, axeInDark } from './axe.ts'
import { launch, serveApp } from './browser.ts'
import { visitor } from './visitor.ts'

const started = await launch()
const isMissing = typeof started === 'string'
const browser = started as Browser
const [auditor] = PEOPLE.filter(({ roles }) => roles.some(({ role }) => role === 'auditor'))
const VERIFY = '在本页验证'

let people: Awaited<ReturnType<typeof openWithPeople>>
let served: Awaited<ReturnType<typeof serveApp>>
let answered: number

beforeAll(async () => {
  people = await openWithPeople()
  const { gateway } = people
  await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  answered = gateway.size() - 1
  await gateway.ask(SCHOOLS, claimsOf('refused-no-agreement'))
  served = await serveApp(gateway.app)
})

afterAll(async () => {
  if (!isMissing) await browser.close()
  await served.close()
  await checkWholeLog()
})

test.runIf(isMissing)(`SKIPPED, the log's pages: ${isMissing ? started : 'they are not'}`, () => {})

/** An auditor's browser, long enough after the last one that he may read on. */
async function reading(options: Parameters<typeof visitor>[1] = {}): Promise<BrowserContext> {
  const { gateway, signIn } = people
  gateway.wait(60)
  const cookie = await signIn(auditor?.subject ?? '')
  return visitor(browser, { extraHTTPHeaders: { cookie }, ...options })
}

async function open(path: string, options = {}): Promise<{ page: Page; faults: string[] }> {
  const page = await (await reading(options)).newPage()
  const faults: string[] = []
  page.on('console', (said) => {
    if (said.type() === 'error') faults.push(said.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(`${served.url}${path}`)
  return { page, faults }
}

const record = (number = answered) => `/console/log/${number}`

/** What the page says of the proof, once the button was pressed. */
async function verdictOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: VERIFY }).click()
  await page.locator('[data-verdict="unchecked"]').waitFor({ state: 'hidden' })
  return page.getByRole('status').innerText()
}

/** The page's text altered on its way to the browser. */
async function alter(page: Page, change: (html: string) => string): Promise<void> {
  await page.route(`**${record()}`, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: change(await response.text()) })
  })
  await page.reload()
}

describe.skipIf(isMissing)('the proof of a record, in the browser', () => {
  test('is verified by the gateway’s own verifier, which asks the server for nothing', async () => {
    const { page, faults } = await open(record())
    await page.waitForLoadState('networkidle')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    expect(await page.getByRole('status').innerText()).toContain('尚未验证')
    const verdict = await verdictOf(page)
    expect(verdict).toContain('已验证')
    expect(verdict).toContain('gateway.yunting.example/log')
    expect(verdict).toContain('未与事先取得的比对')
    expect(await page.getByRole('img', { name: '均已验证' }).isVisible()).toBe(true)
    expect({ faults, asked }).toEqual({ faults: [], asked: [] })
  })

  test('security: of an altered record does not verify: the path is what breaks', async () => {
    const { page } = await open(record())
    await alter(page, (html) =>
      html.replace(
        '&quot;outcome&quot;:&quot;ANSWERED&quot;',
        '&quot;outcome&quot;:&quot;NO_RECORD&quot;',
      ),
    )
    const verdict = await verdictOf(page)
    expect(verdict).toContain('验证不通过')
    expect(verdict).toContain('断在“证明路径”')
    expect(verdict).not.toContain('断在“检查点”')
  })

  test('security: under another key’s checkpoint does not verify', async () => {
    const { page } = await open(record())
    const { vkey } = logKey('gateway.yunting.example/log', 'another')
    await alter(page, (html) =>
      html.replace(
        /data-logs="[^"]*"/,
        `data-logs='${JSON.stringify([{ origin: 'gateway.yunting.example/log', vkey }])}'`,
      ),
    )
    expect(await verdictOf(page)).toContain('断在“检查点”')
  })

  test('security: with another receipt does not verify', async () => {
    const { page } = await open(record())
    await alter(page, (html) => html.replace(/index \d+/, 'index 0'))
    expect(await verdictOf(page)).toContain('断在“证明路径”')
  })

  test('is judged by a trust file of one’s own, which stays here', async () => {
    const { gateway } = people
    const dir = temporaryFolder()
    const file = (name: string, content: unknown) => {
      writeFileSync(join(dir, name), JSON.stringify(content))
      return join(dir, name)
    }
    const own = file('trust.json', await gateway.trust())
    const { vkey } = logKey('gateway.yunting.example/log', 'another')
    const other = file('other.json', { log: [{ origin: 'gateway.yunting.example/log', vkey }] })
    const none = file('none.json', { keys: [] })
    const { page } = await open(record())
    await page.getByText('用自己的信任文件验证').click()
    const chooser = page.getByLabel('信任文件（trust.json）')
    await chooser.setInputFiles(own)
    expect(await verdictOf(page)).toMatch(/已验证[\s\S]*trust\.json/)
    await chooser.setInputFiles(other)
    expect(await page.getByRole('status').innerText()).toContain('尚未验证')
    expect(await verdictOf(page)).toContain('断在“检查点”')
    await chooser.setInputFiles(none)
    expect(await verdictOf(page)).toContain('不是信任文件')
  })

  test('error: a browser without Ed25519 says that it cannot, and calls no signature bad', async () => {
    const context = await reading()
    await context.addInitScript(() => {
      const { importKey } = crypto.subtle
      crypto.subtle.importKey = ((...given: Parameters<typeof importKey>) =>
        given[2] === 'Ed25519'
          ? Promise.reject(new DOMException('no', 'NotSupportedError'))
          : importKey.apply(crypto.subtle, given)) as typeof importKey
    })
    const page = await context.newPage()
    await page.goto(`${served.url}${record()}`)
    const verdict = await verdictOf(page)
    expect(verdict).toContain('此浏览器不能验证')
    expect(verdict).not.toContain('不通过')
  })

  test('without scripts there is the receipt to take along, and no button that does nothing', async () => {
    const { page } = await open(record(), { javaScriptEnabled: false })
    expect(await page.getByRole('button', { name: VERIFY }).isVisible()).toBe(false)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载记录与回执（JSON）' }).click(),
    ])
    expect(download.suggestedFilename()).toBe(`record-${answered}.json`)
  })

  test('is verified by keyboard alone', async () => {
    const { page } = await open(record())
    const button = page.getByRole('button', { name: VERIFY })
    for (let presses = 0; presses < 60; presses++) {
      if (await button.evaluate((one) => one === document.activeElement)) break
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.locator('[data-verdict="good"]').waitFor()
  })
})

describe.skipIf(isMissing)('an auditor', () => {
  test('finds a refusal by filters, opens it and comes back to what he looked for, without scripts', async () => {
    const { page } = await open('/console/log', { javaScriptEnabled: false })
    await page.getByLabel('类别').selectOption({ label: '拒绝' })
    await page.getByRole('button', { name: '查询' }).click()
    expect(page.url()).toContain('kind=refusal')
    await page.getByRole('link', { name: String(answered + 1), exact: true }).click()
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(`记录 ${answered + 1}`)
    await page.goBack()
    expect(page.url()).toContain('kind=refusal')
    await page.getByRole('link', { name: '去掉条件：类别：拒绝' }).click()
    expect(page.url()).not.toContain('kind')
  })

  test('is led to what is wrong with his filters', async () => {
    const { page } = await open('/console/log?first=9&last=3')
    const focused = () => page.evaluate(() => document.activeElement?.className)
    expect(await focused()).toContain('ds-error-summary')
    await page.getByRole('link', { name: /编号至/ }).click()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('last')
  })
})

const PAGES = [
  '/console/log',
  '/console/log?kind=refusal&caller=housing-bureau',
  '/console/log?kind=erasure',
  '/console/log?first=9&last=3&from=never',
  'answer',
  'refusal',
  'verified',
  'broken',
] as const

describe.skipIf(isMissing).each(['zh-CN', 'en'])('in %s', (locale) => {
  test.each(PAGES)('%s: axe finds nothing, light or dark; it fits 320 pixels', async (name) => {
    const path = name.startsWith('/') ? name : record(name === 'refusal' ? answered + 1 : answered)
    const { page } = await open(path, { locale, colorScheme: 'light' })
    if (name === 'broken') await alter(page, (html) => html.replace(/index \d+/, 'index 0'))
    if (name === 'verified' || name === 'broken') {
      await page.locator('#proof button').click()
      await page.locator('[data-verdict="unchecked"]').waitFor({ state: 'hidden' })
    }
    expect(['light', ...(await axe(page))]).toEqual(['light'])
    expect(['dark', ...(await axeInDark(page))]).toEqual(['dark'])
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate(sticksOut)).toEqual([])
  })

  test('printed, a record shows what it says and its receipt, and nothing to press', async () => {
    const { page } = await open(record(), { locale })
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#receipt').isVisible()).toBe(true)
    expect(await page.locator('#proof button').isVisible()).toBe(false)
    expect(await page.locator('nav:visible').count()).toBe(0)
  })
})

/** What makes a page scroll sideways; in the page. */
function sticksOut(): string[] {
  if (document.documentElement.scrollWidth <= innerWidth) return []
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120))
}
