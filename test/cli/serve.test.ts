import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mianzheng, served, temporary } from './cli.ts'

const { dir, remove } = temporary()
const data = join(dir, 'data')
afterAll(remove)

describe('serve', () => {
  it('does not bind a data folder to a port that it cannot have', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const { code, err } = await mianzheng(['serve', '--data', data], { env: { PORT: `${port}` } })
    holder.close()
    expect(code).toBe(2)
    expect(err).toContain(`Port ${port} is in use`)
    expect(existsSync(data)).toBe(false)
  })

  it('answers from its first moment, and says what a stale folder needs', async () => {
    expect((await mianzheng(['seed', '--data', data])).code).toBe(0)
    const old = new Date(Date.now() - 60 * 86_400_000).toISOString()
    const csv = 'seed/registers/marriage.csv'
    await mianzheng(['import', 'marriage', csv, '--data', data, '--as-of', old])
    const gateway = await served(data)
    expect(gateway.stale).toEqual(['marriage'])
    const args = ['ask', '--gateway', gateway.url, '--data', data, '--json', '--example']
    const { out } = await mianzheng([...args, 'family-4-marriage'])
    expect(JSON.parse(out).said.outcome).toBe('UNDETERMINED')
    expect(await gateway.stop()).toBe(0)
    expect(gateway.remarks()).toContain('mianzheng seed')
    expect(gateway.remarks()).toContain(`issuer ${gateway.issuer}`)
  })

  it('serves metrics on a port of their own, and one line a request where it is told so', async () => {
    const env = { SEED: 'none', METRICS_PORT: '0', LOG_REQUESTS: 'on' }
    const gateway = await served(join(dir, 'watched'), env)
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(404)
    const metrics = await (await fetch(String(gateway.metricsUrl))).text()
    expect(metrics).toContain('mianzheng_build_info{version="0.1.0",engine="sqlite"} 1')
    expect(metrics).toMatch(/^process_cpu_seconds_total /m)
    expect(await gateway.stop()).toBe(0)
    const lines = gateway
      .remarks()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    const said = lines.map((line) => JSON.parse(line))
    const [{ at: _, millis: __, trace, ...line }] = said
    const route = { method: 'GET', route: '/metrics', status: 404, code: 'not-found' }
    expect(line).toEqual({ level: 'info', event: 'request', ...route })
    expect(trace).toMatch(/^[0-9a-f]{32}$/)
  })

  it('seeds nothing when it is told so', async () => {
    const bare = await served(join(dir, 'bare'), { SEED: 'none' })
    const response = await fetch(`${bare.url}/v1/catalog/items`)
    expect(await response.json()).toMatchObject({ items: [], total: 0 })
    expect(bare.remarks()).toContain('mianzheng calendar load')
    expect(await bare.stop()).toBe(0)
  })
})
