import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { seedDemo } from '../../src/platform/seed.ts'
import { launch, serveApp } from './browser.ts'
import { consoleShots, pageFor } from './console-shots.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'images')
const BYTES_MAX = 200 * 1024
const VIEW = { width: 1120, height: 760 }

/** Of the main pages; in the folder's language of Chinese unless the name says otherwise. */
const SHOTS = [
  { name: 'home', path: '/' },
  { name: 'guide', path: '/services/S04' },
  { name: 'catalog', path: '/catalog' },
  { name: 'item', path: '/items/ENT-01' },
  { name: 'not-demandable', path: `/not-demandable?q=${encodeURIComponent('健在证明')}` },
  { name: 'statistics', path: '/statistics' },
  { name: 'catalog-en', path: '/catalog', lang: 'en' },
  { name: 'guide-dark', path: '/services/S04', scheme: 'dark' },
] as const

const dir = mkdtempSync(join(tmpdir(), 'mianzheng-pictures-'))
const config = readConfig({ DATA_DIR: dir, ISSUER: 'https://gateway.yunting.example' })
/** A Monday morning, so that deadlines in the pictures stay what they are. */
const NOW = Date.parse('2026-11-23T10:00:00+08:00')
const began = Date.now()
const clock = () => NOW + Date.now() - began
const gateway = await openGateway(config, { report: () => {}, clock })
await seedDemo(gateway.deps, dir)
await gateway.deps.registry.refresh()
const app = createApp(gateway.deps, gateway.own)
const { url, close } = await serveApp(app)
const browser = await launch()
if (typeof browser === 'string') throw new Error(browser)
try {
  mkdirSync(FOLDER, { recursive: true })
  for (const { name, path, ...more } of SHOTS) {
    const locale = 'lang' in more ? more.lang : 'zh-CN'
    const colorScheme = 'scheme' in more ? more.scheme : 'light'
    const page = await browser.newPage({ viewport: VIEW, locale, colorScheme })
    await page.goto(`${url}${path}`)
    await keep(page, name)
  }
  for (const { name, subject, path, height = VIEW.height, first } of await consoleShots(
    gateway.deps,
    { app, dir },
  ))
    for (const locale of ['zh-CN', 'en']) {
      const options = { viewport: { ...VIEW, height }, locale, colorScheme: 'light' } as const
      const page = await pageFor({ deps: gateway.deps, browser, url }, subject, options)
      await page.goto(`${url}${path}`)
      await first?.(page)
      await keep(page, locale === 'en' ? `${name}-en` : name)
    }
} finally {
  await browser.close()
  await close()
  await gateway.close()
  rmSync(dir, { recursive: true, force: true })
}

async function keep(page: Page, name: string): Promise<void> {
  const file = join(FOLDER, `${name}.png`)
  await page.screenshot({ path: file })
  await page.close()
  const { size } = statSync(file)
  console.log(`${file} ${Math.round(size / 1024)} KB`)
  if (size > BYTES_MAX) throw new Error(`${file} is too large`)
}
