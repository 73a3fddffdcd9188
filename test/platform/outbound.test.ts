import { describe, expect, test } from 'vitest'
import { nodeOutbound } from '../../src/platform/outbound.ts'
import { serve } from '../provider.ts'

const LIMITS = { timeoutMillis: 2000, maxBytes: 1000 }

/** A machine on the loopback that counts who comes. @returns its port. */
async function listener(): Promise<{ port: string; came: () => number }> {
  let visits = 0
  const address = await serve((_, response) => {
    visits += 1
    response.writeHead(200, { 'content-type': 'application/jwt' }).end('said')
  })
  return { port: new URL(address).port, came: () => visits }
}

describe('asking a provider', () => {
  test.each([
    ['the loopback', '127.0.0.1'],
    ['a name that leads to it', 'localhost'],
    ['its number', '2130706433'],
    ['its short form', '127.1'],
    ['it inside an IPv6 address', '[::ffff:127.0.0.1]'],
    ['the IPv6 loopback', '[::1]'],
    ['any address of this machine', '0.0.0.0'],
  ])('never reaches %s unless it is allowed', async (_, host) => {
    const { port, came } = await listener()
    const outbound = nodeOutbound({ networks: ['10.20.0.0/16'], plain: true })
    await expect(outbound(`http://${host}:${port}/`, 'forward', LIMITS)).rejects.toMatchObject({
      name: 'ProviderFailure',
      how: 'down',
      message: expect.stringMatching(/PROVIDER_NETWORKS|may be reached/),
    })
    expect(came()).toBe(0)
    outbound.close()
  })

  test.each(['10.0.0.1', '169.254.169.254', '192.168.1.1', '[fd00::1]', '[fe80::1]'])(
    'does not try %s',
    async (host) => {
      const outbound = nodeOutbound({ networks: [], plain: true })
      const asked = outbound(`http://${host}/`, 'forward', LIMITS)
      await expect(asked).rejects.toThrow('the address is not in PROVIDER_NETWORKS')
      outbound.close()
    },
  )

  test('reaches what is allowed, by address and by name', async () => {
    const { port, came } = await listener()
    const outbound = nodeOutbound({ networks: ['127.0.0.0/8'], plain: true })
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await outbound(`http://${host}:${port}/`, 'forward', LIMITS)).toMatchObject({
        status: 200,
        body: 'said',
      })
    expect(came()).toBe(2)
    outbound.close()
  })

  test('goes over https only, in production', async () => {
    const { port, came } = await listener()
    const outbound = nodeOutbound({ networks: ['127.0.0.0/8'], plain: false })
    const asked = outbound(`http://127.0.0.1:${port}/`, 'forward', LIMITS)
    await expect(asked).rejects.toThrow('https only')
    expect(came()).toBe(0)
    outbound.close()
  })
})
