import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { nodeOutbound } from '../../src/platform/outbound.ts'

const LIMITS = { timeoutMillis: 700, maxBytes: 1000 }
const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/jwt\r\n'

const running = new Set<{ close(): void }>()

afterEach(() => {
  for (const one of running) one.close()
  running.clear()
})

function outboundTo(...networks: string[]) {
  const outbound = nodeOutbound({ networks, plain: true })
  running.add(outbound)
  return outbound
}

/** Speaks bytes, not HTTP. @returns its address. */
async function speak(answer: (socket: Socket, asked: string) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('data', (part) => answer(socket, String(part)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  running.add({
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('no spelling of an address leads inside', () => {
  const inside = [
    ...['[::ffff:127.0.0.1]', '[::127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::7f00:1]'],
    ...['[fec0::1]', '[fe80::1]', '[3fff::1]', '[5f00::1]', '[2002:7f00:1::]'],
    ...['0x7f.1', '2130706433', '127.0.0.1.', '0', 'localhost', '①②⑦.0.0.1'],
  ]
  test.each(inside)('%s', async (host) => {
    const asked = outboundTo()(`http://${host}:1/`, 'x', LIMITS)
    await expect(asked).rejects.toThrow(/PROVIDER_NETWORKS|no address that may be reached/)
  })
})

describe('whatever bytes a provider sends, the asking ends', () => {
  const chunked = `${OK}transfer-encoding: chunked\r\n\r\n`
  test.each([
    ['an upgrade', 'invalid', 'HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nx'],
    ['no HTTP', 'down', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['a chunk of no length', 'down', `${chunked}3\r\nabc\r\nZZ`],
    [
      'two framings at once',
      'down',
      `${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n`,
    ],
    ['a header without end', 'down', `${OK}x: ${'a'.repeat(100_000)}`],
    ['trailers without end', 'down', `${chunked}0\r\n${'x: y\r\n'.repeat(100_000)}`],
    ['less than was announced', 'timeout', `${OK}content-length: 9\r\n\r\nabc`],
    ['early hints only', 'timeout', 'HTTP/1.1 103 Early\r\nlink: a\r\n\r\n'.repeat(1000)],
  ] as const)('%s → %s', async (_, how, bytes) => {
    const url = await speak((socket) => socket.write(bytes))
    const asked = outboundTo('127.0.0.0/8')(url, 'x', LIMITS)
    await expect(asked).rejects.toMatchObject({ name: 'ProviderFailure', how })
  })

  test('a second answer on the same connection is nobody’s', async () => {
    let connections = 0
    const url = await speak((socket, asked) => {
      if (asked.startsWith('POST')) connections += 1
      const evil = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil'
      socket.write(`${OK}content-length: 3\r\n\r\nabc${evil}`)
    })
    const outbound = outboundTo('127.0.0.0/8')
    for (let i = 0; i < 3; i++)
      expect(await outbound(url, 'x', LIMITS)).toMatchObject({ body: 'abc' })
    expect(connections).toBe(3)
  })
})

test('a provider that lets everybody hang holds up no other provider on the same host', async () => {
  const url = await speak((socket, asked) => {
    if (asked.startsWith('POST /quick')) socket.write(`${OK}content-length: 3\r\n\r\nabc`)
  })
  const outbound = outboundTo('127.0.0.0/8')
  const hanging = Array.from({ length: 64 }, () =>
    outbound(`${url}/slow`, 'x', LIMITS).catch((error) => error.how),
  )
  expect(await outbound(`${url}/quick`, 'x', LIMITS)).toMatchObject({ status: 200, body: 'abc' })
  expect(new Set(await Promise.all(hanging))).toEqual(new Set(['timeout']))
})
