import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { closeOrphans } from '../../src/exchange/intend.ts'
import {
  type City,
  clusterForFile,
  expectRetryable,
  expectSound,
  kindsOf,
  type Node,
  requestOf,
  send,
  sendUntilAnswered,
  startLoad,
  startNode,
  startVehicles,
  until,
  withGateway,
} from './nodes.ts'
import {
  type DatabaseProxy,
  type Fate,
  isBindOf,
  isQuery,
  type Judge,
  type Message,
  startProxy,
} from './proxy.ts'

/** Others wait no longer for a node that stalls while it holds the head. */
const STALL_MILLIS = 3000
/** By when an intent of now no longer claims its request. */
const LEASE_MILLIS = 61_000

const { cluster, describeNodes, nodes } = await clusterForFile()
const proxies: DatabaseProxy[] = []

afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()))
})

/** One node that reaches its database by way of a proxy, and one that does not. */
async function pairOf(city: City): Promise<{ near: Node; far: Node; proxy: DatabaseProxy }> {
  const proxy = await startProxy(city.url)
  proxies.push(proxy)
  const [near, far] = await Promise.all([startNode(city), startNode(city, { url: proxy.url })])
  nodes.push(near, far)
  return { near, far, proxy }
}

/** The n-th such message has this fate; all others pass. */
function fateOf(isSuch: (message: Message) => boolean, fate: Fate, nth = 1) {
  const met = { count: 0 }
  const judge: Judge = (message) => {
    if (!isSuch(message)) return 'pass'
    met.count += 1
    return met.count === nth ? fate : 'pass'
  }
  return { judge, met }
}

const isCommit = (message: Message) => isQuery(message, 'COMMIT')

describeNodes('the connection of a node that commits', () => {
  test.each([
    { what: 'cut after COMMIT was carried out, unconfirmed', fate: 'pass-then-cut', isDone: true },
    { what: 'cut before COMMIT arrived', fate: 'cut', isDone: false },
  ] as const)(
    'is $what: 503, and the retry gets the one answer there is',
    async ({ fate, isDone }) => {
      const city = await cluster.city()
      const { near, far, proxy } = await pairOf(city)
      await sendUntilAnswered(far, requestOf(city))
      const { judge, met } = fateOf(isCommit, fate)
      proxy.judge(judge)
      const request = requestOf(city)
      const refused = await send(far, request)
      expectRetryable([refused])
      expect(met.count).toBe(1)
      expect(await kindsOf(city, request)).toEqual(isDone ? ['exchange'] : [])
      const [one, other] = await Promise.all(
        [far, near].map((node) => sendUntilAnswered(node, request)),
      )
      expect(other?.text).toBe(one?.text)
      expect(await kindsOf(city, request)).toEqual(['exchange'])
      await expectSound(
        city,
        [one, other].flatMap((sent) => sent ?? []),
      )
    },
    60_000,
  )

  test('is cut after COMMIT of an intent: the provider was not asked, and is once the claim is over', async () => {
    const city = await cluster.city()
    const vehicles = await startVehicles(city)
    const { near, far, proxy } = await pairOf(city)
    proxy.judge(fateOf(isCommit, 'pass-then-cut').judge)
    const request = requestOf(city, 'vehicle-one')
    expectRetryable([await send(far, request)])
    expect(vehicles.calls.count).toBe(0)
    expect(await kindsOf(city, request)).toEqual(['intent'])
    const over = Date.now() + LEASE_MILLIS
    expect(await withGateway(city, ({ deps }) => closeOrphans(deps, over))).toBe(1)
    const answer = await sendUntilAnswered(near, request)
    expect(vehicles.calls.count).toBe(1)
    expect(await kindsOf(city, request)).toEqual(['intent', 'intent', 'exchange'])
    await expectSound(city, [answer])
  }, 60_000)

  test('is cut after COMMIT of the answer: the provider is asked once, and all nodes have its one answer', async () => {
    const city = await cluster.city()
    const vehicles = await startVehicles(city)
    const { near, far, proxy } = await pairOf(city)
    proxy.judge(fateOf(isCommit, 'pass-then-cut', 2).judge)
    const request = requestOf(city, 'vehicle-one')
    expectRetryable([await send(far, request)])
    const answer = await sendUntilAnswered(near, request)
    expect((await sendUntilAnswered(far, request)).text).toBe(answer.text)
    expect(vehicles.calls.count).toBe(1)
    expect(await kindsOf(city, request)).toEqual(['intent', 'exchange'])
    await expectSound(city, [answer])
  }, 60_000)

  test('delivers nothing between lock and commit: the others go on within seconds, and so does the node later', async () => {
    const city = await cluster.city()
    const { near, far, proxy } = await pairOf(city)
    const loading = startLoad(city, [near])
    const { answered } = loading.load
    await sendUntilAnswered(far, requestOf(city))
    await until(() => answered.length > 20, 'answers')
    const { judge, met } = fateOf((message) => isBindOf(message, 'insert-entry'), 'hold')
    proxy.judge(judge)
    const request = requestOf(city)
    const stalled = send(far, request)
    await until(() => met.count > 0, 'the stall')
    const before = answered.length
    // Those that came before it are released; the next one waits until it is cut off.
    await pause(300)
    const waited = await until(() => answered.length > before + 8, 'the others')
    process.stderr.write(`the others waited ${Math.round(waited + 300)} ms for a stalled node\n`)
    expect(waited).toBeLessThan(STALL_MILLIS)
    expectRetryable([await stalled])
    proxy.heal()
    proxy.judge(undefined)
    const again = await sendUntilAnswered(far, request)
    const load = await loading.end()
    expectRetryable(load.refused)
    await expectSound(city, [...load.answered, again], load.shown)
  }, 60_000)

  test('stops between two halves of a statement that has locked a bucket: others are not kept out', async () => {
    const city = await cluster.city()
    const { near, far, proxy } = await pairOf(city)
    await Promise.all([near, far].map((node) => sendUntilAnswered(node, requestOf(city))))
    await pause(1100)
    let isNext = false
    proxy.judge((message) => {
      if (isBindOf(message, 'borrow')) isNext = true
      return isNext && message.type === 'S' ? 'hold' : 'pass'
    })
    void send(far, requestOf(city))
    await until(() => isNext, 'the stall')
    const began = performance.now()
    await sendUntilAnswered(near, requestOf(city))
    process.stderr.write(
      `a half-sent statement held the others up for ${Math.round(performance.now() - began)} ms\n`,
    )
    proxy.heal()
    proxy.judge(undefined)
    await sendUntilAnswered(far, requestOf(city))
  }, 60_000)
})
