import { afterEach, describe, expect, test } from 'vitest'
import { leafText } from '../../src/log/entry.ts'
import type { Draft } from '../../src/storage/store.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

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
    expect(gateway.gateway.raw.inTransaction).toBe(false)
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
