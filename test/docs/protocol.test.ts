import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../../src/errors.ts'
import { type Served, served, temporary } from '../cli/cli.ts'
import { CLIENTS, run } from '../examples/clients.ts'
import { withBlocks } from './blocks.ts'

const FOLDER = new URL('../../docs/protocol/', import.meta.url)
const pageOf = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8')
const PAGES = ['README.zh-CN.md', 'README.md'] as const
const CURL = ['curl.zh-CN.md', 'curl.md'] as const

describe('docs/protocol', () => {
  test.each(PAGES)('%s shows what the vectors and the table of codes say', (name) => {
    expect(withBlocks(pageOf(name)), 'run: node --run docs').toBe(pageOf(name))
  })

  test('both languages show the same examples', () => {
    const shown = PAGES.map((name) =>
      [...pageOf(name).matchAll(/<!-- vector: ([a-z-]+) -->/g)].map(([, one = '']) =>
        one.replace(/-(zh|en)$/, ''),
      ),
    )
    expect(shown[0]).toEqual(shown[1])
    expect(shown[0]?.length).toBeGreaterThan(8)
    for (const name of PAGES)
      for (const code of Object.keys(ERRORS)) expect(pageOf(name)).toContain(`\`${code}\``)
  })

  test.each([...PAGES, ...CURL])('%s links to what there is', (name) => {
    for (const [, link = ''] of pageOf(name).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      const target = new URL(link, new URL(name, FOLDER))
      expect(() => readdirSync(new URL('.', target))).not.toThrow()
      if (!link.endsWith('/')) expect(() => readFileSync(target)).not.toThrow()
    }
  })
})

const blocksOf = (page: string) =>
  [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, sh = '']) => sh)

describe('curl and openssl alone: the commands of the page', () => {
  const why = CLIENTS.find(({ name }) => name === 'shell')?.missing()
  if (why) console.warn(`\n*** SKIPPED: docs/protocol/curl.md is not run here: ${why} ***\n`)
  const { dir, remove } = temporary()
  const data = join(dir, 'data')
  let gateway: Served

  beforeAll(async () => {
    if (!why) gateway = await served(data)
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    remove()
  })

  test('are the same in both languages', () => {
    expect(blocksOf(pageOf('curl.zh-CN.md'))).toEqual(blocksOf(pageOf('curl.md')))
  })

  /** Runs the page from top to bottom, with a liar's hand between asking and verifying. */
  async function follow(lie = '') {
    const commands = blocksOf(pageOf('curl.md')).map((block) =>
      block.includes('>evidence.json') ? `${block}${lie}\n` : block,
    )
    const key = join(data, 'demo-keys', 'service-centre.jwk.json')
    const begin = `set -eu\ncd ${dir}\nGATEWAY=${gateway.url}\nKEY=${key}\n`
    const script = join(dir, 'page.sh')
    writeFileSync(script, [begin, ...commands].join('\n'))
    return run(['sh', script])
  }

  test.skipIf(why)('ask, and prove the answer', async () => {
    const { code, out, err } = await follow()
    expect({ code, err: err.replaceAll(/^Verified.*\n/gm, '') }).toEqual({ code: 0, err: '' })
    const said = out.split('\n').filter((line) => /^(Verified|Bound|Included|Signature)/.test(line))
    expect(said).toEqual([
      'Verified OK',
      "Bound: entry, request and answer are one another's",
      'Included: the entry is in the log under this root',
      'Signature Verified Successfully',
    ])
  })

  const sed = (what: string) =>
    `sed -E '${what}' evidence.json >lie\nif cmp -s lie evidence.json; then exit 99; fi\nmv lie evidence.json`
  test.skipIf(why).each([
    ['the answer', sed('s/("answer":"[^"]*\\.[^"]{20}).../\\1_A_/'), /Verification failure|^$/],
    ['the entry', sed('s/(outcome..:..)ANSWERED/\\1NO_RECORD/'), /^Verified OK$/m],
    ['the index', sed('s/index [0-9]+/index 0/'), /^Bound/m],
    ['the root', sed('s/(\\\\n\\\\n[^ ]*\\\\n[0-9]+\\\\n)./\\1_/'), /^Bound/m],
    ['the signature of the log', sed('s/(\u2014 [^ ]* .{30})./\\1_/'), /^Included/m],
  ])('stop where %s was tampered with', async (_, lie, reached) => {
    const { code, out } = await follow(lie)
    expect(code).toBe(1)
    expect(out).toMatch(reached)
    expect(out).not.toContain('Signature Verified Successfully')
  })
})
