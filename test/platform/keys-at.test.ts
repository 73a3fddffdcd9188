import { describe, expect, onTestFinished, test } from 'vitest'
import { nodeOutbound } from '../../src/platform/outbound.ts'
import { workersOutbound } from '../../src/platform/workers-outbound.ts'
import { keysAt } from '../../src/registry/keys-at.ts'
import { serve } from '../provider.ts'

type Reach = { readonly networks: readonly string[]; readonly plain: boolean }

const HERE: Reach = { networks: ['127.0.0.0/8'], plain: true }
const KEYS = '{"keys":[]}'
const originOf = (address: string) => new URL(address).origin

describe.each([
  [
    'Node',
    (reach: Reach) => {
      const outbound = nodeOutbound(reach)
      onTestFinished(() => outbound.close())
      return keysAt(outbound.get)
    },
  ],
  ['Workers', (reach: Reach) => keysAt(workersOutbound(reach).get)],
] as const)('the keys at an address, on %s', (_, reaching) => {
  test('are read as they stand there, by one GET', async () => {
    const seen: string[] = []
    const address = await serve(({ method, url, headers }, response) => {
      seen.push(`${method} ${url} ${headers.accept}`)
      response.writeHead(200, { 'content-type': 'application/json' }).end(KEYS)
    })
    expect(await reaching(HERE)(`${originOf(address)}/jwks.json`)).toBe(KEYS)
    expect(seen).toEqual(['GET /jwks.json application/jwk-set+json, application/json'])
  })

  test.each([301, 302, 307, 404, 500])(
    'are none where it says %s, and nobody goes on',
    async (status) => {
      const seen: string[] = []
      const address = await serve(({ url = '' }, response) => {
        seen.push(url)
        response.writeHead(url === '/jwks' ? status : 200, { location: '/other' }).end(KEYS)
      })
      await expect(reaching(HERE)(`${originOf(address)}/jwks`)).rejects.toThrow(String(status))
      expect(seen).toEqual(['/jwks'])
    },
  )

  test('are no more than 64 KiB', async () => {
    const address = await serve((_, response) => {
      response.writeHead(200).end(' '.repeat(64 * 1024 + 1))
    })
    await expect(reaching(HERE)(address)).rejects.toMatchObject({ how: 'invalid' })
  })

  test.each(['127.0.0.1', 'localhost', '10.0.0.1', '169.254.169.254', '[::1]', '2130706433'])(
    'are not looked for at %s unless the operator allows it',
    async (host) => {
      const asked = reaching({ networks: [], plain: true })(`http://${host}:1/jwks.json`)
      await expect(asked).rejects.toThrow(/PROVIDER_NETWORKS|no address that may be reached/)
    },
  )

  test('are asked for over https only, in production', async () => {
    let visits = 0
    const address = await serve((_, response) => {
      visits += 1
      response.end(KEYS)
    })
    await expect(reaching({ ...HERE, plain: false })(address)).rejects.toThrow('https only')
    expect(visits).toBe(0)
  })

  test.each([
    ['a word', 'keys'],
    ['a file of this machine', 'file:///etc/passwd'],
    ['one with a password', 'https://me:secret@example.com/'],
    ['a very long one', `https://example.com/${'a'.repeat(2000)}`],
  ])('are not looked for at %s', async (_, address) => {
    await expect(reaching(HERE)(address)).rejects.toThrow()
  })
})

test('a slow drip of keys ends after five seconds', { timeout: 20_000 }, async () => {
  const address = await serve((_, response) => {
    response.writeHead(200).write(' ')
    const drip = setInterval(() => response.write(' '), 100)
    response.once('close', () => clearInterval(drip))
  })
  const outbound = nodeOutbound(HERE)
  onTestFinished(() => outbound.close())
  const began = performance.now()
  await expect(keysAt(outbound.get)(address)).rejects.toMatchObject({ how: 'timeout' })
  expect(performance.now() - began).toBeGreaterThan(4500)
})
