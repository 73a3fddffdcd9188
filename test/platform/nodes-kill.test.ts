import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { closeOrphans } from '../../src/exchange/intend.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import {
  type City,
  clusterForFile,
  expectRetryable,
  expectSound,
  type Node,
  type Sent,
  sendUntilAnswered,
  startLoad,
  startNode,
  startNodes,
  startVehicles,
  stopNode,
  withGateway,
} from './nodes.ts'

/** `KILLS=300 vitest run test/platform/nodes-kill` is a long run. */
const KILLS = Number(process.env.KILLS ?? 6)
const LOAD_MILLIS = [100, 600] as const
const THINKING_MILLIS = 15
/** By when an intent of now no longer claims its request. */
const LEASE_MILLIS = 61_000

const { cluster, describeNodes, nodes } = await clusterForFile()

describeNodes('a node killed under load', () => {
  test(
    `${KILLS} times: nothing answered is lost, the other one goes on, what was open is closed`,
    async () => {
      const city = await cluster.city()
      const { stated } = await startVehicles(city, THINKING_MILLIS)
      nodes.push(...(await startNodes(city, 2)))
      const answered: Sent[] = []
      const unanswered: Sent[] = []
      const shown = new Set<string>()
      for (let round = 0; round < KILLS; round++) {
        const which = round % 2
        const doomed = nodes[which] as Node
        const example = round % 3 === 0 ? 'family-4-marriage' : 'vehicle-one'
        const loads = nodes.map((node) => startLoad(city, [node], { example }))
        await pause(randomInt(...LOAD_MILLIS))
        await stopNode(doomed)
        const before = loads[1 - which]?.load.answered.length ?? 0
        await pause(randomInt(...LOAD_MILLIS))
        const ended = await Promise.all(loads.map((one) => one.end()))
        expect(ended[1 - which]?.answered.length).toBeGreaterThan(before)
        expect(ended[1 - which]?.unanswered).toEqual([])
        for (const load of ended) {
          expectRetryable(load.refused)
          answered.push(...load.answered)
          unanswered.push(...load.unanswered, ...load.refused)
          for (const checkpoint of load.shown) shown.add(checkpoint)
        }
        nodes[which] = await startNode(city, { dir: doomed.dir })
      }
      await expectClosed(city)
      const last = await Promise.all(
        unanswered.map(({ request }, i) => sendUntilAnswered(nodes[i % 2] as Node, request)),
      )
      expect(answered.length).toBeGreaterThan(KILLS)
      await expectSound(city, [...answered, ...last], shown)
      // However often it was asked about one request, the provider stated once.
      expect(new Set(stated).size).toBe(stated.length)
    },
    90_000 + KILLS * 5_000,
  )
})

/** When the leases are over every intent is ended, by exactly one entry. */
async function expectClosed(city: City): Promise<void> {
  await withGateway(city, async ({ deps }) => {
    await closeOrphans(deps, Date.now() + LEASE_MILLIS)
    const { db } = deps.store
    const rows = await db.selectFrom('entry').select(['idx', 'leaf']).orderBy('idx').execute()
    const leaves = rows.map(({ idx, leaf }) => ({ idx, ...parseLeaf(leaf) }))
    const intents = leaves.filter(({ kind }) => kind === 'intent').map(({ idx }) => idx)
    const ended = leaves.flatMap(({ intent }) => intent ?? [])
    expect(ended.sort((a, b) => a - b)).toEqual(intents)
    expect(await deps.store.openIntents(Number.MAX_SAFE_INTEGER)).toEqual([])
  })
}
