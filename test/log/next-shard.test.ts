import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { ShardError } from '../../src/log/next-shard.ts'
import { DamagedLog } from '../../src/log/open.ts'
import { parseReceipt } from '../../src/log/receipt.ts'
import { HOUSING, payloadOf } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { backUp, newShard } from '../shards.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const pathOf = (request: string, rest = '') => `/v1/requests/${payloadOf(request).jti}${rest}`

describe('after an old back-up was restored', () => {
  /** One answer before the back-up, three after it, and the back-up put back. */
  async function rolledBack() {
    const gateway = await openTestGateway()
    const before = await gateway.ask(HOUSING, marriage)
    const copy = backUp(gateway)
    const size = gateway.size()
    const lost = []
    for (let i = 0; i < 3; i++) lost.push(await gateway.ask(HOUSING, marriage))
    const bundles = await Promise.all([before, ...lost].map((reply) => gateway.bundle(reply)))
    await gateway.close()
    copy.restore()
    return { gateway, before, lost, bundles, size }
  }

  test('the start refuses, a new shard resolves it, and the gateway answers again', async () => {
    const { gateway, before, lost, size } = await rolledBack()
    const { dir, clock } = gateway
    await expect(openTestGateway({ dir })).rejects.toThrow(DamagedLog)
    const { plan } = await newShard(dir, clock.now)
    expect(plan).toMatchObject({ shard: 2, base: size + 3, lost: [{ size: size + 3, entries: 3 }] })
    const again = await openTestGateway({ dir })
    const after = await again.ask(HOUSING, marriage)
    expect({ status: after.status, index: after.index }).toEqual({ status: 200, index: size + 4 })
    expect((await again.verify(after)).ok).toBe(true)
    expect((await again.verify(before)).ok).toBe(true)
    expect((await again.send(before.request)).text).toBe(before.text)
    expect((await again.read(HOUSING, pathOf(before.request))).text).toBe(before.text)
    const told = await again.read(HOUSING, pathOf(before.request, '/evidence'))
    expect(parseReceipt(JSON.parse(told.text).receipt).checkpoint).toContain(`/log\n${size}\n`)
    expect((await again.read(HOUSING, pathOf(lost[0]?.request ?? ''))).problem?.code).toBe(
      'not-found',
    )
    expect(parseLeaf(String(await again.deps.store.readLeaf(size + 3))).shard?.seen).toEqual([
      readFileSync(join(dir, 'anchor', 'checkpoint'), 'utf8'),
    ])
    expect(Number(after.headers.get('log-index'))).toBe(size + 4)
  })

  test('an old record can be erased; the entry that says so stands in the new shard', async () => {
    const { gateway, before } = await rolledBack()
    await newShard(gateway.dir, gateway.clock.now)
    const again = await openTestGateway({ dir: gateway.dir })
    const { entry, records } = await eraseRecord(again.deps, {
      jti: String(payloadOf(before.request).jti),
    })
    expect(records).toEqual([before.index])
    expect(entry).toBeGreaterThanOrEqual(again.deps.log.head().base)
    expect((await again.send(before.request)).problem?.code).toBe('answer-erased')
  })
})

test('a checkpoint of another log is no proof of a loss', async () => {
  const gateway = await openTestGateway()
  const { checkpoint } = gateway.deps.log.head()
  await gateway.close()
  const other = checkpoint.replaceAll('yunting', 'linjiang')
  for (const seen of [other, checkpoint.replace('\n\n', '\n\n\u2014 x'), 'trust me', ''])
    await expect(newShard(gateway.dir, gateway.clock.now, seen)).rejects.toThrow(ShardError)
  expect((await openTestGateway({ dir: gateway.dir })).deps.log.past).toEqual([])
})
