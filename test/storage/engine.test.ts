import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { OverLimit, StaleRevision } from '../../src/log/admit.ts'
import { leafText } from '../../src/log/entry.ts'
import { LogUnavailable } from '../../src/log/unavailable.ts'
import type { Draft } from '../../src/storage/store.ts'
import { checkWholeLog, isShared, openTestGateway, type TestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const DAY = '2026-11-23'

function draft(more: Partial<Draft> = {}): Draft {
  const change = { what: 'test', id: 'x', hash: '' }
  return { leaf: (time) => leafText({ kind: 'registry', change }, time), ...more }
}

function keyOf({ deps }: TestGateway, name: string): Uint8Array {
  return deps.crypto.sha256(Buffer.from(name))
}

function counted({ deps }: TestGateway, day: string) {
  return deps.store.db.selectFrom('counter').selectAll().where('day', '=', day).execute()
}

describe('one append', () => {
  test('writes the entry, its retry key, counter and guesses together', async () => {
    const gateway = await openTestGateway()
    const { log, store } = gateway.deps
    const retryKey = keyOf(gateway, 'retry')
    const probe = { key: keyOf(gateway, 'probe'), day: DAY, join: (seen: string) => `${seen}.` }
    const counter = { key: 'agreement', day: DAY, limit: 9 }
    const { index } = await log.append(draft({ retryKey, probe, counter }))
    expect(await store.findRetry(retryKey)).toMatchObject({ index, sealed: null })
    expect(await counted(gateway, DAY)).toEqual([{ key: 'agreement', day: DAY, used: 1 }])
    await log.append(draft({ probe }))
    expect(await store.db.selectFrom('probe').select('seen').execute()).toEqual([{ seen: '..' }])
  })

  test('that fails writes none of them, and the next one goes through', async () => {
    const gateway = await openTestGateway()
    const { log, store } = gateway.deps
    const size = gateway.size()
    const retryKey = keyOf(gateway, 'retry')
    const join = () => {
      throw new Error('no')
    }
    const probe = { key: keyOf(gateway, 'probe'), day: DAY, join }
    const counter = { key: 'agreement', day: DAY, limit: 9 }
    await expect(log.append(draft({ retryKey, probe, counter }))).rejects.toThrow()
    expect(await store.findRetry(retryKey)).toBeUndefined()
    expect(await counted(gateway, DAY)).toEqual([])
    expect(await store.readHead()).toMatchObject({ size })
    expect((await log.append(draft({ retryKey }))).index).toBe(size)
  })

  test('counts each use of a batch', async () => {
    const gateway = await openTestGateway()
    const { log } = gateway.deps
    const days = [DAY, DAY, '2026-11-24', DAY]
    const uses = days.map((day) =>
      log.append(draft({ counter: { key: 'agreement', day, limit: 9 } })),
    )
    await Promise.all(uses)
    expect(await counted(gateway, DAY)).toEqual([{ key: 'agreement', day: DAY, used: 3 }])
    expect(await counted(gateway, '2026-11-24')).toMatchObject([{ used: 1 }])
  })

  test('holds no lock when what builds it throws', async () => {
    const gateway = await openTestGateway()
    const { store } = gateway.deps
    const build = () => {
      throw new Error('no')
    }
    await expect(store.append([draft()], gateway.size(), build)).rejects.toThrow('no')
    const other = await openTestGateway({ dir: gateway.dir })
    await expect(other.deps.log.append(draft())).resolves.toMatchObject({ taken: false })
  })

  test('finds a key by its first 64 bits, whatever their sign', async () => {
    const gateway = await openTestGateway()
    const { log, store } = gateway.deps
    const keys = [0x00, 0x7f, 0x80, 0xff].map((first) => new Uint8Array(32).fill(first))
    const placed = await Promise.all(keys.map((retryKey) => log.append(draft({ retryKey }))))
    for (const [at, key] of keys.entries())
      expect((await store.findRetry(key))?.index).toBe(placed[at]?.index)
  })
})

describe('two gateways on one store', () => {
  async function two() {
    const one = await openTestGateway()
    return { one, other: await openTestGateway({ dir: one.dir }) }
  }
  const counter = (limit: number) => ({ key: 'agreement', day: DAY, limit })
  const isOver = (settled: PromiseSettledResult<unknown>) =>
    settled.status === 'rejected' && settled.reason instanceof OverLimit

  test('give no more than the quota between them', async () => {
    const { one, other } = await two()
    const uses = Array.from({ length: 24 }, (_, i) =>
      (i % 2 ? one : other).deps.log.append(draft({ counter: counter(7) })),
    )
    const settled = await Promise.allSettled(uses)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
    expect(settled.filter(isOver)).toHaveLength(17)
    expect(await counted(one, DAY)).toMatchObject([{ used: 7 }])
  })

  test('an open intent claims its use until it ends, used or given back', async () => {
    const { one, other } = await two()
    const intend = (name: string) =>
      one.deps.log.append(draft({ retryKey: keyOf(one, name), leaseUntil: 1, counter: counter(2) }))
    const first = await intend('first')
    const second = await intend('second')
    expect(second.quota).toEqual({ used: 0, claimed: 2 })
    const refused = other.deps.log.append(draft({ counter: counter(2) }))
    await expect(refused).rejects.toMatchObject({ what: 'counter', quota: { claimed: 2 } })
    await one.deps.log.append(draft({ ends: first.index }))
    const ended = { ends: second.index, retryKey: keyOf(one, 'second'), counter: counter(2) }
    expect((await one.deps.log.append(draft(ended))).quota).toEqual({ used: 1, claimed: 0 })
    await other.deps.log.append(draft({ counter: counter(2) }))
    await expect(one.deps.log.append(draft({ counter: counter(2) }))).rejects.toThrow(OverLimit)
    expect(await one.deps.store.findRetry(keyOf(one, 'first'))).toBeUndefined()
    expect(await one.deps.store.findRetry(keyOf(one, 'second'))).toBeDefined()
  })

  test('count each other’s guesses', async () => {
    const { one, other } = await two()
    const join = (seen: string) => (seen.length < 5 ? `${seen}.` : undefined)
    const probe = { key: keyOf(one, 'probe'), day: DAY, join }
    const guesses = Array.from({ length: 12 }, (_, i) =>
      (i % 2 ? one : other).deps.log.append(draft({ probe })),
    )
    const settled = await Promise.allSettled(guesses)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(settled.filter(isOver)).toHaveLength(7)
  })

  test('build on each other’s entries, and both show the last tree to a reader', async () => {
    const { one, other } = await two()
    const size = one.size()
    for (let i = 0; i < 6; i++)
      await Promise.all(
        Array.from({ length: 50 }, () => (i % 2 ? one : other).deps.log.append(draft())),
      )
    expect((await one.deps.log.current()).head).toEqual((await other.deps.log.current()).head)
    expect((await one.deps.log.current()).head.size).toBe(size + 300)
    const { text } = await other.get('/log/checkpoint')
    expect(text).toBe((await one.get('/log/checkpoint')).text)
  })

  test('of two entries that end one intent, one is written', async () => {
    const { one, other } = await two()
    const { index } = await one.deps.log.append(
      draft({ retryKey: keyOf(one, 'key'), leaseUntil: 1 }),
    )
    const ends = [one, other, one].map(({ deps }) => deps.log.append(draft({ ends: index })))
    const placed = await Promise.all(ends)
    expect(placed.filter(({ taken }) => !taken)).toHaveLength(1)
  })
})

describe('a database that went back', () => {
  test('is not signed on top of, by whoever saw it further on', async () => {
    const gateway = await openTestGateway()
    const { log, store } = gateway.deps
    const before = await store.readHead()
    await log.append(draft())
    await log.append(draft())
    const { size, checkpoint, time_at } = await headRow(gateway)
    await store.db.deleteFrom('entry').where('idx', '>=', before.size).execute()
    const back = { size: before.size, checkpoint: before.checkpoint, time_at: before.timeAt }
    await store.db.updateTable('head').set(back).execute()
    await expect(log.append(draft())).rejects.toThrow(LogUnavailable)
    expect(await log.ready()).toBe(false)
    expect(await store.readHead()).toEqual(before)
    expect([size, checkpoint, time_at]).not.toEqual(Object.values(before))
  })

  async function headRow({ deps }: TestGateway) {
    return deps.store.db.selectFrom('head').selectAll().executeTakeFirstOrThrow()
  }
})

// What only a database that nodes share can do.
test.runIf(isShared)('after a failover nobody signs on before it was looked at', async () => {
  const gateway = await openTestGateway()
  const { log, store } = gateway.deps
  await log.append(draft())
  const size = gateway.size()
  const promote = (timeline: string) =>
    sql`UPDATE test_clock SET timeline = ${timeline}`.execute(store.db)
  await promote('2')
  await expect(log.append(draft())).rejects.toThrow(LogUnavailable)
  expect(await log.ready()).toBe(false)
  expect((await store.readHead()).size).toBe(size)
  const restarted = await openTestGateway({ dir: gateway.dir })
  expect((await restarted.deps.log.append(draft())).index).toBe(size)
  await promote('1')
})

describe('an act', () => {
  const THING = 'proposal/1'

  function act(gateway: TestGateway, things: readonly { name: string; revision: number }[]): Draft {
    const { db } = gateway.deps.store
    const writes = (index: number, at: number) => [
      db
        .insertInto('act')
        .values({ entry: index, thing: THING, what: 'test', person: 'p', at, note: '{}' })
        .compile(),
    ]
    return draft({ act: { things, writes } })
  }

  const acts = ({ deps }: TestGateway) => deps.store.db.selectFrom('act').selectAll().execute()

  test('is written with its entry, and what it touched goes on', async () => {
    const gateway = await openTestGateway()
    const { log, store } = gateway.deps
    const { index } = await log.append(act(gateway, [{ name: THING, revision: 0 }]))
    expect(await acts(gateway)).toMatchObject([{ entry: index, thing: THING }])
    await log.append(act(gateway, [{ name: THING, revision: 1 }]))
    expect(await store.db.selectFrom('revision').selectAll().execute()).toEqual([
      { thing: THING, n: 2 },
    ])
  })

  test('on something that has gone on is refused alone, and neither entry nor change is written', async () => {
    const gateway = await openTestGateway()
    const { log } = gateway.deps
    const size = gateway.size()
    const both = [
      { name: 'item/A-01', revision: 0 },
      { name: THING, revision: 3 },
    ]
    const stale = log.append(act(gateway, both))
    const beside = log.append(draft())
    await expect(stale).rejects.toThrow(StaleRevision)
    expect(await beside).toMatchObject({ index: size, taken: false })
    expect(await acts(gateway)).toEqual([])
    // The thing that was as expected was not touched either.
    await log.append(act(gateway, [{ name: 'item/A-01', revision: 0 }]))
  })

  test('meets another one on the same thing: of many at once, one is written', async () => {
    const gateway = await openTestGateway()
    const { log } = gateway.deps
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, () => log.append(act(gateway, [{ name: THING, revision: 0 }]))),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await acts(gateway)).toHaveLength(1)
  })

  test('whose statement fails leaves no entry', async () => {
    const gateway = await openTestGateway()
    const { log, store } = gateway.deps
    const size = gateway.size()
    const broken = () => [sql`INSERT INTO nowhere VALUES (1)`.compile(store.db)]
    const failing = draft({ act: { things: [{ name: THING, revision: 0 }], writes: broken } })
    await expect(log.append(failing)).rejects.toThrow(LogUnavailable)
    expect((await log.append(draft())).index).toBe(size)
    expect(await store.db.selectFrom('revision').selectAll().execute()).toEqual([])
  })

  test('security: nobody decides on his own proposal, whatever the code does', async () => {
    const { deps } = await openTestGateway()
    const row = {
      ...{ id: '1', kind: 'item', target: 'A-01', agency: 'x', party: null, state: 'approved' },
      ...{ doc: '{}', base: null, proposer: 'ann', more: '{}', opened_at: 0, changed_at: 0 },
    }
    const insert = (who: { approver: string | null; publisher: string | null }) =>
      deps.store.db
        .insertInto('proposal')
        .values({ ...row, ...who })
        .execute()
    await expect(insert({ approver: 'ann', publisher: null })).rejects.toThrow()
    await expect(insert({ approver: 'ben', publisher: 'ann' })).rejects.toThrow()
    await insert({ approver: 'ben', publisher: 'cyd' })
  })
})
