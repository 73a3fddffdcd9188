import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { VARIABLES } from '../../src/config.ts'

const HOME = fileURLToPath(new URL('../../', import.meta.url))

const pages = [
  'README.md',
  'README.zh-CN.md',
  'ARCHITECTURE.md',
  ...readdirSync(join(HOME, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
]
const read = (page: string) => readFileSync(join(HOME, page), 'utf8')
/** Without fenced code, where brackets are no links. */
const proseOf = (page: string) => read(page).replace(/^```[\s\S]*?^```/gm, '')
const linksOf = (page: string) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = '']) => to)
    .filter((to) => !/^[a-z]+:/.test(to))

/** As GitHub names the place of a heading. */
const anchorsOf = (page: string) =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe.each(pages)('%s', (page) => {
  test('leads only to what is there', () => {
    const broken = linksOf(page).filter((to) => {
      const [path = '', anchor] = to.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(HOME, target))) return true
      return anchor !== undefined && !anchorsOf(target).includes(decodeURIComponent(anchor))
    })
    expect(broken).toEqual([])
  })
})

describe.each([
  'docs/threat-model/README',
  ...['docs/operations/README', 'docs/operations/nodes', 'docs/operations/backup'],
])('%s', (page) => {
  const zh = read(`${page}.md`)
  const en = read(`${page}.en.md`)
  const shape = (text: string) => text.match(/^(#+|\||\d+\.|```)/gm)

  test('says the same in both languages, part by part', () => {
    expect(shape(en)).toEqual(shape(zh))
    const tests = (text: string) => [...text.matchAll(/test\/[\w./-]+/g)].map(([link]) => link)
    expect(tests(en)).toEqual(tests(zh))
  })

  test('names our commands and variables alike', () => {
    const codes = (text: string) => new Set(text.match(/`[A-Z_]{4,}`|`(?:keys|log) [a-z-]+/g))
    expect(codes(en)).toEqual(codes(zh))
  })
})

/** All that is said to operators, in one language each. */
const manual = (language: 'zh' | 'en') =>
  pages
    .filter((page) => page.startsWith('docs/operations/'))
    .filter((page) => /\.en\.md$/.test(page) === (language === 'en'))
    .map(read)
    .join('\n')

describe.each(['zh', 'en'] as const)('the manual (%s)', (language) => {
  test.each(VARIABLES)('documents %s', (name) => {
    expect(manual(language)).toContain(`| \`${name}\` |`)
  })

  test('explains every line that the gateway reports', () => {
    const sources = readdirSync(join(HOME, 'src'), { recursive: true, encoding: 'utf8' })
    const events = sources
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...read(`src/${name}`).matchAll(/\breport\(\s*'([\w-]+)'/g)])
      .map(([, event]) => event)
    expect(events.length).toBeGreaterThan(5)
    for (const event of events) expect(manual(language)).toContain(`| \`${event}\` |`)
  })
})
