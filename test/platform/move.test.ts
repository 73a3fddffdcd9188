import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { verifyEvidence } from '../../src/log/verify.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { keysFolder } from '../../src/platform/keys.ts'
import { moveGateway } from '../../src/platform/move.ts'
import { placeOf } from '../../src/platform/place.ts'
import { COPIED, LEFT_BEHIND } from '../../src/storage/copy.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import {
  checkWholeLog,
  NOW,
  openTestGateway,
  type TestGateway,
  temporaryFolder,
} from '../harness.ts'
import { copyKeys, ownPostgres, rowsOf } from './places.ts'

afterEach(checkWholeLog)
const emptyDatabase = ownPostgres()

const marriage = claimsOf('family-4-marriage')
/** What a 64-bit key may be, and a number of JavaScript not. */
const KEYS = [
  '-9223372036854775808',
  '9223372036854775807',
  '-9007199254740993',
  '9007199254740995',
]

const move = (from: string, to: string, dir = from) =>
  moveGateway({
    from: placeOf(from),
    to: placeOf(to),
    keys: keysFolder(dir),
    anchorDir: join(dir, 'anchor'),
    now: NOW,
  })

/** A gateway with a bit of everything in it, closed. */
async function filled() {
  const gateway = await openTestGateway()
  await gateway.amend('agreement', 'housing-mar', { dailyQuota: 3 })
  const reply = await gateway.ask(HOUSING, marriage)
  const bundle = await gateway.bundle(reply)
  const trust = await gateway.trust()
  await gateway.ask(HOUSING, { ...marriage, item: 'NONE-01' })
  const { db } = gateway.deps.store
  for (const key of KEYS) {
    await sql`INSERT INTO retry (key, idx) VALUES (CAST(${key} AS BIGINT), 0)`.execute(db)
    await sql`INSERT INTO probe (key, day, seen) VALUES (CAST(${key} AS BIGINT), '2099-01-01', 'x')`.execute(
      db,
    )
  }
  await db.insertInto('bucket').values({ name: 'b', tokens: 1.25, at: NOW, granted: 0 }).execute()
  await db
    .insertInto('proof')
    .values({ key: Buffer.from([0, 255, 7]), expires_at: NOW })
    .execute()
  await gateway.close()
  return { dir: gateway.dir, reply, bundle, trust, size: gateway.size() }
}

type Filled = Awaited<ReturnType<typeof filled>>

/** Of the three uses that a day has, one more is taken by each call of this. */
async function expectGoesOn(gateway: TestGateway, { reply, bundle, trust }: Filled): Promise<void> {
  const again = await gateway.send(reply.request)
  expect(again).toMatchObject({ status: 200, text: reply.text, index: reply.index })
  expect(await verifyEvidence(bundle as never, trust as never, nodeSha256)).toMatchObject({
    ok: true,
  })
  expect((await gateway.verify(again)).ok).toBe(true)
  expect((await gateway.trust()) as { log: unknown }).toMatchObject({
    log: (trust as { log: unknown }).log,
  })
  expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
}

describe('a gateway that moves house', () => {
  test('from SQLite to PostgreSQL and back: every row, receipt, retry and quota comes along', async ({
    skip,
  }) => {
    const url = await emptyDatabase(skip)
    const old = await filled()
    const before = await rowsOf(old.dir)
    await move(old.dir, url)
    expect(await rowsOf(url)).toEqual(before)

    const shared = await openTestGateway({ dir: old.dir, databaseUrl: url })
    expect(shared.size()).toBe(old.size)
    await expectGoesOn(shared, old)
    await expectImports(shared)
    await shared.close()

    const home = temporaryFolder()
    const then = await rowsOf(url)
    await move(url, home, old.dir)
    expect(await rowsOf(home)).toEqual(then)
    copyKeys(old.dir, home)
    const back = await openTestGateway({ dir: home })
    await expectGoesOn(back, old)
    await expectImports(back)
    // One before the move and one in each place: the day's three.
    expect((await back.ask(HOUSING, marriage)).problem?.code).toBe('quota')
  }, 60_000)

  test('from SQLite to SQLite', async () => {
    const old = await filled()
    const before = await rowsOf(old.dir)
    const home = temporaryFolder()
    const { size } = await move(old.dir, home)
    expect(size).toBe(old.size)
    expect(await rowsOf(home)).toEqual(before)
    copyKeys(old.dir, home)
    await expectGoesOn(await openTestGateway({ dir: home }), old)
  })

  test('can never sign where it was', async ({ skip }) => {
    const old = await filled()
    const home = temporaryFolder()
    await move(old.dir, home)
    const refused = openTestGateway({ dir: old.dir })
    await expect(refused).rejects.toThrow(`this gateway was moved to ${home}`)
    await expect(move(old.dir, temporaryFolder())).rejects.toThrow('was moved to')
    const url = await emptyDatabase(skip)
    await move(home, url, old.dir)
    const last = temporaryFolder()
    await move(url, last, old.dir)
    const gone = openTestGateway({ dir: old.dir, databaseUrl: url })
    await expect(gone).rejects.toThrow(`this gateway was moved to ${last}`)
  })

  test('past a writer who locks the other way round: one gives way, both are done', async ({
    skip,
  }) => {
    const url = await emptyDatabase(skip)
    const old = await filled()
    await move(old.dir, url)
    const writer = new pg.Client({ connectionString: url })
    await writer.connect()
    await writer.query('BEGIN')
    await writer.query(`UPDATE pledge SET doc = doc WHERE false`)
    const home = temporaryFolder()
    const moved = move(url, home, old.dir)
    await new Promise((resolve) => setTimeout(resolve, 300))
    // The move holds the registry by now and waits for the pledges, who wait for the registry.
    await writer.query(`UPDATE agency SET doc = doc WHERE false`)
    await writer.query('COMMIT')
    await writer.end()
    await moved
    expect(await rowsOf(home)).toEqual(await rowsOf(old.dir))
  })

  test('from under its nodes: they stop, and nothing that they answered is missing', async ({
    skip,
  }) => {
    const url = await emptyDatabase(skip)
    const old = await filled()
    await move(old.dir, url)
    const node = await openTestGateway({ dir: old.dir, databaseUrl: url })
    await node.amend('agreement', 'housing-mar', { dailyQuota: 1_000_000 })
    const answered: { request: string; text: string }[] = []
    let isMoved = false
    const asking = (async () => {
      while (!isMoved) {
        const reply = await node.ask(HOUSING, marriage)
        if (reply.status === 200) answered.push(reply)
        else expect(reply.status).toBe(503)
      }
    })()
    const home = temporaryFolder()
    await new Promise((resolve) => setTimeout(resolve, 200))
    await move(url, home, old.dir)
    isMoved = true
    await asking
    expect(answered.length).toBeGreaterThan(0)
    expect(await node.ask(HOUSING, marriage)).toMatchObject({ status: 503 })
    expect((await node.get('/readyz')).status).toBe(503)
    // Its log is ended on purpose: not one that checkWholeLog can find whole.
    await node.close()
    copyKeys(old.dir, home)
    const there = await openTestGateway({ dir: home })
    for (const { request, text } of answered)
      expect(await there.send(request)).toMatchObject({ status: 200, text })
  }, 60_000)
})

