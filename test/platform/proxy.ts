import type { AddressInfo } from 'node:net'
import { createServer, type Socket, connect as tcpConnect } from 'node:net'

/** A message of the client in PostgreSQL's protocol 3: its type byte, and what follows the length. */
export type Message = { readonly type: string; readonly body: Buffer }

/**
 * What becomes of a client's message: `pass`; `cut` the connection before it arrives; `pass-then-cut`
 * lets the server commit and cuts when it says so, which is not delivered; `hold` keeps it, and
 * all that follows in either direction, with both ends left open.
 */
export type Fate = 'pass' | 'cut' | 'pass-then-cut' | 'hold'
export type Judge = (message: Message) => Fate

export type DatabaseProxy = {
  /** The same address by way of the proxy. */
  readonly url: string
  /** From now on; each message of each connection is shown to it. Undefined: all pass. */
  judge(judge: Judge | undefined): void
  /** The network takes everything and delivers nothing, of old and of new connections. */
  blackHole(): void
  /** What was held is lost with its connections; new ones are served. */
  heal(): void
  close(): Promise<void>
}

type Pair = { readonly client: Socket; readonly server: Socket; isHeld: boolean }

/** Between a gateway and its database, on the level of the protocol's messages. */
export async function startProxy(target: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<Pair>()
  let judge: Judge = () => 'pass'
  let isHole = false
  const listener = createServer((client) => {
    const server = tcpConnect(Number(port), hostname)
    const pair: Pair = { client, server, isHeld: isHole }
    pairs.add(pair)
    const drop = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    let isLast = false
    const split = messages((message, bytes) => {
      if (pair.isHeld || isLast) return
      const fate = message ? judge(message) : 'pass'
      if (fate === 'cut') return drop()
      if (fate === 'hold') {
        pair.isHeld = true
        return
      }
      isLast = fate === 'pass-then-cut'
      server.write(bytes)
    })
    client.on('data', split)
    server.on('data', (bytes) => {
      if (isLast) {
        if (bytes.includes('COMMIT\0')) drop()
      } else if (!pair.isHeld) client.write(bytes)
    })
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', drop)
      // A held pair keeps its other end, as a network that delivers nothing would.
      socket.on('close', () => pair.isHeld || drop())
    }
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.port = String((listener.address() as AddressInfo).port)
  const cutHeld = () => {
    for (const pair of pairs)
      if (pair.isHeld) {
        pairs.delete(pair)
        pair.client.destroy()
        pair.server.destroy()
      }
  }
  return {
    url: url.href,
    judge: (next) => {
      judge = next ?? (() => 'pass')
    },
    blackHole: () => {
      isHole = true
      for (const pair of pairs) pair.isHeld = true
    },
    heal: () => {
      isHole = false
      cutHeld()
    },
    close: async () => {
      for (const pair of pairs) pair.isHeld = true
      cutHeld()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

/** Whether it is this simple query. */
export function isQuery({ type, body }: Message, text: string): boolean {
  return type === 'Q' && body.toString().replace(/\0$/, '') === text
}

/** Whether it runs this prepared statement. */
export function isBindOf({ type, body }: Message, statement: string): boolean {
  return type === 'B' && body.toString('latin1').split('\0')[1] === statement
}

const LENGTH_BYTES = 4

/** The first message has no type byte; it is passed on as undefined. */
function messages(take: (message: Message | undefined, bytes: Buffer) => void) {
  let rest = Buffer.alloc(0)
  let isFirst = true
  return (part: Buffer): void => {
    rest = Buffer.concat([rest, part])
    for (;;) {
      const typed = isFirst ? 0 : 1
      if (rest.length < typed + LENGTH_BYTES) return
      const end = typed + rest.readUInt32BE(typed)
      if (rest.length < end) return
      const bytes = rest.subarray(0, end)
      rest = rest.subarray(end)
      const body = bytes.subarray(typed + LENGTH_BYTES)
      take(isFirst ? undefined : { type: String.fromCharCode(bytes[0] as number), body }, bytes)
      isFirst = false
    }
  }
}
