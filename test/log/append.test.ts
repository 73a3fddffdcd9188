import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { leafText, parseLeaf } from '../../src/log/entry.ts'
import { type Draft, StaleHead } from '../../src/storage/store.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { wrapAppend } from '../engine.ts'
import { checkWholeLog, isShared, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

/** An entry that says nothing of anybody. */
function note(id: number): Draft {
  const change = { what: 'test', id: String(id), hash: '' }
  return { leaf: (time) => leafText({ kind: 'registry', change }, time) }
}

function notes(count: number): Draft[] {
  return Array.from({ length: count }, (_, id) => note(id))
}

describe('group commit', () => {
  test('a thousand entries at once are a handful of commits, numbered without gap or double', async () => {
    const gateway = await openTestGateway()
    const { log } = gateway.deps
    const size = gateway.size()
    let commits = 0
    wrapAppend(gateway, (append) => (...batch) => {
      commits += 1
      return append(...batch)
    })
    const placed = await Promise.all(notes(1000).map((draft) => log.append(draft)))
    expect(placed.map(({ index }) => index)).toEqual(
      Array.from({ length: 1000 }, (_, i) => size + i),
    )
    expect(commits).toBeLessThanOrEqual(8)
    expect(log.head().size).toBe(size + 1000)
  })

  test('fifty answers at once share a few commits too', async () => {
    const gateway = await openTestGateway()
    let commits = 0
    wrapAppend(gateway, (append) => (...batch) => {
      commits += 1
      return append(...batch)
    })
    const asked = Array.from({ length: 50 }, () => gateway.ask(HOUSING, marriage))
    const replies = await Promise.all(asked)
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(new Set(replies.map(({ index }) => index)).size).toBe(50)
    expect(commits).toBeLessThan(25)
  })

  test('whoever finds the queue full is told to come back; those in it are served', async () => {
    const gateway = await openTestGateway()
    const settled = await Promise.allSettled(notes(5000).map((one) => gateway.deps.log.append(one)))
    const kept = settled.filter(({ status }) => status === 'fulfilled')
    expect(kept.length).toBeGreaterThanOrEqual(4096)
    expect(kept.length).toBeLessThan(5000)
    const { size } = gateway.deps.log.head()
    const { db } = gateway.deps.store
    const counted = db.selectFrom('entry').select(({ fn }) => fn.countAll<number>().as('n'))
    expect(await counted.execute()).toEqual([{ n: size }])
  })

  // Where nodes share a database's clock, one that steps back by itself is refused (test/platform).
  test.skipIf(isShared)(
    'a clock that steps back does not make an entry older than the one before',
    async () => {
      const gateway = await openTestGateway()
      await gateway.deps.log.append(note(1))
      gateway.wait(-3600)
      const { index } = await gateway.deps.log.append(note(2))
      const time = async (at: number) =>
        parseLeaf(String(await gateway.deps.store.readLeaf(at))).time
      expect(await time(index)).toBe(await time(index - 1))
    },
  )
})

describe('a second process appends to the same file', () => {
  test('each finds its head stale, reloads, and goes on', async () => {
    const serving = await openTestGateway()
    const tool = await openTestGateway({ dir: serving.dir })
    const size = serving.size()
    const indices: number[] = []
    for (let round = 0; round < 5; round++)
      for (const { deps } of [serving, tool])
        indices.push((await deps.log.append(note(round))).index)
    expect(indices).toEqual(Array.from({ length: 10 }, (_, i) => size + i))
  })

  test('both at once: every entry is kept, once', async () => {
    const serving = await openTestGateway()
    const tool = await openTestGateway({ dir: serving.dir })
    const size = serving.size()
    const placed = await Promise.all(
      notes(400).map((draft, i) => (i % 2 ? serving : tool).deps.log.append(draft)),
    )
    const indices = placed.map(({ index }) => index).sort((a, b) => a - b)
    expect(indices).toEqual(Array.from({ length: 400 }, (_, i) => size + i))
  })

  test('a request answered there is a retry here: same bytes, one provider call', async () => {
    const one = await openTestGateway()
    const other = await openTestGateway({ dir: one.dir })
    const request = one.request(HOUSING, marriage)
    const first = await one.send(request)
    const again = await other.send(request)
    expect(again).toMatchObject({ status: 200, text: first.text, index: first.index })
    expect(other.calls.provider).toBe(0)
    const bundle = await other.send(request, { accept: 'application/json' })
    expect(bundle.status).toBe(200)
  })

  test('one request sent to both at once is one entry and one answer, byte for byte', async () => {
    const one = await openTestGateway()
    const other = await openTestGateway({ dir: one.dir })
    const size = one.size()
    const request = one.request(HOUSING, marriage)
    const replies = await Promise.all([one, other, one, other].map(({ send }) => send(request)))
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect(replies.map(({ index }) => index)).toEqual([size, size, size, size])
    expect(await one.deps.store.readHead()).toMatchObject({ size: size + 1 })
  })

  test('two requests under one jti, one to each at once: one is answered, one is jti-reuse', async () => {
    const one = await openTestGateway()
    const other = await openTestGateway({ dir: one.dir })
    const jti = '6f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b'
    const replies = await Promise.all([
      one.ask(HOUSING, { ...marriage, jti }),
      other.ask(HOUSING, { ...marriage, jti, case: 'ZB-2026-0312' }),
    ])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    for (const reply of replies) expect((await one.verify(reply)).ok).toBe(true)
  })

  test('a head that is always stale ends in a refusal, not in a loop', async () => {
    const gateway = await openTestGateway()
    let tries = 0
    const restore = wrapAppend(gateway, () => async () => {
      tries += 1
      throw new StaleHead('always')
    })
    expect((await gateway.ask(HOUSING, marriage)).problem?.code).toBe('log-unavailable')
    expect(tries).toBeLessThan(10)
    restore()
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
  })
})

test('after a drain the anchor outside the database is the last checkpoint', async () => {
  const gateway = await openTestGateway()
  await gateway.ask(HOUSING, marriage)
  await gateway.deps.log.drain()
  const anchor = readFileSync(join(gateway.dir, 'anchor', 'checkpoint'), 'utf8')
  expect(anchor).toBe(gateway.deps.log.head().checkpoint)
})

test('a draft whose request is on record already writes nothing', async () => {
  const gateway = await openTestGateway()
  const retryKey = gateway.deps.crypto.sha256(Buffer.from('one and the same'))
  const first = await gateway.deps.log.append({ ...note(1), retryKey })
  const size = gateway.size()
  expect(await gateway.deps.log.append({ ...note(2), retryKey })).toEqual({
    index: first.index,
    taken: true,
  })
  expect(gateway.size()).toBe(size)
})