async function expectImports({ deps }: TestGateway): Promise<void> {
  const highest = deps.store.db.selectFrom('snapshot').select(({ fn }) => fn.max('id').as('id'))
  const { id } = await highest.executeTakeFirstOrThrow()
  const next = { register: 'x', as_of: NOW, version: 'x', rows: 0, complete: 0 }
  const made = deps.store.db.insertInto('snapshot').values(next).returning('id')
  expect((await made.executeTakeFirstOrThrow()).id).toBeGreaterThan(id)
}

describe('is refused', () => {
  test('while the folder is served, or where there is none', async () => {
    const gateway = await openTestGateway()
    const { holdFolder } = await import('../../src/platform/lock.ts')
    const held = holdFolder(gateway.dir)
    await expect(move(gateway.dir, temporaryFolder())).rejects.toThrow('Another gateway serves')
    held.release()
    await expect(move(temporaryFolder(), temporaryFolder())).rejects.toThrow('no gateway')
  })

  test('where the target is not empty, and leaves it as it is', async ({ skip }) => {
    const one = await filled()
    const other = await filled()
    const before = await rowsOf(other.dir)
    await expect(move(one.dir, other.dir)).rejects.toThrow('is not empty')
    await expect(move(one.dir, one.dir)).rejects.toThrow('the same place')
    expect(await rowsOf(other.dir)).toEqual(before)
    const url = await emptyDatabase(skip)
    await move(other.dir, url)
    await expect(move(one.dir, url)).rejects.toThrow('is not empty')
    await openTestGateway({ dir: one.dir })
  })

  test.each([
    {
      what: 'an entry',
      damage: "UPDATE entry SET leaf = leaf || ' ' WHERE idx = 0",
      says: 'entry 0 was altered',
    },
    { what: 'evidence', damage: 'DELETE FROM evidence', says: 'is gone, and no erasure says so' },
  ])('where the log is damaged ($what): nothing is retired', async ({ damage, says }) => {
    const { dir, reply } = await filled()
    const { raw, store } = await openDatabase(dir)
    raw.exec(damage)
    await store.close()
    await expect(move(dir, temporaryFolder())).rejects.toThrow(says)
    const { store: source } = await openDatabase(dir)
    expect((await source.readHead()).checkpoint).toContain('gateway.yunting.example/log')
    expect(await source.readLeaf(reply.index as number)).toBeDefined()
    await source.close()
  })

  test('a copy that did not come to its end, by gateways and by the next copy', async () => {
    const { dir } = await filled()
    const { raw, store } = await openDatabase(dir)
    raw.exec('DELETE FROM evidence')
    await store.close()
    const home = temporaryFolder()
    await expect(move(dir, home)).rejects.toThrow('no erasure says so')
    copyKeys(dir, home)
    await expect(openTestGateway({ dir: home })).rejects.toThrow('did not come to its end')
    await expect(move(dir, home)).rejects.toThrow('holds an unfinished copy')
  })
})

test('every table and column of the schema is copied, or left behind on purpose', async () => {
  const { store } = await openDatabase(temporaryFolder())
  const tables = await store.db.introspection.getTables()
  const names = tables.map(({ name }) => name)
  expect(LEFT_BEHIND.filter((table) => !names.includes(table))).toEqual([])
  const isLeft = (name: string) => (LEFT_BEHIND as readonly string[]).includes(name)
  const own = tables.filter(({ name }) => !/^(kysely_|sqlite_)/.test(name) && !isLeft(name))
  const shape = own.map(({ name, columns }) => [name, columns.map((column) => column.name).sort()])
  const copied = COPIED.map(({ table, key, columns }) => [table, [...key, ...columns].sort()])
  expect(Object.fromEntries(copied)).toEqual(Object.fromEntries(shape))
  await store.close()
})
