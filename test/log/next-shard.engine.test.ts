import { afterEach, expect, test } from 'vitest'
import { ShardError } from '../../src/log/next-shard.ts'
import { openShardChange } from '../../src/platform/next-shard.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, configOf, NOW, openTestGateway } from '../harness.ts'
import { changing, fill, inNewShard, newShard } from '../shards.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

test('a shard may end without any loss, and another after it', async () => {
  const first = await openTestGateway()
  await fill(first, 300)
  const replies = [await first.ask(HOUSING, marriage)]
  const second = await inNewShard(first)
  replies.push(await second.ask(HOUSING, marriage))
  await fill(second, 260)
  const third = await inNewShard(second)
  replies.push(await third.ask(HOUSING, marriage))
  expect(third.deps.log.past.map(({ origin, base, size }) => ({ origin, base, size }))).toEqual([
    { origin: 'gateway.yunting.example/log', base: 0, size: first.size() },
    { origin: 'gateway.yunting.example/log-2', base: first.size(), size: 262 },
  ])
  for (const reply of replies) {
    expect((await third.verify(reply)).ok).toBe(true)
    expect((await third.send(reply.request)).text).toBe(reply.text)
  }
  expect(await third.checkWholeLog()).toMatchObject({
    ok: true,
    size: first.size() + 264,
    faults: [],
  })
})

test('a process that still has the closed shard open signs nothing more', async () => {
  const gateway = await openTestGateway()
  await gateway.ask(HOUSING, marriage)
  const { checkpoint } = gateway.deps.log.head()
  await newShard(gateway.dir, NOW)
  const refused = await gateway.ask(HOUSING, marriage)
  expect(refused.problem?.code).toBe('log-unavailable')
  expect(gateway.deps.log.head().checkpoint).toBe(checkpoint)
  expect((await gateway.get('/readyz')).status).toBe(503)
  await gateway.close()
  const again = await openTestGateway({ dir: gateway.dir })
  expect((await again.send(refused.request)).status).toBe(200)
})

test('what was appended since the plan is not left out: nothing is written, and it is planned again', async () => {
  const gateway = await openTestGateway()
  const { dir } = gateway
  const change = await openShardChange(configOf(dir), changing(NOW))
  await gateway.ask(HOUSING, marriage)
  const { head } = await gateway.deps.log.current()
  await expect(change.commit('a test')).rejects.toThrow(ShardError)
  await change.close()
  expect(await gateway.deps.store.readHead()).toEqual(head)
  await gateway.close()
  expect((await newShard(dir, NOW)).plan.held.head).toEqual(head)
})
