import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { launch, serveApp } from './browser.ts'

/**
 * One gateway for a whole file, served, and a browser that looks at it. Where none can run, a test says so
 * aloud and the others are skipped by `isMissing`. Gateway and address are there once the tests run.
 *
 * @param what is then not looked at
 */
export async function servedCity(what: string) {
  const started = await launch()
  const isMissing = typeof started === 'string'
  const browser = started as Browser
  let gateway: TestGateway
  let served: Awaited<ReturnType<typeof serveApp>>
  beforeAll(async () => {
    gateway = await openTestGateway()
    served = await serveApp(gateway.app)
  })
  afterAll(async () => {
    if (!isMissing) await browser.close()
    await served.close()
    await checkWholeLog()
  })
  test.runIf(isMissing)(`SKIPPED, ${what} is not looked at: ${started}`, () => {})
  return {
    isMissing,
    browser,
    get gateway() {
      return gateway
    },
    get url() {
      return served.url
    },
  }
}
