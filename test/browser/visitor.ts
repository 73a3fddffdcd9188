import type { Browser, BrowserContext } from 'playwright-core'
import { onTestFinished } from 'vitest'

type Visit = NonNullable<Parameters<Browser['newContext']>[0]>

/** A visitor of his own: no cookies, gone after the test. */
export async function visitor(browser: Browser, options: Visit = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options })
  onTestFinished(() => context.close())
  return context
}
