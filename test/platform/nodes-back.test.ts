import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { databaseUrl, run } from '../postgres-city.ts'
import {
  type City,
  clusterForFile,
  copyOf,
  expectRetryable,
  expectSound,
  type Node,
  requestOf,
  type Sent,
  send,
  sendUntilAnswered,
  startNode,
  stopNode,
} from './nodes.ts'

/** Within this time the anchor is written. */
const ANCHOR_MILLIS = 1500

const { cluster, describeNodes, nodes } = await clusterForFile()

/** Databases changed behind the gateways' backs, as a restore or a failover does it. */
function keeper(city: City) {
  const name = new URL(city.admin).pathname.slice(1)
  const admin = databaseUrl(city.admin, 'postgres')
  const closed = async (statements: readonly string[]) => {
    await run(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await run(
      admin,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    )
    await pause(200)
    for (const statement of statements) await run(admin, statement)
    await run(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
  }
  return {
    keepAs: (copy: string) => closed([`CREATE DATABASE ${copy} TEMPLATE ${name} OWNER gateway`]),
    /** What was there until now is kept as `aside`. */
    putBack: (copy: string, aside: string) =>
      closed([
        `ALTER DATABASE ${name} RENAME TO ${aside}`,
        `ALTER DATABASE ${aside} ALLOW_CONNECTIONS true`,
        `ALTER DATABASE ${copy} RENAME TO ${name}`,
      ]),
  }
}

async function answers(city: City, node: Node, count: number): Promise<Sent[]> {
  return Promise.all(Array.from({ length: count }, () => sendUntilAnswered(node, requestOf(city))))
}

async function expectSilent(city: City, node: Node): Promise<void> {
  expectRetryable([await send(node, requestOf(city)), await send(node, requestOf(city))])
  expect((await fetch(`${node.url}/readyz`)).status).toBe(503)
  expect(node.child.exitCode).toBeNull()
}

describeNodes('a database that goes back', () => {
  test('is signed on by nobody who saw more, however far it grows anew; when it is right again, by itself', async () => {
    const city = await cluster.city()
    const { keepAs, putBack } = keeper(city)
    const node = await startNode(city)
    nodes.push(node)
    const answered = await answers(city, node, 5)
    await keepAs('earlier')
    answered.push(...(await answers(city, node, 12)))
    await pause(ANCHOR_MILLIS)
    await putBack('earlier', 'later')
    await expectSilent(city, node)
    expect(node.complaints()).toContain('it was rolled back')
    await expect(startNode(city, { dir: copyOf(node.dir) })).rejects.toThrow(/rolled back/)

    // Whoever saw nothing of it goes on: past the size that the others saw, it is another log to them.
    const ignorant = await startNode(city)
    nodes.push(ignorant)
    await answers(city, ignorant, 10)
    await expectSilent(city, node)
    await answers(city, ignorant, 10)
    await expectSilent(city, node)
    expect(node.complaints()).toContain('are not those that were signed')
    await expect(startNode(city, { dir: copyOf(node.dir) })).rejects.toThrow(/not those/)
    await stopNode(ignorant)

    await putBack('later', 'forked')
    answered.push(await sendUntilAnswered(node, requestOf(city)))
    await expectSound(city, answered)
  }, 90_000)
})
