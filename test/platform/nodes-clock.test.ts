import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { leafText, parseLeaf } from '../../src/log/entry.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { serveGateway } from '../../src/platform/serve.ts'
import {
  type City,
  clusterForFile,
  configOf,
  copyOf,
  expectRetryable,
  expectSound,
  type Node,
  requestOf,
  send,
  sendUntilAnswered,
  startNode,
  withGateway,
} from './nodes.ts'

const HOUR_MILLIS = 3_600_000
/** How far the last leaf's time may be from the true one: clocks apart, and the test's own way to here. */
const ASTRAY_MILLIS = 20_000

const { cluster, describeNodes, nodes } = await clusterForFile()
const served: { stop(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(served.splice(0).map((one) => one.stop()))
})

/** A node in this process, whose clock can be set. */
async function startAstray(city: City, offset: number) {
  const own = { ...city, dir: copyOf(city.dir) }
  const clock = { offset }
  const reports: string[] = []
  const gateway = await openGateway(configOf(own), {
    clock: () => Date.now() + clock.offset,
    report: (event, fields) => void reports.push(`${event} ${JSON.stringify(fields)}`),
  })
  const serving = await serveGateway(gateway, { host: '127.0.0.1', port: 0 })
  served.push(serving)
  return { url: serving.url, clock, reports, log: gateway.deps.log }
}

async function isReady({ url }: Pick<Node, 'url'>): Promise<boolean> {
  return (await fetch(`${url}/readyz`)).status === 200
}

async function sizeOf(city: City): Promise<number> {
  return withGateway(city, async ({ deps }) => (await deps.store.readHead()).size)
}

describeNodes('a node whose clock is an hour off', () => {
  test.each([HOUR_MILLIS, -HOUR_MILLIS])(
    'by %i ms signs nothing and says so; the others go on, and the log keeps the right time',
    async (offset) => {
      const city = await cluster.city()
      const right = await startNode(city)
      nodes.push(right)
      const astray = await startAstray(city, offset)
      const size = await sizeOf(city)
      expect(await isReady(astray)).toBe(false)
      expect(astray.reports.join('\n')).toMatch(/log-not-ready.*the clock is -?\d+ ms away/)
      const requests = [requestOf(city), requestOf(city)]
      expectRetryable(await Promise.all(requests.map((one) => send(astray, one))))
      expect(astray.reports.join('\n')).toMatch(/error.*the clock is -?\d+ ms away/)
      expect(await sizeOf(city)).toBe(size)
      const answered = await Promise.all(requests.map((one) => sendUntilAnswered(right, one)))
      expect(await isReady(right)).toBe(true)
      await expectTime(city)

      astray.clock.offset = 0
      expect(await isReady(astray)).toBe(true)
      answered.push(await sendUntilAnswered(astray, requestOf(city)))
      await expectSound(city, answered)
    },
    60_000,
  )

  test('from one moment to the next, in service: it stops signing, and goes on when the clock is right again', async () => {
    const city = await cluster.city()
    const astray = await startAstray(city, 0)
    const answered = [await sendUntilAnswered(astray, requestOf(city))]
    astray.clock.offset = HOUR_MILLIS
    await pause(50)
    expectRetryable([await send(astray, requestOf(city))])
    await expect(recordOf(astray)).rejects.toThrow('not known to be durable')
    expect(astray.reports.join('\n')).toMatch(/log-append-failed.*the clock is -?\d+ ms away/)
    expect(await isReady(astray)).toBe(false)
    await expectTime(city)
    astray.clock.offset = 0
    answered.push(await sendUntilAnswered(astray, requestOf(city)))
    expect(await isReady(astray)).toBe(true)
    await expectSound(city, answered)
  }, 60_000)
})

/** Past every check that comes before it: the log itself judges the clock, under the head's lock. */
function recordOf({ log }: Awaited<ReturnType<typeof startAstray>>) {
  const change = { what: 'test', id: 'clock', hash: '' }
  return log.append({ leaf: (time) => leafText({ kind: 'registry', change }, time) })
}

async function expectTime(city: City): Promise<void> {
  const time = await withGateway(city, async ({ deps: { store } }) => {
    const { size } = await store.readHead()
    return parseLeaf(String(await store.readLeaf(size - 1))).time
  })
  expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(ASTRAY_MILLIS)
}
