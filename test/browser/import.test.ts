import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { peopleOf } from '../people.ts'
import { utf8 } from '../sheets.ts'
import { axe } from './axe.ts'
import { servedCity } from './city.ts'
import { signedIn } from './signed-in.ts'

const city = await servedCity('the import')
const { isMissing } = city

/** Light, dark, and narrow. */
async function look(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  expect(['light', ...(await axe(page))]).toEqual(['light'])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(['dark', ...(await axe(page))]).toEqual(['dark'])
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  if (size) await page.setViewportSize(size)
}

const FILE = {
  name: '改动.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(
    utf8('事项编码,费用（中文）\nMAR-01,免费\nCRE-01,不收费\nID-01,免费\nELD-01,\n,x\n'),
  ),
}

describe.skipIf(isMissing)('an admin brings a file', { timeout: 60_000 }, () => {
  test.each([
    ['zh-CN', /看看每一行/, /只存为草稿/, '不能用 3'],
    ['en', /See what becomes/, /Only save/, 'Not usable 3'],
  ] as const)('in %s: axe finds nothing on the way', async (locale, see, keep, refused) => {
    const people = peopleOf(city.gateway)
    const options = { locale, colorScheme: 'light' } as const
    const context = await signedIn({ ...city, people }, 'ding', options)
    const page = await context.newPage()
    await page.goto(`${city.url}/console/import?kind=items`)
    await page.getByRole('button', { name: see }).click()
    await look(page)
    await page.locator('input[type=file]').setInputFiles(FILE)
    await page.getByRole('button', { name: see }).click()
    await page.getByRole('button', { name: refused }).click()
    expect(await page.locator('tbody tr').count()).toBe(3)
    await look(page)
    await page.getByRole('button', { name: /^(全部|All)/ }).click()
    for (const summary of await page.locator('main summary').all()) await summary.click()
    await look(page)
    const isFirst = (await page.getByRole('button', { name: keep }).count()) > 0
    if (locale === 'zh-CN') {
      await page.getByRole('button', { name: keep }).click()
      await look(page)
      await page.getByRole('link', { name: 'MAR-01' }).click()
      expect(page.url()).toMatch(/\/console\/proposals\/[0-9a-f-]{36}$/)
    } else expect(isFirst).toBe(false)
    await context.close()
  })

  test('the catalogue’s export comes back unchanged, without scripts', async () => {
    const people = peopleOf(city.gateway)
    const options = { locale: 'zh-CN', acceptDownloads: true, javaScriptEnabled: false }
    const context = await signedIn({ ...city, people }, 'ding', options)
    const page = await context.newPage()
    await page.goto(`${city.url}/catalog?q=婚姻`)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '导出：XLSX' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('协助事项-2026-11-23.xlsx')
    await page.goto(`${city.url}/console/import`)
    await page.locator('input[type=file]').setInputFiles(await download.path())
    await page.getByRole('button', { name: /看看每一行/ }).click()
    await page.getByText('没有要提出的').waitFor()
    await context.close()
  })
})
