import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { endSystemKey } from '../../src/registry/system-keys.ts'
import { HOUSING } from '../caller.ts'
import { amend, claimsOf } from '../city.ts'
import {
  type City,
  clusterForFile,
  expectSound,
  kindsOf,
  type Node,
  requestOf,
  type Sent,
  send,
  startLoad,
  startNodes,
  startVehicles,
  stopNode,
  until,
  withGateway,
} from './nodes.ts'

const NODES = 4
/** A change of the registry is in effect on every node by then. */
const EFFECT_MILLIS = 1000
const GUESSES_A_DAY = 10

const { cluster, describeNodes } = await clusterForFile()

describeNodes('four nodes on one head', () => {
  const answered: Sent[] = []
  let city: City
  let nodes: Node[] = []

  beforeAll(async () => {
    city = await cluster.city()
    nodes = await startNodes(city, NODES)
  })
  afterEach(() => {
    for (const { child } of nodes) expect(child.exitCode).toBeNull()
  })
  afterAll(async () => {
    await Promise.all(nodes.map(stopNode))
  })

  /** The i-th to the i-th node, all at once. */
  async function spread(requests: readonly string[]): Promise<Sent[]> {
    const sent = await Promise.all(
      requests.map((request, i) => send(nodes[i % NODES] as Node, request)),
    )
    answered.push(...sent.filter(({ status }) => status === 200))
    return sent
  }

  /** As an operator elsewhere; in effect when this resolves. */
  async function change(...what: Parameters<typeof changed>): Promise<void> {
    await changed(...what)
    await pause(EFFECT_MILLIS)
  }

  function changed(table: 'system' | 'agreement', id: string, members: Record<string, unknown>) {
    return withGateway(city, ({ deps }) => amend(deps, table, { id, members }))
  }

  test('under load: no gap, no double, one tree, every answer proven', async () => {
    const loading = startLoad(city, nodes, { connections: 3 })
    await until(() => loading.load.answered.length > 200, 'answers', 30_000)
    const load = await loading.end()
    expect(load.refused).toEqual([])
    await expectSound(city, load.answered, load.shown)
  }, 60_000)

  test('the same request to all of them at once: one provider call, one answer, byte for byte', async () => {
    const { calls } = await startVehicles(city, 50)
    await pause(EFFECT_MILLIS)
    const requests = Array.from({ length: 5 }, () => requestOf(city, 'vehicle-one'))
    const all = await Promise.all(requests.map((one) => spread(Array(NODES).fill(one))))
    for (const sent of all) {
      expect(sent.map(({ status }) => status)).toEqual(Array(NODES).fill(200))
      expect(new Set(sent.map(({ text }) => text)).size).toBe(1)
    }
    expect(calls.count).toBe(requests.length)
    for (const request of requests)
      expect(await kindsOf(city, request)).toEqual(['intent', 'exchange'])
  }, 60_000)

  test('a daily quota holds for all of them together', async () => {
    await change('agreement', 'housing-mar', { dailyQuota: (await usedToday()) + 7 })
    const sent = await spread(Array.from({ length: 24 }, () => requestOf(city)))
    const codes = sent.map(({ status, code }) => code ?? status)
    expect(codes.filter((code) => code === 200)).toHaveLength(7)
    expect(codes.filter((code) => code === 'quota')).toHaveLength(17)
    await change('agreement', 'housing-mar', { dailyQuota: 1_000_000_000 })
  }, 60_000)

  function usedToday(): Promise<number> {
    return withGateway(city, async ({ deps: { store } }) => {
      const rows = store.db.selectFrom('counter').select('used').where('key', '=', 'housing-mar')
      return (await rows.executeTakeFirstOrThrow()).used
    })
  }

  test('guesses about one person are counted by all of them together', async () => {
    const marriage = claimsOf('family-4-marriage')
    const guesses = Array.from({ length: 14 }, (_, i) => {
      const ask = [{ claim: 'regDate', equals: `2005-03-${10 + i}` }]
      return requestOf(city, 'family-4-marriage', { ...marriage, ask })
    })
    const codes = (await spread(guesses)).map(({ status, code }) => code ?? status)
    expect(codes.filter((code) => code === 200)).toHaveLength(GUESSES_A_DAY)
    expect(codes.filter((code) => code === 'probing')).toHaveLength(14 - GUESSES_A_DAY)
  }, 60_000)

  test('a rate is that of all of them together', async () => {
    const rate = { perSecond: 20, burst: 10 }
    await change('system', HOUSING, { rate })
    const began = performance.now()
    const loading = startLoad(city, nodes, { connections: 2 })
    const asked = 3
    await pause(asked * 1000)
    // Whoever was told to wait a second ends only then.
    const load = await loading.end()
    const seconds = (performance.now() - began) / 1000
    expect(load.answered.length).toBeLessThanOrEqual(rate.burst + rate.perSecond * seconds)
    expect(load.answered.length).toBeGreaterThan(rate.perSecond * asked * 0.5)
    for (const { code } of load.refused) expect(code).toBe('rate')
    answered.push(...load.answered)
    await change('system', HOUSING, { rate: { perSecond: 1e9, burst: 1e9 } })
  }, 60_000)

  test.each([
    {
      what: 'a suspension',
      code: 'suspended',
      make: () => changed('system', HOUSING, { status: 'suspended' }),
      undo: () => change('system', HOUSING, { status: 'active' }),
    },
    {
      what: 'the revocation of a key',
      code: 'revoked-key',
      make: () =>
        withGateway(city, ({ deps }) => {
          const { kid } = city.housing
          const end = { system: HOUSING, kid, step: 'revoke', at: Date.now() } as const
          return endSystemKey(deps.store.db, end)
        }),
      undo: async () => {},
    },
  ])(
    '$what is in effect on all of them within a second',
    async ({ code, make, undo }) => {
      await make()
      await pause(EFFECT_MILLIS)
      const sent = await spread(nodes.map(() => requestOf(city)))
      expect(sent.map((one) => one.code)).toEqual(nodes.map(() => code))
      await undo()
    },
    60_000,
  )

  test('and after all that the log is one tree with every answer in it', async () => {
    // The caller's key is revoked by now: evidence is judged as of its entry's time.
    await expectSound(city, answered)
  }, 60_000)
})
