import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { parseLeaf } from '../../src/log/entry.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
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
