import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mianzheng, temporary } from './cli.ts'

const { dir, remove } = temporary()
afterAll(remove)

const HOME = fileURLToPath(new URL('../../', import.meta.url))

/** What a README shows of the demo's output. */
function excerptOf(readme: string): string {
  const [, excerpt] = /^```\n( +\d+ → \d+ [\s\S]*?)\n```$/m.exec(readme) ?? []
  if (!excerpt) throw new Error('the README shows nothing of the demo')
  return excerpt
}

type Told = {
  readonly ok: boolean
  readonly held: readonly unknown[]
  readonly service: Readonly<Record<'before' | 'proven' | 'statements', number>>
  readonly papers: readonly {
    readonly status: string
    readonly asked: readonly (Readonly<Record<string, unknown>> & { readonly evidence: string })[]
  }[]
}

describe('demo, the main job', () => {
  it('shows everything holding, in under 30 s, and leaves nothing behind', async () => {
    const startedAt = Date.now()
    const { code, out, err } = await mianzheng(['demo'], { env: { TMPDIR: dir } })
    // Where seeding takes longer than three seconds it says how far it is.
    const unexpected = err.replace(/^装入演示城市 seeding \d+\n/gm, '')
    expect({ code, unexpected }).toEqual({ code: 0, unexpected: '' })
    expect(Date.now() - startedAt).toBeLessThan(30_000)
    expect(out).toMatch(/11 → 3 .*8 份.*待工作人员核查 1 份，保留 2 份/)
    for (const readme of ['README.md', 'README.zh-CN.md'])
      expect(out).toContain(excerptOf(readFileSync(join(HOME, readme), 'utf8')))
    expect(out).toMatch(/snapshot [1-9]\d*，.*sql [1-9]\d*，.*http [1-9]/)
    expect(out).toMatch(/curl .* -d @request\.jws/)
    expect(out).toMatch(/UPDATE entry … WHERE idx = (\d+)[\s\S]*first bad index \1/)
    expect(out).toContain('refuses to start')
    expect(out).not.toContain('✗ NO')
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('demo --keep --json', () => {
  const kept = join(dir, 'kept')
  let told: Told

  beforeAll(async () => {
    const { code, out } = await mianzheng(['demo', '--keep', kept, '--json'])
    expect(code).toBe(0)
    told = JSON.parse(out) as Told
  })

  it('keeps evidence that verify accepts', async () => {
    const { ok, held, papers } = told
    expect(ok).toBe(true)
    expect(held.length).toBeGreaterThanOrEqual(9)
    const files = papers.flatMap(({ asked }) => asked.map(({ evidence }) => join(kept, evidence)))
    const trust = ['--trust', join(kept, 'trust.json')]
    expect((await mianzheng(['verify', ...files, ...trust])).code).toBe(0)
    expect(existsSync(join(kept, 'data', 'gateway.sqlite'))).toBe(true)
    expect((await mianzheng(['demo', '--keep', kept])).code).toBe(2)
  })

  it('counts the papers from the outcomes of this run: eleven before, three now', () => {
    const { service, papers } = told
    expect(service).toMatchObject({
      code: 'S04',
      before: 11,
      after: 3,
      proven: 8,
      pending: 1,
      kept: 2,
    })
    const standing = (status: string) => papers.filter((paper) => paper.status === status)
    expect(papers).toHaveLength(service.before)
    expect(standing('proven')).toHaveLength(service.proven)
    expect(standing('pending').flatMap(({ asked }) => asked)).toMatchObject([
      { item: 'LOW-02', way: 'officer', why: 'needs-officer', proven: true },
    ])
    expect(standing('citizen').map(({ asked }) => asked)).toEqual([[], []])
    for (const { asked } of standing('proven'))
      for (const one of asked) expect(one).toMatchObject({ verdict: 'proven', proven: true })
  })

  it('is answered through three connectors, and shows the statement of whom it asked by http', () => {
    const { service, papers } = told
    const answered = papers.flatMap(({ asked }) => asked).filter(({ outcome }) => outcome)
    const itemsBy = (way: string) => [
      ...new Set(answered.filter((one) => one.way === way).map(({ item }) => item)),
    ]
    expect(itemsBy('http')).toEqual(['SOC-01', 'VEH-01'])
    expect(itemsBy('sql')).toEqual(['HPF-01'])
    expect(itemsBy('snapshot')).toEqual(['ID-01', 'HK-01', 'MAR-01', 'RE-01', 'LOW-01'])
    const signed = answered.filter(({ providerStatement }) => providerStatement)
    expect(new Set(signed.map(({ way }) => way))).toEqual(new Set(['http']))
    expect(service.statements).toBe(signed.length)
  })
})
