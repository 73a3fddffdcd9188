import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGateway } from '../../src/platform/gateway.ts'
import { seedDemo } from '../../src/platform/seed.ts'
import { type Serving, serveGateway } from '../../src/platform/serve.ts'
import { configOf } from '../harness.ts'
import { applyServices, MOVING } from '../service-items.ts'
import { mianzheng, temporary } from './cli.ts'

const { dir, remove } = temporary()
let serving: Serving

beforeAll(async () => {
  const data = join(dir, 'data')
  const gateway = await openGateway(configOf(data), { report: () => {} })
  await seedDemo(gateway.deps, data)
  await applyServices(gateway.deps, [MOVING])
  serving = await serveGateway(gateway, { host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await serving?.stop()
  remove()
})

const services = (...args: string[]) => mianzheng(['services', '--gateway', serving.url, ...args])
/** The cells of a table's row; what is drawn between them aside. */
const cells = (line: string) => line.split('│').map((cell) => cell.trim())

describe('services', () => {
  it('lists papers before and after, in both languages, with their total', async () => {
    const { code, out } = await services()
    expect(code).toBe(0)
    const row = out.split('\n').find((line) => line.includes('T01 迁居登记')) ?? ''
    expect(cells(row)).toEqual(['', 'T01 迁居登记', '7', '3', '1', '2', '1', '2', ''])
    expect(out).toContain('Registration of a move')
    expect(out).toContain('合计 Total')
  })

  it('tells of one service what became of each paper, and what stands for it', async () => {
    const { code, out } = await services('T01')
    expect(code).toBe(0)
    expect(out).toContain('原 7 份，现 2 份。')
    expect(out).toContain('7 papers before, 2 now.')
    const row = out.split('\n').find((line) => line.includes('同住亲属证明')) ?? ''
    expect(cells(row)[2]).toBe('待人工核查 pending')
    for (const text of [
      'HK-01 户籍登记信息查询',
      '告知承诺 declared',
      '取消 abolished',
      '保留 kept',
    ])
      expect(out).toContain(text)
  })

  it('with --json prints what the gateway says, nothing else', async () => {
    const list = JSON.parse((await services('--json')).out)
    expect(list).toMatchObject({ services: expect.any(Array), total: expect.any(Object) })
    const one = JSON.parse((await services('T01', '--json')).out)
    expect(one).toMatchObject({ code: 'T01', counts: { before: 7, after: 2 } })
  })

  it.each(['S99', '../items', 'T01?x='])('%s is no service, and is said so', async (code) => {
    const ran = await services(code)
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: '' })
    expect(ran.err).toMatch(/^错误：没有服务事项 .*可看：[ST]\d\d/)
    expect(ran.err).not.toContain('    at ')
  })

  it('says plainly when nothing answers', async () => {
    const ran = await mianzheng(['services', '--gateway', 'http://127.0.0.1:9'])
    expect(ran.code).toBe(1)
    expect(ran.err).toContain('npm start')
  })
})
