import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mianzheng, temporary } from './cli.ts'

const { dir, remove } = temporary()
afterAll(remove)

describe('demo, the main job', () => {
  it('shows everything holding, in under 30 s, and leaves nothing behind', async () => {
    const startedAt = Date.now()
    const { code, out, err } = await mianzheng(['demo'], { env: { TMPDIR: dir } })
    // Where seeding takes longer than three seconds it says how far it is.
    const unexpected = err.replace(/^装入演示城市 seeding \d+\n/gm, '')
    expect({ code, unexpected }).toEqual({ code: 0, unexpected: '' })
    expect(Date.now() - startedAt).toBeLessThan(30_000)
    for (const item of ['ID-01', 'HK-01', 'MAR-01', 'RE-01', 'ENT-01']) expect(out).toContain(item)
    expect(out).toMatch(/curl .* -d @request\.jws/)
    expect(out).toMatch(/UPDATE entry … WHERE idx = (\d+)[\s\S]*first bad index \1/)
    expect(out).toContain('refuses to start')
    expect(out).not.toContain('✗ NO')
    expect(readdirSync(dir)).toEqual([])
  })

  it('keeps evidence that verify accepts, and gives one object with --json', async () => {
    const kept = join(dir, 'kept')
    const { code, out } = await mianzheng(['demo', '--keep', kept, '--json'])
    expect(code).toBe(0)
    const { ok, held, family } = JSON.parse(out)
    expect(ok).toBe(true)
    expect(held.length).toBeGreaterThanOrEqual(7)
    const files = family.map(({ name }: { name: string }) => join(kept, 'evidence', `${name}.json`))
    const trust = ['--trust', join(kept, 'trust.json')]
    expect((await mianzheng(['verify', ...files, ...trust])).code).toBe(0)
    expect(existsSync(join(kept, 'data', 'gateway.sqlite'))).toBe(true)
    expect((await mianzheng(['demo', '--keep', kept])).code).toBe(2)
  })
})
