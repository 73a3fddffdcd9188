import { connect, type Socket } from 'node:net'

/**
 * One keep-alive connection that sends ready bytes and reads whole responses. Hand-made, since the load
 * shares two cores with the gateway: a general client would be half of what is measured.
 */
export class Connection {
  private readonly socket: Socket
  private received: Buffer = Buffer.alloc(0)
  private waiting: ((response: Reply) => void) | undefined
  private failed: ((error: Error) => void) | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.take(chunk))
    socket.on('error', (error) => this.failed?.(error))
    socket.on('close', () => this.failed?.(new Error('connection closed')))
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket)))
      socket.once('error', reject)
    })
  }

  send(bytes: Uint8Array): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.waiting = resolve
      this.failed = reject
      this.socket.write(bytes)
    })
  }

  close(): void {
    this.failed = undefined
    this.socket.destroy()
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
    const end = this.received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.received.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (this.received.length < end + 4 + length) return
    const reply = {
      status: Number(head.slice(9, 12)),
      body: this.received.toString('utf8', end + 4, end + 4 + length),
    }
    this.received = this.received.subarray(end + 4 + length)
    this.waiting?.(reply)
  }
}

export type Reply = { readonly status: number; readonly body: string }

export function postBytes(url: string, jws: string, accept = '*/*'): Uint8Array {
  const { host } = new URL(url)
  return Buffer.from(
    `POST /v1/requests HTTP/1.1\r\nHost: ${host}\r\nAccept: ${accept}\r\nContent-Type: application/jwt\r\nContent-Length: ${jws.length}\r\n\r\n${jws}`,
  )
}
