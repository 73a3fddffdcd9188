import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import { move, open } from '../../src/proposal/act.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { CIVIL, head, person, proposing } from '../proposing.ts'
import { startProvider } from '../provider.ts'

afterEach(checkWholeLog)

const REQUESTS = 12
const marriage = claimsOf('family-4-marriage')

/** Two gateways that share one store, as nodes of one database will. */
async function nodes() {
  const one = await openTestGateway({ outbound: 'real' })
  const kit = await startProvider(one)
  const other = await openTestGateway({ dir: one.dir, outbound: 'real', nowMillis: one.clock.now })
  const leavesOf = async (requestHash: string) => {
    const rows = await one.deps.store.db.selectFrom('entry').select('leaf').execute()
    return rows
      .map(({ leaf }) => parseLeaf(leaf))
      .filter((leaf) => leaf.requestHash === requestHash)
  }
  return { one, other, kit, leavesOf }
}

test('one request sent to two nodes at once is asked for and answered once', async () => {
  const { one, other, kit, leavesOf } = await nodes()
  const requests = Array.from({ length: REQUESTS }, () => one.request(HOUSING, marriage))
  await Promise.all(
    requests.map(async (request) => {
      const replies = await Promise.all([one.send(request), other.send(request)])
      const answers = replies.filter(({ status }) => status === 200).map(({ text }) => text)
      expect(new Set(answers).size).toBe(1)
      for (const { status, problem } of replies)
        if (status !== 200) expect(problem?.code).toBe('in-progress')
      expect((await other.send(request)).text).toBe(answers[0])
    }),
  )
  expect(kit.calls.count).toBe(REQUESTS)
  for (const request of requests) {
    const leaves = await leavesOf(one.deps.crypto.digest(request))
    const kinds = leaves.map(({ kind }) => kind).filter((kind) => kind !== 'refusal')
    expect(kinds).toEqual(['intent', 'exchange'])
  }
})

test('two requests under one jti at two nodes: one is answered, the other one is jti-reuse', async () => {
  const { one, other, kit } = await nodes()
  for (let i = 0; i < REQUESTS; i++) {
    const jti = randomUUID()
    const replies = await Promise.all([
      one.ask(HOUSING, { ...marriage, jti }),
      other.ask(HOUSING, { ...marriage, jti, case: 'ZB-2026-0312' }),
    ])
    const said = replies.map(({ status, problem }) => problem?.code ?? status).sort()
    expect(said).toEqual([200, 'jti-reuse'])
  }
  expect(kit.calls.count).toBe(REQUESTS)
})

/** Between two requests that a busy node gets, and how long it may take to see what another one did. */
const STEP_MILLIS = 100
const BOUND_MILLIS = 1000

/**
 * The bound is one of design, so it is measured on the nodes' own clock, which stands still but for the
 * steps here: no slow machine can fail it, and none can hide that it grew.
 */
describe('what a person does at one node', () => {
  const suspended = async () => {
    const { one, other } = await nodes()
    const askedAt = (millis: number) => {
      one.clock.now = start + millis
      other.clock.now = start + millis
      return other.ask(HOUSING, marriage)
    }
    const start = one.clock.now
    expect((await askedAt(0)).status).toBe(200)
    const doc = { code: 'MAR-01', version: 1, reason: '数据异常' }
    const step = { kind: 'suspension', verb: 'suspend', doc }
    const { proposal } = await open(proposing(one), head, step)
    return { one, other, askedAt, proposal }
  }

  test('stops the other one within a second, however often it was asked meanwhile, and for good', async () => {
    const { askedAt } = await suspended()
    const seen: [number, string | number][] = []
    for (let at = STEP_MILLIS; at <= 2 * BOUND_MILLIS; at += STEP_MILLIS) {
      const { status, problem } = await askedAt(at)
      seen.push([at, problem?.code ?? status])
    }
    const late = seen.filter(([at]) => at >= BOUND_MILLIS).map(([, said]) => said)
    expect(new Set(late)).toEqual(new Set(['item-suspended']))
    const first = seen.findIndex(([, said]) => said === 'item-suspended')
    expect(new Set(seen.slice(first).map(([, said]) => said))).toEqual(new Set(['item-suspended']))
  })

  test('stops one that nobody asked for a second with its next request', async () => {
    const { askedAt } = await suspended()
    expect((await askedAt(BOUND_MILLIS)).problem?.code).toBe('item-suspended')
  })

  test('lets the other one run again within a second, too', async () => {
    const { one, askedAt, proposal } = await suspended()
    await askedAt(BOUND_MILLIS)
    const { id, revision } = proposal
    const second = { ...person('p-second', ['approver', CIVIL]), steppedUpAt: one.clock.now }
    await move(proposing(one), second, { id, verb: 'lift', revision, reason: '已修复' })
    expect((await askedAt(2 * BOUND_MILLIS)).status).toBe(200)
  })
})
