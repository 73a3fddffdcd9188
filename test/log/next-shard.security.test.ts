import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { checkLog } from '../../src/log/check.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { DamagedLog } from '../../src/log/open.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { inspectGateway } from '../../src/platform/inspect.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, configOf, NOW, openTestGateway, temporaryFolder } from '../harness.ts'
import { backUp, fill, inNewShard, newShard } from '../shards.ts'

const marriage = claimsOf('family-4-marriage')
/** Shard 1: two full tiles and a partial one. Three were lost after it. Shard 2: one full, one partial. */
const HELD = 600
const LOST = 3
const SECOND = 300
const BASE = HELD + LOST
const END = BASE + SECOND

/** A folder with both shards closed and a third begun, to be copied for each test. */
let whole: string

beforeAll(async () => {
  const first = await openTestGateway()
  const { dir } = first
  await fill(first, HELD - first.size())
  const copy = backUp(first)
  await fill(first, LOST)
  await first.close()
  copy.restore()
  await newShard(dir, NOW)
  const second = await openTestGateway({ dir })
  await fill(second, SECOND - 1)
  const third = await inNewShard(second)
  await fill(third, 5)
  await third.close()
  whole = temporaryFolder()
  cpSync(dir, whole, { recursive: true })
}, 60_000)

/** The folder is the only one that must outlive a test. */
let kept: string
beforeAll(() => {
  kept = `${whole}-kept`
  cpSync(whole, kept, { recursive: true })
})
afterAll(() => rmSync(kept, { recursive: true, force: true }))
afterEach(checkWholeLog)

async function altered(...statements: string[]): Promise<string> {
  const dir = temporaryFolder()
  cpSync(kept, dir, { recursive: true })
  const { raw, store } = await openDatabase(dir)
  for (const statement of statements) raw.exec(statement)
  await store.close()
  return dir
}

/** As `log check` does. */
async function check(dir: string) {
  const inspected = await inspectGateway(configOf(dir))
  if (!inspected) throw new Error('no gateway')
  const { anchor, ...needs } = inspected
  try {
    return await checkLog({ ...needs, ...(anchor === undefined ? {} : { anchor }) })
  } finally {
    await inspected.close()
  }
}

const start = (dir: string) =>
  openGateway(configOf(dir), { clock: () => NOW, report: () => {} }).then((one) => one.close())

test('untouched, all three shards hold: the old anchor is ahead, and the loss is on record', async () => {
  const dir = await altered()
  const report = await check(dir)
  expect(report).toMatchObject({ ok: true, size: HELD + SECOND + 6, faults: [] })
  expect(report.shards).toMatchObject([
    { origin: 'gateway.yunting.example/log', base: 0, size: HELD, checked: HELD },
    { origin: 'gateway.yunting.example/log-2', base: BASE, size: SECOND, checked: SECOND },
    { origin: 'gateway.yunting.example/log-3', base: END, size: 6, checked: 6 },
  ])
  expect(readFileSync(join(dir, 'anchor', 'checkpoint'), 'utf8')).toContain(
    `/log\n${HELD + LOST}\n`,
  )
  await expect(start(dir)).resolves.toBeUndefined()
})

const swap = (one: number, other: number) => `
  UPDATE entry SET idx = -1 WHERE idx = ${one};
  UPDATE entry SET idx = ${one} WHERE idx = ${other};
  UPDATE entry SET idx = ${other} WHERE idx = -1`

