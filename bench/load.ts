import { readFileSync } from 'node:fs'
import { CompactSign, importJWK } from 'jose'
import { Connection, postBytes } from './client.ts'
import { RESIDENTS, subjects } from './subjects.ts'

/** The caller, in a process of its own: signs beforehand, then sends as told. */
export type Order =
  | {
      readonly order: 'sign'
      readonly count: number
      readonly issuer: string
    }
  | { readonly order: 'take'; readonly count: number }
  | {
      readonly order: 'closed'
      /** The nodes, which get the connections in turn. */
      readonly urls: readonly string[]
      readonly connections: number
      readonly millis: number
    }
  | {
      readonly order: 'open'
      readonly url: string
      readonly perSecond: number
      readonly millis: number
    }

export type Result = {
  readonly answers: number
  readonly errors: number
  readonly millis: number
  readonly latencies: readonly number[]
}

const OPEN_CONNECTIONS = 64
const SIGNING_IN_FLIGHT = 64
const jwk = JSON.parse(readFileSync(process.argv[2] as string, 'utf8'))
const key = await importJWK(jwk, jwk.alg)
const people = subjects(Number(process.argv[3] ?? RESIDENTS))
const ready: string[] = []

const NOTHING: Result = { answers: 0, errors: 0, millis: 0, latencies: [] }

process.on('message', async (order: Order) => {
  if (order.order === 'take')
    process.send?.({ requests: Array.from({ length: order.count }, next) })
  if (order.order === 'closed') process.send?.(await closed(order))
  if (order.order === 'open') process.send?.(await open(order))
  if (order.order !== 'sign') return
  await sign(order)
  process.send?.(NOTHING)
})

async function sign({ count, issuer }: { count: number; issuer: string }): Promise<void> {
  const encoder = new TextEncoder()
  const worker = async () => {
    while (ready.length < count) {
      const person = people.next().value
      const iat = Math.floor(Date.now() / 1000)
      const claims = {
        iss: 'housing-bureau',
        aud: issuer,
        iat,
        exp: iat + 300,
        jti: crypto.randomUUID(),
        ...person,
      }
      ready.push(
        await new CompactSign(encoder.encode(JSON.stringify(claims)))
          .setProtectedHeader({ alg: jwk.alg, kid: jwk.kid, typ: 'assistance-request+jwt' })
          .sign(key),
      )
    }
  }
  await Promise.all(Array.from({ length: SIGNING_IN_FLIGHT }, worker))
}

function next(): string {
  const jws = ready.pop()
  if (!jws) throw new Error('too few requests were signed beforehand')
  return jws
}

async function closed({
  urls,
  connections,
  millis,
}: {
  urls: readonly string[]
  connections: number
  millis: number
}): Promise<Result> {
  const end = performance.now() + millis
  const start = performance.now()
  const tally = new Tally()
  await Promise.all(
    Array.from({ length: connections }, async (_, i) => {
      const url = urls[i % urls.length] as string
      const connection = await Connection.open(url)
      while (performance.now() < end) {
        const sent = performance.now()
        const { status } = await connection.send(postBytes(url, next()))
        tally.note(status, performance.now() - sent)
      }
      connection.close()
    }),
  )
  return tally.result(performance.now() - start)
}

/** Open loop: requests start on the clock, and latency counts from when each should have started. */
async function open({
  url,
  perSecond,
  millis,
}: {
  url: string
  perSecond: number
  millis: number
}): Promise<Result> {
  const idle = await Promise.all(
    Array.from({ length: OPEN_CONNECTIONS }, () => Connection.open(url)),
  )
  const all = [...idle]
  const tally = new Tally()
  const start = performance.now()
  const total = Math.floor((perSecond * millis) / 1000)
  const due: number[] = []
  let started = 0
  let finished = 0
  await new Promise<void>((resolve) => {
    const pump = () => {
      // In turn: the gateway closes what was idle for five seconds.
      for (let connection = idle.shift(); connection; connection = idle.shift()) {
        const at = due.shift()
        if (at === undefined) {
          idle.push(connection)
          return
        }
        const used = connection
        void used.send(postBytes(url, next())).then(({ status }) => {
          tally.note(status, performance.now() - at)
          idle.push(used)
          finished += 1
          if (finished === total) resolve()
          else pump()
        })
      }
    }
    const timer = setInterval(() => {
      const shouldHave = Math.min(
        total,
        Math.floor(((performance.now() - start) * perSecond) / 1000),
      )
      for (; started < shouldHave; started++) due.push(start + (started * 1000) / perSecond)
      pump()
      if (started === total) clearInterval(timer)
    }, 1)
  })
  for (const connection of all) connection.close()
  return tally.result(performance.now() - start)
}

class Tally {
  private readonly latencies: number[] = []
  private errors = 0

  note(status: number, millis: number): void {
    if (status === 200) this.latencies.push(millis)
    else this.errors += 1
  }

  result(millis: number): Result {
    return {
      answers: this.latencies.length,
      errors: this.errors,
      millis,
      latencies: this.latencies,
    }
  }
}
