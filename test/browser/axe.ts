import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const OF_COLOURS = ['color-contrast', 'link-in-text-block']

type Options = {
  readonly runOnly: { readonly type: 'tag' | 'rule'; readonly values: string[] }
  /** Of stylesheets, which only rules about layout read. */
  readonly preload?: false
}

/** What axe finds wrong with the page as it stands, one line a place; nothing where it is clean. */
export async function axe(page: Page): Promise<readonly string[]> {
  return found(page, { runOnly: { type: 'tag', values: TAGS } })
}

/**
 * The same in the dark, where nothing but the colours is another: the rules that judge colours. Those are the
 * same in every language, so a usual run looks at the Chinese pages; `AXE=all vitest run test/browser` at all.
 */
export async function axeInDark(page: Page): Promise<readonly string[]> {
  const isChinese = (await page.locator('html').getAttribute('lang')) === 'zh-CN'
  if (!isChinese && process.env.AXE !== 'all') return []
  await page.emulateMedia({ colorScheme: 'dark' })
  return found(page, { runOnly: { type: 'rule', values: OF_COLOURS }, preload: false })
}

async function found(page: Page, options: Options): Promise<readonly string[]> {
  // A page that was looked at in the light has it still.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(SOURCE)
  const { violations } = await page.evaluate<AxeResults, Options>(
    (given) =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        ...given,
        resultTypes: ['violations'],
      }),
    options,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`),
  )
}