describe('the whole check finds in a closed shard', () => {
  test.each([
    ['an entry edited', `UPDATE entry SET leaf = leaf || ' ' WHERE idx = 77`, 77],
    ['an entry edited at its edge', `UPDATE entry SET leaf = leaf || ' ' WHERE idx = 599`, 599],
    ['an entry deleted', 'DELETE FROM entry WHERE idx = 300', 300],
    ['its last entry deleted', 'DELETE FROM entry WHERE idx = 599', 599],
    ['an entry deleted in the second', `DELETE FROM entry WHERE idx = ${BASE + 40}`, BASE + 40],
    ['entries reordered', swap(77, 78), 77],
    ['entries reordered in the second', swap(BASE + 280, BASE + 281), undefined],
    [
      'an entry put among the lost',
      `INSERT INTO entry SELECT ${HELD}, leaf, hash FROM entry WHERE idx = 5`,
      HELD,
    ],
    [
      'an entry moved to another shard',
      `UPDATE entry SET idx = ${HELD} WHERE idx = ${END - 1}`,
      HELD,
    ],
    [
      'a tile blanked',
      'UPDATE tile SET hashes = zeroblob(8192) WHERE shard = 1 AND n = 1 AND level = 0',
      256,
    ],
    [
      'a partial tile cut',
      `UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE shard = 2 AND n = 1`,
      BASE + 257,
    ],
    ['a tile gone', 'DELETE FROM tile WHERE shard = 1 AND level = 0 AND n = 0', undefined],
    ['all tiles gone', 'DELETE FROM tile WHERE shard < 3', undefined],
    ['the first entry of its successor gone', `DELETE FROM entry WHERE idx = ${BASE}`, BASE],
    [
      'its successor naming another size',
      `UPDATE entry SET leaf = replace(leaf, 'log\\n${HELD}', 'log\\n599') WHERE idx = ${BASE}`,
      BASE,
    ],
    [
      'its successor naming no loss',
      `UPDATE entry SET leaf = json_set(leaf, '$.shard.seen', json('[]')) WHERE idx = ${BASE}`,
      HELD,
    ],
    ['the numbers of the current one moved', 'UPDATE head SET base = base + 1', undefined],
    ['the current one called by another name', 'UPDATE head SET shard = 2', undefined],
    ['everything after it wiped', `DELETE FROM entry WHERE idx >= ${BASE}`, undefined],
  ])('%s', async (_, sql, index) => {
    const report = await check(await altered(sql))
    expect(report.ok).toBe(false)
    if (index !== undefined) expect(report.firstBad).toBe(index)
  })

  test('an entry rewritten with its hash and its tile: the checkpoint that its successor names', async () => {
    const dir = await altered()
    const { raw, store } = await openDatabase(dir)
    const leaf = String(await store.readLeaf(77)).replace('}', ',"z":1}')
    const hash = Buffer.from(leafHash(nodeSha256, new TextEncoder().encode(leaf)))
    raw.prepare('UPDATE entry SET leaf = ?, hash = ? WHERE idx = 77').run(leaf, hash)
    raw
      .prepare(
        `UPDATE tile SET hashes = CAST(substr(hashes, 1, ?) || ? || substr(hashes, ?) AS BLOB)
         WHERE shard = 1 AND level = 0 AND n = 0`,
      )
      .run(77 * 32, hash, 77 * 32 + 33)
    await store.close()
    const { ok, faults } = await check(dir)
    expect(ok).toBe(false)
    expect(faults.map(({ what }) => what).join()).toMatch(
      /root that was signed by .*\/log at size 600/,
    )
  })
})

describe('the start refuses', () => {
  test.each([
    [
      'a first entry that names another predecessor',
      `UPDATE entry SET leaf = replace(leaf, '"shard":2,"vkey"', '"shard":1,"vkey"') WHERE idx = ${END}`,
    ],
    [
      'a first entry of another shard',
      `UPDATE entry SET leaf = replace(leaf, '"reason":"a test"', '"reason":"another"') WHERE idx = ${BASE}`,
    ],
    ['a first entry that is gone', `DELETE FROM entry WHERE idx = ${BASE}`],
    ['tiles of a closed shard that are gone', 'DELETE FROM tile WHERE shard = 2'],
    ['other numbers', 'UPDATE head SET base = base + 1'],
    ['an earlier shard in the head', 'UPDATE head SET shard = 1, base = 0'],
  ])('%s', async (_, sql) => {
    await expect(start(await altered(sql))).rejects.toThrow(DamagedLog)
  })

  test('a back-up from before the shard: its anchor is there, and the name is not used again', async () => {
    const gateway = await openTestGateway()
    const { dir } = gateway
    const size = gateway.size()
    const copy = backUp(gateway)
    const second = await inNewShard(gateway)
    const lost = await second.ask(HOUSING, marriage)
    const bundle = await second.bundle(lost)
    await second.close()
    copy.restore()
    await expect(start(dir)).rejects.toThrow('/log-2 was signed: it was rolled back')
    expect((await check(dir)).faults.map(({ what }) => what).join()).toContain(
      '/log-2, which is not here',
    )
    const { plan } = await newShard(dir, NOW)
    expect(plan).toMatchObject({ shard: 3, base: size + 2, lost: [{ shard: 2, entries: 2 }] })
    expect((await check(dir)).faults).toEqual([])
    const third = await openTestGateway({ dir })
    expect(bundle.receipt).toContain('/log-2\n2\n')
    expect((await third.ask(HOUSING, marriage)).index).toBe(size + 3)
  })

  test('junk among the anchors of later shards', async () => {
    const dir = await altered()
    writeFileSync(join(dir, 'anchor', 'checkpoint-9'), 'trust me')
    await expect(start(dir)).rejects.toThrow(DamagedLog)
    await expect(newShard(dir, NOW)).rejects.toThrow('not a checkpoint that this log signed')
  })
})
