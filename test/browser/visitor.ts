import type { Browser, BrowserContext, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

type Visit = NonNullable<Parameters<Browser['newContext']>[0]>

/** A visitor of his own: no cookies, gone after the test. */
export async function visitor(browser: Browser, options: Visit = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options })
  onTestFinished(() => context.close())
  return context
}

const DESK = { width: 1280, height: 720 }

/**
 * One window a language for whoever looks at page after page: light, as wide as a desk's, and without cookies
 * at the start of each. A process for every page would be half of the time that looking takes.
 */
export function windows(browser: Browser): (locale: string) => Promise<Page> {
  const open = new Map<string, Promise<Page>>()
  const opened = async (locale: string) => (await browser.newContext({ locale })).newPage()
  return async (locale) => {
    const opening = open.get(locale) ?? opened(locale)
    open.set(locale, opening)
    const page = await opening
    await page.context().clearCookies()
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize(DESK)
    return page
  }
}
