import { describe, expect, test } from 'vitest'
import { workersOutbound } from '../../src/platform/workers-outbound.ts'
import { serve } from '../provider.ts'

const LIMITS = { timeoutMillis: 2000, maxBytes: 1000 }
const allowed = workersOutbound({ networks: ['127.0.0.0/8'], plain: true })

describe('asking a provider over fetch', () => {
  test('brings back what it said', async () => {
    const address = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'application/jwt' })
      response.end(`${request.method} ${request.headers['content-type']}`)
    })
    expect(await allowed(address, 'forward', LIMITS)).toEqual({
      status: 200,
      contentType: 'application/jwt',
      body: 'POST application/jwt',
    })
  })

  test('follows no redirect', async () => {
    let visits = 0
    const address = await serve((_, response) => {
      visits += 1
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect((await allowed(address, 'forward', LIMITS)).status).toBe(307)
    expect(visits).toBe(1)
  })

  test('reads no more than it may', async () => {
    const address = await serve((_, response) => {
      response.writeHead(200).end('x'.repeat(1001))
    })
    await expect(allowed(address, 'forward', LIMITS)).rejects.toMatchObject({ how: 'invalid' })
  })

  test('has one clock to the last byte: a slow drip gains nothing', async () => {
    const address = await serve((_, response) => {
      response.writeHead(200).write('a')
      const drip = setInterval(() => response.write('a'), 20)
      response.once('close', () => clearInterval(drip))
    })
    const asked = allowed(address, 'forward', { ...LIMITS, timeoutMillis: 200 })
    await expect(asked).rejects.toMatchObject({ how: 'timeout' })
  })

  test('who is not there is down', async () => {
    const asked = allowed('http://127.0.0.1:1/', 'forward', LIMITS)
    await expect(asked).rejects.toMatchObject({ how: 'down' })
  })

  test.each([
    '10.0.0.1',
    '169.254.169.254',
    '127.0.0.1',
    '2130706433',
    '[::1]',
    'localhost',
    '[fd00::1]',
  ])('does not try %s unless it is allowed', async (host) => {
    const closed = workersOutbound({ networks: [], plain: true })
    await expect(closed(`http://${host}/`, 'forward', LIMITS)).rejects.toThrow('PROVIDER_NETWORKS')
  })

  test('goes over https only, in production', async () => {
    const strict = workersOutbound({ networks: ['127.0.0.0/8'], plain: false })
    await expect(strict('http://127.0.0.1/', 'forward', LIMITS)).rejects.toThrow('https only')
  })
})
