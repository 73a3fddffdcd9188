import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeBase64 } from '../../src/log/base64.ts'
import { leafText } from '../../src/log/entry.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { checkStored, checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

/** Two full tiles and a partial one. */
const ENTRIES = 600
const IN_TILES = 512

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
  const missing = ENTRIES - gateway.size()
  const change = { what: 'test', hash: '' }
  await Promise.all(
    Array.from({ length: missing }, (_, id) =>
      gateway.deps.log.append({
        leaf: (time) => leafText({ kind: 'registry', change: { ...change, id: String(id) } }, time),
      }),
    ),
  )
})

afterAll(checkWholeLog)

type Report = Awaited<ReturnType<typeof checkStored>>

/** Judges the log as somebody left it, then takes that back. */
async function checkAfter(tamper: () => void, anchor?: string): Promise<Report> {
  const { raw } = gateway.gateway
  raw.exec('BEGIN')
  try {
    tamper()
    return await checkStored(gateway.gateway, anchor)
  } finally {
    raw.exec('ROLLBACK')
  }
}

function run(sql: string, ...values: unknown[]): void {
  gateway.gateway.raw.prepare(sql).run(...values)
}

function leafAt(index: number): string {
  const row = gateway.gateway.raw.prepare('SELECT leaf FROM entry WHERE idx = ?').get(index)
  return (row as { leaf: string }).leaf
}

function rewrite(index: number, leaf: string): void {
  run('UPDATE entry SET leaf = ?, hash = ? WHERE idx = ?', leaf, hashOf(leaf), index)
}

function hashOf(leaf: string): Buffer {
  return Buffer.from(leafHash(gateway.deps.crypto.sha256, new TextEncoder().encode(leaf)))
}

/** What one may do to the entry at an index, and the index that must be told. */
const TAMPERINGS: Readonly<
  Record<string, { harm: (index: number) => void; told?: (index: number) => number | undefined }>
> = {
  'deletes it': { harm: (index) => run('DELETE FROM entry WHERE idx = ?', index) },
  'edits it': {
    harm: (index) => run("UPDATE entry SET leaf = leaf || ' ' WHERE idx = ?", index),
  },
  'rewrites its hash': {
    harm: (index) => run('UPDATE entry SET hash = zeroblob(32) WHERE idx = ?', index),
  },
  'edits it and rewrites its hash to fit': {
    harm: (index) => rewrite(index, leafAt(index).replace('}', ',"z":1}')),
    // In the partial tile nothing but the signed root remembers; the report says from where on.
    told: (index) => (index < IN_TILES ? index : undefined),
  },
  'edits it, its hash and its tile': {
    harm: (index) => {
      const leaf = leafAt(index).replace('}', ',"z":1}')
      rewrite(index, leaf)
      const n = Math.floor(index / 256)
      const at = (index % 256) * 32
      run(
        `UPDATE tile SET hashes = CAST(substr(hashes, 1, ?) || ? || substr(hashes, ?) AS BLOB)
         WHERE level = 0 AND n = ?`,
        at,
        hashOf(leaf),
        at + 33,
        n,
      )
    },
    told: () => undefined,
  },
  'changes places with its successor': {
    harm: (index) => {
      const [one, other] = [leafAt(index), leafAt((index + 1) % ENTRIES)]
      rewrite(index, other)
      rewrite((index + 1) % ENTRIES, one)
    },
    told: (index) =>
      index < IN_TILES
        ? Math.min(index, (index + 1) % ENTRIES)
        : index === ENTRIES - 1
          ? 0
          : undefined,
  },
  'truncates the log before it': {
    harm: (index) => run('DELETE FROM entry WHERE idx >= ?', index),
  },
  'moves its time back before its predecessor': {
    harm: (index) => rewrite(index, leafAt(index).replace(/"time":"\d{4}/, '"time":"1999')),
    told: (index) => index,
  },
}

describe('one entry, whichever, and the whole check names it when somebody', () => {
  test.each(Object.entries(TAMPERINGS))('%s', async (what, { harm, told }) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(ENTRIES - 1), async (index) => {
        const report = await checkAfter(() => harm(index))
        expect(report.ok, `${what} ${index}`).toBe(false)
        // The first entry has no predecessor to be older than.
        const isUntold = what.startsWith('moves') && index === 0
        const named = told && !isUntold ? told(index) : index
        if (named !== undefined) expect(report.firstBad).toBe(named)
      }),
      { numRuns: 25, examples: [[0], [255], [256], [511], [512], [599]] },
    )
  })
})

describe('damage to what was derived or signed', () => {
  test.each([
    ['a tile is gone', 'DELETE FROM tile WHERE level = 0 AND n = 1', 'tile 0/1 is missing'],
    [
      'a tile was blanked',
      'UPDATE tile SET hashes = zeroblob(8192) WHERE n = 1',
      'entry 256 is not the one in its tile',
    ],
    ['the checkpoint is gone', "UPDATE head SET checkpoint = ''", 'not signed'],
    ['the checkpoint is nonsense', "UPDATE head SET checkpoint = 'trust me'", 'not signed'],
    [
      'an entry was added that nobody signed',
      'INSERT INTO entry SELECT 600, leaf, hash FROM entry WHERE idx = 599',
      'beyond the signed size',
    ],
    ['the head claims fewer entries', 'UPDATE head SET size = 599', 'beyond the signed size'],
    ['everything is gone', 'DELETE FROM entry', 'only 0 are there'],
  ])('%s', async (_, sql, says) => {
    const report = await checkAfter(() => run(sql))
    expect(report.ok).toBe(false)
    expect(report.faults.map(({ what }) => what).join('; ')).toContain(says)
  })

  test('a whole log rolled back to an older, genuine checkpoint is found by the anchor alone', async () => {
    const { log } = gateway.deps
    const old = log.head()
    const oldTiles = gateway.gateway.raw.prepare('SELECT count(*) AS n FROM tile').get()
    const change = { what: 'test', id: 'later', hash: '' }
    await log.append({ leaf: (time) => leafText({ kind: 'registry', change }, time) })
    const anchor = log.head().checkpoint
    const rollBack = () => {
      run('DELETE FROM entry WHERE idx >= ?', old.size)
      run('UPDATE head SET size = ?, checkpoint = ?', old.size, old.checkpoint)
      expect(gateway.gateway.raw.prepare('SELECT count(*) AS n FROM tile').get()).toEqual(oldTiles)
    }
    expect(await checkAfter(rollBack)).toMatchObject({ ok: true, size: old.size })
    const found = await checkAfter(rollBack, anchor)
    expect(found).toMatchObject({ ok: false, firstBad: old.size })
    expect(found.faults[0]?.what).toContain(`the anchor covers ${old.size + 1} entries`)
  })

  test('an anchor of a log with other entries is not this one', async () => {
    const forged = gateway.deps.log
      .head()
      .checkpoint.replace(/\n[^\n]{44}\n/, `\n${encodeBase64(new Uint8Array(32))}\n`)
    const report = await checkStored(gateway.gateway, forged)
    expect(report.faults).toEqual([{ what: 'the anchor is not a checkpoint of this log' }])
  })
})

test('an untouched log is good, and says how much was checked and what its root is', async () => {
  const { size, checkpoint } = gateway.deps.log.head()
  const report = await checkStored(gateway.gateway, checkpoint)
  expect(report).toMatchObject({ ok: true, size, checked: size, faults: [] })
  expect(checkpoint).toContain(`\n${report.root}\n`)
})
