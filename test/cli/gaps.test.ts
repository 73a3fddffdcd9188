import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGateway } from '../../src/platform/gateway.ts'
import { seedDemo } from '../../src/platform/seed.ts'
import { type Serving, serveGateway } from '../../src/platform/serve.ts'
import { configOf } from '../harness.ts'
import { mianzheng, temporary } from './cli.ts'

const { dir, remove } = temporary()
let serving: Serving

beforeAll(async () => {
  const data = join(dir, 'data')
  const gateway = await openGateway(configOf(data), { report: () => {} })
  await seedDemo(gateway.deps, data)
  serving = await serveGateway(gateway, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await serving?.stop()
  remove()
})

const gaps = (...args: string[]) => mianzheng(['gaps', '--gateway', serving.url, ...args])
const cells = (line: string) => line.split('│').map((cell) => cell.trim())
const lineOf = (out: string, text: string) =>
  cells(out.split('\n').find((line) => line.includes(text)) ?? '')

describe('gaps', () => {
  it('lists every agency with its figures, in both languages', async () => {
    const { code, out } = await gaps()
    expect(code).toBe(0)
    expect(lineOf(out, '汀南区民政局').slice(2, 6)).toEqual(['2', '0', '2', expect.any(String)])
    expect(out).toContain('Tingnan District Civil Affairs Bureau')
  })

  it.each(['11990102MB99012861', '汀南区民政局', 'tingnan district civil'])(
    'tells of one agency, named as %s, what it could take over',
    async (asked) => {
      const { code, out } = await gaps(asked)
      expect(code).toBe(0)
      expect(lineOf(out, '最低生活保障申请').slice(2, 4)).toEqual(['S11', 'S11'])
      expect(out).toContain('云汀市民政局、芦洲县民政局')
      expect(out).toContain('Minimum-living allowance')
    },
  )

  it('with --json prints what the gateway says, nothing else', async () => {
    expect(JSON.parse((await gaps('--json')).out).agencies.length).toBeGreaterThan(20)
    const one = JSON.parse((await gaps('芦洲县民政局', '--json')).out)
    expect(one.agency.uscc).toBe('11990121MB9901315W')
  })

  it.each([
    ['没有这个局', '可看：'],
    ['民政局', '不止一个：'],
    ['', '不止一个：'],
  ])('%s is no agency, and is said so', async (asked, said) => {
    const ran = await gaps(asked)
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' })
    expect(ran.err).toContain(said)
    expect(ran.err).not.toContain('    at ')
  })
})
