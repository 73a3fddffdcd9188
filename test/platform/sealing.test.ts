import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { eraseRecord } from '../../src/evidence/erase.ts'
import { rewrapAll } from '../../src/evidence/rewrap.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { destroySealingKey, rotateSealingKey } from '../../src/platform/rotation.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, configOf, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')
const RECORDS = 6
const MINUTE_SECONDS = 60

const evidence = ({ deps }: TestGateway) =>
  deps.store.db.selectFrom('evidence').selectAll().orderBy('idx').execute()
const entries = ({ deps }: TestGateway) =>
  deps.store.db.selectFrom('entry').selectAll().orderBy('idx').execute()
const rewrap = ({ deps, gateway }: TestGateway, onWindow = async () => {}) =>
  rewrapAll(deps, gateway.sealingKid(), onWindow)
const keks = async (gateway: TestGateway) =>
  new Set((await evidence(gateway)).map(({ kek }) => kek))

async function withRecords() {
  const gateway = await openTestGateway()
  const jtis = Array.from({ length: RECORDS }, () => randomUUID())
  const replies = []
  for (const jti of jtis) replies.push(await gateway.ask(HOUSING, { ...marriage, jti }))
  return { gateway, jtis, replies }
}

/** Rotated and seen by the serving gateway. */
async function rotated() {
  const city = await withRecords()
  await rotateSealingKey(city.gateway.deps, city.gateway.dir)
  city.gateway.wait(1)
  const newer = await city.gateway.ask(HOUSING, marriage)
  return { ...city, newer }
}

describe('a new sealing key', () => {
  test('seals what comes from now on, while what was sealed before stays readable', async () => {
    const { gateway, jtis, replies, newer } = await rotated()
    const rows = await evidence(gateway)
    expect(rows.map(({ kek }) => kek)).toEqual([...Array(RECORDS).fill('sealing-1'), 'sealing-2'])
    expect(await gateway.send(newer.request)).toMatchObject({ text: newer.text })
    const read = await gateway.read(HOUSING, `/v1/requests/${jtis[0]}`)
    expect(read).toMatchObject({ status: 200, text: replies[0]?.text })
  })

  test('is known at once to a process that meets its first record before it looks at the files', async () => {
    const { gateway } = await withRecords()
    const other = await openGateway(configOf(gateway.dir), {
      clock: () => gateway.clock.now,
      report: () => {},
    })
    const { key } = await rotateSealingKey(other.deps, gateway.dir)
    const fresh = await openGateway(configOf(gateway.dir), {
      clock: () => gateway.clock.now,
      report: () => {},
    })
    expect(fresh.sealingKid()).toBe(key.jwk.kid)
    const sealed = fresh.deps.crypto.seal('text', 'bound')
    expect(gateway.deps.crypto.open(sealed, 'bound')).toBe('text')
    await other.close()
    await fresh.close()
  })

  test('leaves no secret in the log, nor anything that a guess could be held against', async () => {
    const { gateway } = await rotated()
    const file = readFileSync(join(gateway.dir, 'keys', 'sealing.jwk.json'), 'utf8')
    const secrets = JSON.parse(file).keys.map(({ jwk }: { jwk: { k: string } }) => jwk.k)
    expect(secrets).toHaveLength(2)
    for (const { leaf } of await entries(gateway))
      for (const secret of secrets) expect(leaf).not.toContain(secret)
  })
})

