import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { readConfig } from '../src/config.ts'
import { openGateway } from '../src/platform/gateway.ts'
import { serveGateway } from '../src/platform/serve.ts'

/** The gateway under load: the product's own code, and a channel on which the bench asks for its CPU. */
export type Ask = { readonly ask: 'cpu' | 'main' | 'floor' | 'rss' | 'stop' }
export type Told =
  | { readonly told: 'ready'; readonly url: string }
  | { readonly told: 'value'; readonly value: number }

const IN_FLIGHT = 32
const FLOOR_PAIRS = 1500

const [, , DATA_DIR, DATABASE_URL] = process.argv
const gateway = await openGateway(readConfig({ DATA_DIR, DATABASE_URL, PORT: '0' }))
const serving = await serveGateway(gateway, { host: '127.0.0.1', port: 0 })
const floor = await floorMeter()
let peakRss = 0
setInterval(() => {
  peakRss = Math.max(peakRss, process.memoryUsage.rss())
}, 100).unref()

process.on('message', async ({ ask }: Ask) => {
  if (ask === 'cpu') tell(cpuMicros())
  // Of the one thread that answers: where it is busy all the time, no other core helps.
  if (ask === 'main') tell(sum(process.threadCpuUsage()))
  if (ask === 'floor') tell(await floor())
  if (ask === 'rss') tell(peakRss / 2 ** 20)
  if (ask === 'stop') {
    await serving.stop()
    process.exit(0)
  }
})
process.send?.({ told: 'ready', url: serving.url } satisfies Told)

function tell(value: number): void {
  process.send?.({ told: 'value', value } satisfies Told)
}

function cpuMicros(): number {
  return sum(process.cpuUsage())
}

function sum({ user, system }: NodeJS.CpuUsage): number {
  return user + system
}

/** CPU of one jose ES256 verify and one sign, 32 in flight: what no gateway can go below. */
async function floorMeter(): Promise<() => Promise<number>> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const sign = () =>
    new SignJWT({ iss: 'bench', aud: 'bench', jti: crypto.randomUUID(), text: 'x'.repeat(400) })
      .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'bench+jwt' })
      .sign(privateKey)
  const token = await sign()
  return async () => {
    const before = cpuMicros()
    let left = FLOOR_PAIRS
    const worker = async () => {
      while (left-- > 0) {
        await jwtVerify(token, publicKey)
        await sign()
      }
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
    return (cpuMicros() - before) / FLOOR_PAIRS
  }
}
