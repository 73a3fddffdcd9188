import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  type City,
  type Cluster,
  clusterForFile,
  expectRetryable,
  expectSound,
  type Node,
  requestOf,
  send,
  sendUntilAnswered,
  startLoad,
  startNode,
  startNodes,
  until,
} from './nodes.ts'
import { startProxy } from './proxy.ts'

/** No request hangs longer, whatever the database does. */
const HANG_MILLIS = 10_000
/** Running requests end, the log is drained, connections are dropped. */
const STOP_MILLIS = 15_000

const { cluster, describeNodes, nodes } = await clusterForFile()

describeNodes('nodes whose database is away', () => {
  test('PostgreSQL killed and restarted under load: 503, then answers again by itself; nothing answered is lost', async () => {
    const city = await cluster.city()
    nodes.push(...(await startNodes(city, 2)))
    const loading = startLoad(city, nodes)
    const { answered, refused } = loading.load
    for (let round = 0; round < 2; round++) {
      const before = answered.length
      await until(() => answered.length > before + 20, 'answers')
      await cluster.postgres.kill()
      const away = refused.length
      await until(() => refused.length > away + 4, 'refusals')
      await cluster.postgres.start()
      const since = performance.now()
      const after = answered.length
      await until(() => answered.length > after, 'an answer again')
      process.stderr.write(
        `first answer ${Math.round(performance.now() - since)} ms after PostgreSQL was up\n`,
      )
      await pause(300)
    }
    const load = await loading.end()
    expectRetryable(load.refused)
    expect(load.unanswered).toEqual([])
    for (const { millis } of [...load.answered, ...load.refused])
      expect(millis).toBeLessThan(HANG_MILLIS)
    const again = await Promise.all(
      load.refused.map(({ request }, i) => sendUntilAnswered(nodes[i % 2] as Node, request)),
    )
    for (const { child } of nodes) expect(child.exitCode).toBeNull()
    await expectSound(city, [...load.answered, ...again], load.shown)
  }, 60_000)

  test('a network that swallows everything: each request ends in time, and the node goes on when it is back', async () => {
    const city = await cluster.city()
    const proxy = await startProxy(city.url)
    const node = await startNode(city, { url: proxy.url })
    nodes.push(node)
    const loading = startLoad(city, [node], { connections: 16 })
    const { load } = loading
    await until(() => load.answered.length > 20, 'answers')
    proxy.blackHole()
    await pause(12_000)
    proxy.heal()
    const after = load.answered.length
    await until(() => load.answered.length > after + 5, 'answers again', HANG_MILLIS)
    await loading.end()
    expectRetryable(load.refused)
    expect(load.refused.length).toBeGreaterThan(0)
    const longest = Math.max(...[...load.answered, ...load.refused].map(({ millis }) => millis))
    process.stderr.write(`longest request ${Math.round(longest)} ms\n`)
    expect(longest).toBeLessThan(HANG_MILLIS)
    expect(node.child.exitCode).toBeNull()
    await expectSound(city, load.answered, load.shown)
    await proxy.close()
  }, 60_000)

  test('a node told to stop while the network swallows everything ends in time; one started then says why it cannot', async () => {
    const city = await cluster.city()
    const proxy = await startProxy(city.url)
    const node = await startNode(city, { url: proxy.url })
    nodes.push(node)
    const answer = await sendUntilAnswered(node, requestOf(city))
    proxy.blackHole()
    const pending = send(node, requestOf(city))
    const began = performance.now()
    node.child.kill('SIGTERM')
    expect(await node.ended).toBe(0)
    expect(performance.now() - began).toBeLessThan(STOP_MILLIS)
    expect([0, 503]).toContain((await pending).status)
    await expect(startNode(city, { url: proxy.url })).rejects.toThrow('it ended with')
    expect(performance.now() - began).toBeLessThan(STOP_MILLIS + HANG_MILLIS)
    await proxy.close()
    await expectSound(city, [answer])
  }, 60_000)

  test('no connection to be had: what is held open goes on, what is lost comes back by itself', async () => {
    const city = await cluster.city()
    const [node] = await startNodes(city, 1)
    nodes.push(node as Node)
    const loading = startLoad(city, nodes)
    await until(() => loading.load.answered.length > 10, 'answers')
    await cluster.postgres.run('ALTER ROLE gateway CONNECTION LIMIT 0')
    await cut(cluster, city)
    await pause(2000)
    const { status, code } = await send(node as Node, requestOf(city))
    expect({ status, code }).toEqual({ status: 503, code: 'log-unavailable' })
    await cluster.postgres.run('ALTER ROLE gateway CONNECTION LIMIT -1')
    const after = loading.load.answered.length
    await until(() => loading.load.answered.length > after, 'an answer again')
    const load = await loading.end()
    expectRetryable(load.refused)
    expect(nodes[0]?.child.exitCode).toBeNull()
    await expectSound(city, load.answered, load.shown)
  }, 60_000)
})

async function cut({ postgres }: Cluster, { url }: City): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  await postgres.run(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  )
}