describe('rewrapping', () => {
  test('changes wrapped data keys and nothing else; every record still opens', async () => {
    const { gateway, jtis, replies } = await rotated()
    const before = { evidence: await evidence(gateway), entries: await entries(gateway) }
    const progress: number[][] = []
    const done = await rewrapAll(gateway.deps, gateway.gateway.sealingKid(), async (...seen) => {
      progress.push(seen)
    })
    expect(done).toEqual({ rewrapped: RECORDS, unopened: [] })
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1])
    const after = { evidence: await evidence(gateway), entries: await entries(gateway) }
    const without = (rows: typeof after.evidence) =>
      rows.map(({ data_key: _, kek: __, ...rest }) => rest)
    expect(without(after.evidence)).toEqual(without(before.evidence))
    expect(after.entries).toEqual(before.entries)
    expect(await keks(gateway)).toEqual(new Set(['sealing-2']))
    after.evidence.slice(0, RECORDS).forEach(({ data_key }, i) => {
      expect(data_key).not.toEqual(before.evidence[i]?.data_key)
    })
    for (const [i, jti] of jtis.entries()) {
      const read = await gateway.read(HOUSING, `/v1/requests/${jti}`)
      expect(read).toMatchObject({ status: 200, text: replies[i]?.text })
    }
    expect((await rewrap(gateway)).rewrapped).toBe(0)
  })

  test('broken off in the middle is taken up again, and no record is lost', async () => {
    const { gateway, jtis } = await rotated()
    const { db } = gateway.deps.store
    // The last two of the old records lie in another window, with the new one.
    const apart = 10_000
    const moved = await db
      .updateTable('evidence')
      .set((row) => ({ idx: row('idx', '+', apart) }))
      .where('idx', '>=', gateway.size() - 4)
      .executeTakeFirst()
    expect(moved.numUpdatedRows).toBe(3n)
    const crash = async () => {
      throw new Error('the process ended')
    }
    await expect(rewrap(gateway, crash)).rejects.toThrow('the process ended')
    expect(await keks(gateway)).toEqual(new Set(['sealing-1', 'sealing-2']))
    expect((await rewrap(gateway)).rewrapped).toBe(2)
    await db
      .updateTable('evidence')
      .set((row) => ({ idx: row('idx', '-', apart) }))
      .where('idx', '>=', apart)
      .execute()
    expect(await keks(gateway)).toEqual(new Set(['sealing-2']))
    for (const jti of jtis)
      expect((await gateway.read(HOUSING, `/v1/requests/${jti}`)).status).toBe(200)
  })

  test('does not bring back what was erased, and goes on beside requests', async () => {
    const { gateway, jtis } = await rotated()
    await eraseRecord(gateway.deps, { jti: String(jtis[2]) })
    const [done, reply] = await Promise.all([rewrap(gateway), gateway.ask(HOUSING, marriage)])
    expect(done.rewrapped).toBe(RECORDS - 1)
    expect(reply.status).toBe(200)
    const read = await gateway.read(HOUSING, `/v1/requests/${jtis[2]}`)
    expect(read.problem?.code).toBe('answer-erased')
  })

  test('leaves a record alone that is erased by another process between its look and its write', async () => {
    const { gateway } = await rotated()
    const { crypto } = gateway.deps
    const [first] = await evidence(gateway)
    const idx = Number(first?.idx)
    const erase =
      'UPDATE evidence SET sealed = NULL, data_key = NULL, kek = NULL, salt = NULL, subject = NULL, case_no = NULL, official = NULL, erased_at = 1 WHERE idx = ?'
    const meanwhile = {
      ...crypto,
      rewrap: (key: Parameters<typeof crypto.rewrap>[0]) => {
        gateway.gateway.raw.prepare(erase).run(idx)
        return crypto.rewrap(key)
      },
    }
    const deps = { store: gateway.deps.store, crypto: meanwhile }
    const done = await rewrapAll(deps, gateway.gateway.sealingKid(), async () => {})
    expect(done.rewrapped).toBe(RECORDS - 1)
    const [erased] = await evidence(gateway)
    expect(erased).toMatchObject({ idx, sealed: null, data_key: null, kek: null })
    // The log knows of no erasure: put back what stands for it, for the check of the whole.
    if (first)
      await gateway.deps.store.db
        .updateTable('evidence')
        .set(first)
        .where('idx', '=', idx)
        .execute()
  })

  test('names the records whose data key was altered, and does the rest', async () => {
    const { gateway } = await rotated()
    const [first] = await evidence(gateway)
    await gateway.deps.store.db
      .updateTable('evidence')
      .set({ data_key: new Uint8Array(40) })
      .where('idx', '=', Number(first?.idx))
      .execute()
    expect(await rewrap(gateway)).toEqual({
      rewrapped: RECORDS - 1,
      unopened: [first?.idx],
    })
  })
})

describe('destroying an old sealing key', () => {
  test('is refused while it seals, while a record needs it, and for a minute after', async () => {
    const { gateway } = await withRecords()
    const destroy = (kid: string) => destroySealingKey(gateway.deps, gateway.dir, kid)
    await expect(destroy('sealing-1')).rejects.toMatchObject({ code: 'in-use' })
    await rotateSealingKey(gateway.deps, gateway.dir)
    gateway.wait(1)
    await expect(destroy('sealing-1')).rejects.toThrow(/wait a minute/)
    gateway.wait(MINUTE_SECONDS)
    await expect(destroy('sealing-1')).rejects.toThrow(/rewrap first/)
    await expect(destroy('sealing-9')).rejects.toMatchObject({ code: 'unknown' })
    await gateway.ask(HOUSING, marriage)
    await rewrap(gateway)
    await destroy('sealing-1')
    await expect(destroy('sealing-1')).rejects.toMatchObject({ code: 'already' })
    await expect(destroy('sealing-2')).rejects.toMatchObject({ code: 'in-use' })
  })

  test('leaves every record readable, by this process and after a restart, and its name is never given again', async () => {
    const { gateway, jtis } = await rotated()
    gateway.wait(MINUTE_SECONDS)
    await rewrap(gateway)
    await destroySealingKey(gateway.deps, gateway.dir, 'sealing-1')
    gateway.wait(1)
    const file = readFileSync(join(gateway.dir, 'keys', 'sealing.jwk.json'), 'utf8')
    const [destroyed] = JSON.parse(file).keys
    expect(destroyed.jwk).toEqual({ kty: 'oct', kid: 'sealing-1' })
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
    await gateway.close()
    const again = await openTestGateway({ dir: gateway.dir, nowMillis: gateway.clock.now })
    expect((await again.read(HOUSING, `/v1/requests/${jtis[0]}`)).status).toBe(200)
    expect((await rotateSealingKey(again.deps, again.dir)).key.jwk.kid).toBe('sealing-3')
  })

  test('makes a copy of the old wrapped keys worthless', async () => {
    const { gateway } = await rotated()
    const [old] = await evidence(gateway)
    gateway.wait(MINUTE_SECONDS)
    await rewrap(gateway)
    await destroySealingKey(gateway.deps, gateway.dir, 'sealing-1')
    gateway.wait(1)
    await gateway.ask(HOUSING, marriage)
    const { sealed, data_key, kek } = old ?? {}
    if (!sealed || !data_key || !kek) throw new Error('no record')
    expect(() => gateway.deps.crypto.open({ sealed, dataKey: data_key, kek }, '')).toThrow(
      /no key-encryption key sealing-1/,
    )
  })
})
