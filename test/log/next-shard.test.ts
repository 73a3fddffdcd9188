import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { checkLog } from '../../src/log/check.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { ShardError } from '../../src/log/next-shard.ts'
import { DamagedLog } from '../../src/log/open.ts'
import { parseReceipt } from '../../src/log/receipt.ts'
import type { LogIdentity } from '../../src/log/shard.ts'
import { verifyEvidence } from '../../src/log/verify.ts'
import { HOUSING, payloadOf } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import type { Reply } from '../reply.ts'
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

  test('what was lost keeps its proof: each receipt under its old checkpoint, and the first entry shows that more was signed', async () => {
    const { gateway, bundles, size } = await rolledBack()
    const { dir, clock } = gateway
    await newShard(dir, clock.now)
    const again = await openTestGateway({ dir })
    const trust = await again.trust()
    const verdicts = await Promise.all(
      bundles.map((bundle) => verifyEvidence(bundle, trust, again.deps.crypto.sha256)),
    )
    expect(verdicts.map(({ ok }) => ok)).toEqual([true, true, true, true])
    const start = parseLeaf(String(await again.deps.store.readLeaf(size + 3))).shard
    const [past] = trust.log.filter(({ origin }) => origin.endsWith('/log'))
    const seen = await openCheckpoint(start?.seen[0] ?? '', past as LogIdentity)
    const held = await openCheckpoint(start?.predecessor.checkpoint ?? '', past as LogIdentity)
    expect({ seen: seen?.size, held: held?.size }).toEqual({ seen: size + 3, held: size })
    for (const { size: covered } of verdicts)
      expect(seen?.size).toBeGreaterThanOrEqual(Number(covered))
  })

  test('who pinned the old trust file sees that the new log is not in it, and the old one still is', async () => {
    const { gateway, before } = await rolledBack()
    const { dir, clock } = gateway
    await newShard(dir, clock.now)
    const again = await openTestGateway({ dir })
    const trust = await again.trust()
    const pinned = { ...trust, log: trust.log.filter(({ origin }) => origin.endsWith('/log')) }
    const judge = async (reply: Reply) =>
      verifyEvidence(await again.bundle(reply), pinned, again.deps.crypto.sha256)
    expect((await judge(before)).ok).toBe(true)
    const { ok, checks } = await judge(await again.ask(HOUSING, marriage))
    expect(ok).toBe(false)
    expect(checks.checkpoint.detail).toContain('does not name the log')
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

describe('a checkpoint kept outside that contradicts', () => {
  test('the same entries is put on record: two histories were signed', async () => {
    const gateway = await openTestGateway()
    const { dir, clock } = gateway
    const copy = backUp(gateway)
    await gateway.ask(HOUSING, marriage)
    await gateway.close()
    const anchor = join(dir, 'anchor', 'checkpoint')
    const other = readFileSync(anchor, 'utf8')
    copy.restore()
    rmSync(anchor)
    const forked = await openTestGateway({ dir, nowMillis: clock.now + 60_000 })
    await forked.ask(HOUSING, marriage)
    await forked.ask(HOUSING, marriage)
    await forked.close()
    const { plan } = await newShard(dir, clock.now, other)
    expect(plan.lost).toMatchObject([{ entries: 0 }])
    expect(plan.seen).toEqual([other])
    const again = await openTestGateway({ dir, nowMillis: clock.now + 60_000 })
    const { store, crypto } = again.deps
    const identity = again.gateway.own.logIdentity
    expect((await checkLog({ store, crypto, identity, anchor: other })).faults).toEqual([])
  })

  test('nothing is no loss: one that is older, or the same', async () => {
    const gateway = await openTestGateway()
    const older = gateway.deps.log.head().checkpoint
    await gateway.ask(HOUSING, marriage)
    await gateway.close()
    expect((await newShard(gateway.dir, gateway.clock.now, older)).plan).toMatchObject({
      lost: [],
      seen: [],
    })
    await expect(newShard(gateway.dir, gateway.clock.now, older)).rejects.toThrow('which is closed')
  })
})

test('a database that is lost altogether goes on behind every number that was given', async () => {
  const gateway = await openTestGateway()
  const { dir, clock } = gateway
  const reply = await gateway.ask(HOUSING, marriage)
  const bundle = await gateway.bundle(reply)
  const size = gateway.size()
  await gateway.close()
  for (const rest of ['', '-wal', '-shm'])
    rmSync(join(dir, `gateway.sqlite${rest}`), { force: true })
  await expect(openTestGateway({ dir })).rejects.toThrow('rolled back')
  const { plan } = await newShard(dir, clock.now)
  expect(plan).toMatchObject({ shard: 2, base: size, lost: [{ size, entries: size }] })
  const again = await openTestGateway({ dir })
  const { pastLogs } = await (await again.app.request('/.well-known/mianzheng')).json()
  expect(pastLogs).toMatchObject([{ base: 0, size: 0, checkpoint: '' }])
  expect((await again.get('/log/checkpoint')).problem?.code).toBe('not-found')
  const { crypto } = again.deps
  const { checks } = await verifyEvidence(bundle, await again.trust(), crypto.sha256)
  expect({ inclusion: checks.inclusion.ok, checkpoint: checks.checkpoint.ok }).toEqual({
    inclusion: true,
    checkpoint: true,
  })
})
