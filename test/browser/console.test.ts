import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { peopleOf } from '../people.ts'
import { axe, axeInDark } from './axe.ts'
import { launch, serveApp } from './browser.ts'
import { CONSOLE_PAGES, prepareConsole } from './console-pages.ts'
import { signIn } from './signed-in.ts'
import { windows } from './visitor.ts'

const started = await launch()
const isMissing = typeof started === 'string'
const browser = started as Browser
const windowIn = windows(browser)
let gateway: TestGateway
let served: Awaited<ReturnType<typeof serveApp>>
let pathOf: Awaited<ReturnType<typeof prepareConsole>>

beforeAll(async () => {
  gateway = await openTestGateway()
  pathOf = await prepareConsole(gateway)
  served = await serveApp(gateway.app)
})

afterAll(async () => {
  if (!isMissing) await browser.close()
  await served.close()
  await checkWholeLog()
})

test.runIf(isMissing)(`SKIPPED, the console is not looked at: ${started}`, () => {})

/** Under `/console`, but no pages: what is saved as a file. */
const FILES: readonly string[] = ['/console/log/:number/:file']

test('no page of the console is missing from the list that is looked at', () => {
  const known = CONSOLE_PAGES.map(({ path }) => pathOf(path).split('?', 1)[0] as string)
  const mounted = gateway.app.routes
    .filter(({ method, path }) => method === 'GET' && /^\/console(?:$|\/)/.test(path))
    .map(({ path }) => path.replace(/\{[^}]*\}/g, ''))
  const routes = [...new Set(mounted)].filter((path) => !FILES.includes(path))
  const missing = routes.filter((route) => {
    const pattern = new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`)
    return !known.some((path) => pattern.test(path))
  })
  expect(routes.length).toBeGreaterThan(20)
  expect(missing).toEqual([])
})

describe.skipIf(isMissing).each(['zh-CN', 'en'])('in %s', (locale) => {
  test.each(CONSOLE_PAGES)(
    '$subject $path: axe finds nothing, light or dark; it fits 320 pixels',
    { timeout: 60_000 },
    async ({ subject, path, steppedUp = true }) => {
      // Who reads the log reads at a person's pace.
      if (path.startsWith('/console/log')) gateway.wait(60)
      const people = peopleOf(gateway)
      const page = await windowIn(locale)
      await signIn(page.context(), { url: served.url, people }, { subject, steppedUp })
      await page.goto(`${served.url}${pathOf(path)}`)
      expect(await page.locator('html').getAttribute('lang')).toBe(locale)
      expect(['light', ...(await axe(page))]).toEqual(['light'])
      expect(['dark', ...(await axeInDark(page))]).toEqual(['dark'])
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
    },
  )
})
