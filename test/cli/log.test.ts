import { cpSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { decodeBase64 } from '../../src/log/base64.ts'
import { openCheckpoint } from '../../src/log/checkpoint.ts'
import { leafText } from '../../src/log/entry.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { rootAt } from '../../src/log/proof.ts'
import { decodeEntryBundle, tilePath } from '../../src/log/tile.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { mianzheng, temporary } from './cli.ts'

const SIZE = 600
const { dir, remove } = temporary()
const whole = join(dir, 'whole')
let identity: { origin: string; vkey: string }

async function grow(data: string, entries: number): Promise<void> {
  const gateway = await openGateway(readConfig({ DATA_DIR: data }), { report: () => {} })
  identity = gateway.own.logIdentity
  const change = (id: number) => ({ what: 'test', id: String(id), hash: 'x' })
  const appends = Array.from({ length: entries }, (_, id) =>
    gateway.deps.log.append({
      leaf: (time) => leafText({ kind: 'registry', change: change(id) }, time),
    }),
  )
  await Promise.all(appends)
  await gateway.close()
}

/** A copy of the whole log, altered by SQL past the gateway. */
async function altered(name: string, ...statements: string[]): Promise<string> {
  const data = join(dir, name)
  cpSync(whole, data, { recursive: true })
  const { raw, store } = await openDatabase(data)
  for (const statement of statements) raw.exec(statement)
  await store.close()
  return data
}

const check = async (data: string, ...args: string[]) => {
  const { code, out } = await mianzheng(['log', 'check', '--data', data, '--json', ...args])
  return { code, report: JSON.parse(out) }
}

beforeAll(() => grow(whole, SIZE))
afterAll(remove)

describe('log check', () => {
  it('says of an untouched log that it holds', async () => {
    const { code, report } = await check(whole)
    expect({ code, ...report }).toMatchObject({ code: 0, ok: true, size: SIZE, checked: SIZE })
    expect((await mianzheng(['log', 'check', '--data', whole])).out).toContain('日志完好')
  })

  it.each([
    ['edited', `UPDATE entry SET leaf = replace(leaf, '"id":"77"', '"id":"78"') WHERE idx = 77`],
    ['deleted', 'DELETE FROM entry WHERE idx = 77'],
    [
      'reordered',
      'UPDATE entry SET idx = -1 WHERE idx = 77; UPDATE entry SET idx = 77 WHERE idx = 78; UPDATE entry SET idx = 78 WHERE idx = -1',
    ],
  ])('names the first bad index of a log in which an entry was %s', async (name, sql) => {
    const { code, report } = await check(await altered(name, sql))
    expect({ code, firstBad: report.firstBad }).toEqual({ code: 1, firstBad: 77 })
  })

  it('finds a truncated log where it ends', async () => {
    const { code, report } = await check(await altered('cut', 'DELETE FROM entry WHERE idx >= 590'))
    expect({ code, firstBad: report.firstBad }).toEqual({ code: 1, firstBad: 590 })
  })

  it('reports a file that is no database any more', async () => {
    const data = await altered('torn')
    const file = await open(join(data, 'gateway.sqlite'), 'r+')
    await file.write(Buffer.alloc(4096, 7), 0, 4096, 0)
    await file.close()
    const { code, err } = await mianzheng(['log', 'check', '--data', data])
    expect(code).toBe(1)
    expect(err).toContain('back-up')
  })
})

describe('a database that was rolled back', () => {
  it('is found by check and refused by serve, which says what to do', async () => {
    const data = join(dir, 'rolled-back')
    cpSync(whole, data, { recursive: true })
    await grow(data, 5)
    cpSync(join(whole, 'gateway.sqlite'), join(data, 'gateway.sqlite'))
    const { code, report } = await check(data)
    expect({ code, ok: report.ok, firstBad: report.firstBad }).toEqual({
      code: 1,
      ok: false,
      firstBad: SIZE,
    })
    const serve = await mianzheng(['serve', '--data', data], { env: { PORT: '0' } })
    expect(serve.code).toBe(1)
    expect(serve.err).toContain('rolled back')
    expect(serve.err).toContain('log check')
  })

  it('is found with the anchor gone too, by a checkpoint kept elsewhere', async () => {
    const data = join(dir, 'with-anchor')
    cpSync(whole, data, { recursive: true })
    await grow(data, 5)
    const kept = join(dir, 'kept-checkpoint')
    cpSync(join(data, 'anchor', 'checkpoint'), kept)
    const { code, report } = await check(whole, '--checkpoint', kept)
    expect({ code, ok: report.ok, kept: report.kept.ok }).toEqual({
      code: 1,
      ok: false,
      kept: false,
    })
    expect((await check(data, '--checkpoint', kept)).code).toBe(0)
  })
})

describe('log export', () => {
  const out = join(dir, 'export')
  const file = (path: string) => new Uint8Array(readFileSync(join(out, path)))

  it('writes tiles from which anyone derives the signed root again', async () => {
    const { code, out: said } = await mianzheng([
      'log',
      'export',
      '--data',
      whole,
      '--out',
      out,
      '--json',
    ])
    expect(code).toBe(0)
    const note = readFileSync(join(out, 'checkpoint'), 'utf8')
    const signed = await openCheckpoint(note, identity)
    expect(signed?.size).toBe(SIZE)
    const readTile = async (level: number, n: number, width: number) =>
      file(tilePath({ level, n, width }))
    const root = await rootAt(nodeSha256, readTile, SIZE)
    expect(Uint8Array.from(root)).toEqual(signed?.root)
    expect(decodeBase64(JSON.parse(said).root)).toEqual(signed?.root)
  })

  it('writes entries whose hashes stand in the tiles', () => {
    let seen = 0
    for (const { n, width } of [
      { n: 0, width: 256 },
      { n: 1, width: 256 },
      { n: 2, width: 88 },
    ]) {
      const entries = decodeEntryBundle(file(tilePath({ level: 'entries', n, width })))
      const hashes = Buffer.concat(entries.map((entry) => leafHash(nodeSha256, entry)))
      expect(Buffer.compare(hashes, file(tilePath({ level: 0, n, width })))).toBe(0)
      seen += entries.length
    }
    expect(seen).toBe(SIZE)
  })

  it('does not export a log that does not hold', async () => {
    const data = await altered('unexported', 'DELETE FROM entry WHERE idx = 5')
    const target = join(dir, 'nothing')
    const { code } = await mianzheng(['log', 'export', '--data', data, '--out', target])
    expect(code).toBe(1)
    expect(() => readFileSync(join(target, 'checkpoint'))).toThrow('ENOENT')
  })
})
