import { afterEach, describe, expect, test } from 'vitest'
import { logReader } from '../../src/audit/reading.ts'
import { openRecord } from '../../src/audit/record.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { verifyEntry } from '../../src/log/verify-entry.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { refuseEntries } from '../engine.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { inNewShard } from '../shards.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const PERSON = 'p-0001'

function logsOf({ deps, gateway }: TestGateway) {
  return { log: [gateway.own.logIdentity, ...deps.log.past] }
}

describe('a record opened', () => {
  test('shows its entry, with a receipt that proves it', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HOUSING, marriage)
    const number = gateway.size() - 1
    const record = await openRecord(gateway.deps, number)
    expect(record).toMatchObject({ number, content: { is: 'sealed' }, size: gateway.size() })
    expect(record?.leaf).toMatchObject({ kind: 'exchange', caller: HOUSING })
    expect(record?.entry).toBe(await gateway.deps.store.readLeaf(number))
    const verdict = await verifyEntry(record as never, logsOf(gateway), nodeSha256)
    expect(verdict).toMatchObject({ ok: true })
  })

  test('of a closed shard has a receipt of that shard', async () => {
    const first = await openTestGateway()
    await first.ask(HOUSING, marriage)
    const number = first.size() - 1
    const gateway = await inNewShard(first)
    const record = await openRecord(gateway.deps, number)
    expect(record?.receipt).toContain('\ngateway.yunting.example/log\n')
    expect(await verifyEntry(record as never, logsOf(gateway), nodeSha256)).toMatchObject({
      ok: true,
    })
  })

  test('says that its content was erased, and when; the proof holds all the same', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HOUSING, marriage)
    const number = gateway.size() - 1
    const { log } = gateway.deps
    await later(gateway, 60)
    await log.append({ leaf: () => leafOfErasure(gateway, number), erases: [number] })
    const record = await openRecord(gateway.deps, number)
    expect(record?.content).toEqual({ is: 'erased', at: gateway.clock.now })
    expect(await verifyEntry(record as never, logsOf(gateway), nodeSha256)).toMatchObject({
      ok: true,
    })
    expect((await openRecord(gateway.deps, number + 1))?.content).toEqual({ is: 'none' })
  })

  test('that is not there is none', async () => {
    const gateway = await openTestGateway()
    expect(await openRecord(gateway.deps, gateway.size())).toBeUndefined()
    expect(await openRecord(gateway.deps, 10 ** 14)).toBeUndefined()
  })
})

/** A shared database's clock goes on with the next question (test/harness.ts). */
async function later(gateway: TestGateway, seconds: number): Promise<void> {
  gateway.wait(seconds)
  await gateway.get('/healthz')
}

function leafOfErasure({ clock }: TestGateway, number: number): string {
  const time = new Date(clock.now).toISOString()
  return JSON.stringify({ erases: [number], kind: 'erasure', time, v: 1 })
}

describe('reading the log', () => {
  const leafAt = async ({ deps }: TestGateway, number: number) =>
    parseLeaf(String(await deps.store.readLeaf(number)))

  test('is an entry of its own, before anything is shown: opening, searching, reading a record', async () => {
    const gateway = await openTestGateway()
    const reader = logReader(gateway.deps)
    const size = gateway.size()
    const seen = await reader.search({}, PERSON)
    expect(seen.rows[0]).toMatchObject({
      number: size,
      leaf: { act: { what: 'log.open', id: '' } },
    })
    await reader.search({ kind: 'refusal', before: 7 }, PERSON)
    await reader.open(3, PERSON)
    const acts = await Promise.all([0, 1, 2].map((i) => leafAt(gateway, size + i)))
    expect(acts.map(({ kind }) => kind)).toEqual(['act', 'act', 'act'])
    expect(acts.map(({ act }) => act)).toEqual([
      { what: 'log.open', id: '', by: PERSON },
      { what: 'log.search', id: 'before=7&kind=refusal', by: PERSON },
      { what: 'log.read', id: '3', by: PERSON },
    ])
  })

  test('a record that is not there is not read, and leaves no entry', async () => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    expect(await logReader(gateway.deps).open(size, PERSON)).toBeUndefined()
    expect(gateway.size()).toBe(size)
  })

  test('error: where it cannot be recorded nothing is shown', async () => {
    const gateway = await openTestGateway()
    const reader = logReader(gateway.deps)
    const again = await refuseEntries(gateway)
    await expect(reader.search({}, PERSON)).rejects.toMatchObject({ code: 'log-unavailable' })
    await expect(reader.open(3, PERSON)).rejects.toMatchObject({ code: 'log-unavailable' })
    await again()
  })

  test('security: nobody fills the log by reading it again and again', async () => {
    const gateway = await openTestGateway()
    const reader = logReader(gateway.deps)
    const size = gateway.size()
    const tries = Array.from({ length: 90 }, () => reader.open(3, PERSON))
    const refused = (await Promise.allSettled(tries)).filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'rate' } })
    expect(gateway.size() - size).toBe(tries.length - refused.length)
    await reader.open(3, 'another-person')
  })
})
