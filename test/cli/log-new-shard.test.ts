import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { leafText, parseLeaf } from '../../src/log/entry.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { mianzheng, served, temporary } from './cli.ts'

const HELD = 270
const LOST = 4
const { dir, remove } = temporary()
/** A folder whose database went back by four entries. */
const whole = join(dir, 'whole')

async function grow(data: string, entries: number): Promise<string> {
  const gateway = await openGateway(readConfig({ DATA_DIR: data }), { report: () => {} })
  const change = (id: number) => ({ what: 'test', id: String(id), hash: 'x' })
  for (let id = 0; id < entries; id++)
    await gateway.deps.log.append({
      leaf: (time) => leafText({ kind: 'registry', change: change(id) }, time),
    })
  const { checkpoint } = gateway.deps.log.head()
  await gateway.close()
  return checkpoint
}

beforeAll(async () => {
  await grow(whole, HELD)
  const old = join(dir, 'old')
  cpSync(whole, old, { recursive: true })
  await grow(whole, LOST)
  cpSync(join(old, 'gateway.sqlite'), join(whole, 'gateway.sqlite'))
})
afterAll(remove)

function copyOf(name: string): string {
  const data = join(dir, name)
  cpSync(whole, data, { recursive: true })
  return data
}

const newShard = (data: string, ...args: string[]) =>
  mianzheng(['log', 'new-shard', '--data', data, '--reason', '旧备份 old back-up', ...args])

const sizeOf = async (data: string) => {
  const { store } = await openDatabase(data)
  const { shard, base, size } = await store.readHead()
  await store.close()
  return { shard, base, size }
}

describe('log new-shard', () => {
  it('resolves what the start refuses, and says in both languages what is held and what is lost', async () => {
    const data = copyOf('resolved')
    const refused = await mianzheng(['serve', '--data', data], { env: { PORT: '0' } })
    expect({ code: refused.code, names: refused.err.includes('log new-shard') }).toEqual({
      code: 1,
      names: true,
    })
    const { code, out } = await newShard(data, '--yes')
    expect(code).toBe(0)
    expect(out).toContain(`${HELD} 条 entries，编号 numbers 0–${HELD - 1}`)
    expect(out).toContain(`签署过 ${HELD + LOST} 条，至少 ${LOST} 条不在库中`)
    expect(out).toContain(
      `${HELD + LOST} entries were signed, ${LOST} of them at least are not here`,
    )
    expect(out).toContain('/log-2')
    const gateway = await served(data, { SEED: 'none' })
    const metadata = await (await fetch(`${gateway.url}/.well-known/mianzheng`)).json()
    expect(metadata.pastLogs).toMatchObject([{ base: 0, size: HELD }])
    const trust = ['trust', '--gateway', gateway.url, '--out', join(dir, 'trust.json'), '--json']
    const { vkeys } = JSON.parse((await mianzheng(trust)).out)
    const names = vkeys.map((vkey: string) => /\/([^+]+)/.exec(vkey)?.[1])
    expect(names).toEqual(['log-2', 'log'])
    expect(await gateway.stop()).toBe(0)
    const { store } = await openDatabase(data)
    const start = parseLeaf(String(await store.readLeaf(HELD + LOST)))
    await store.close()
    expect(start).toMatchObject({
      kind: 'shard',
      shard: {
        reason: '旧备份 old back-up',
        predecessor: { checkpoint: expect.stringContaining(`\n${HELD}\n`) },
        seen: [expect.stringContaining(`\n${HELD + LOST}\n`)],
      },
    })
    const check = await mianzheng(['log', 'check', '--data', data])
    expect(check.code).toBe(0)
    expect(check.out).toMatch(/\/log: 270 条[\s\S]*\/log-2: 1 条/)
  }, 60_000)

  it('keeps the old anchor as evidence, and begins one of its own', async () => {
    const data = copyOf('anchors')
    const before = readFileSync(join(data, 'anchor', 'checkpoint'))
    const { code, out } = await newShard(data, '--yes', '--json')
    const said = JSON.parse(out)
    expect({ code, ...said }).toMatchObject({
      code: 0,
      ok: true,
      shard: 2,
      base: HELD + LOST,
      held: { base: 0, size: HELD },
      lost: [{ size: HELD + LOST, entries: LOST }],
      reason: '旧备份 old back-up',
    })
    expect(readFileSync(join(data, 'anchor', 'checkpoint'))).toEqual(before)
    expect(said.anchor).toBe(join(data, 'anchor', 'checkpoint-2'))
    expect(readFileSync(said.anchor, 'utf8')).toBe(said.checkpoint)
  })

  it('takes a checkpoint that somebody else kept, where the anchor is gone', async () => {
    const data = copyOf('seen')
    const kept = join(dir, 'kept.txt')
    cpSync(join(data, 'anchor', 'checkpoint'), kept)
    rmSync(join(data, 'anchor'), { recursive: true })
    const { out } = await newShard(data, '--seen', kept, '--yes', '--json')
    expect(JSON.parse(out)).toMatchObject({ base: HELD + LOST, lost: [{ entries: LOST }] })
    expect((await mianzheng(['log', 'check', '--data', data, '--checkpoint', kept])).code).toBe(0)
  })

  it('needs no loss', async () => {
    const data = join(dir, 'yearly')
    await grow(data, 3)
    const { code, out } = await newShard(data, '--yes')
    expect({ code, says: out.includes('没有已知的丢失') }).toEqual({ code: 0, says: true })
    expect(await sizeOf(data)).toEqual({ shard: 2, base: 3, size: 1 })
  })
})

describe('nothing changes', () => {
  const before = { shard: 1, base: 0, size: HELD }

  it('without a terminal and without --yes', async () => {
    const data = copyOf('unconfirmed')
    const { code, err } = await newShard(data)
    expect({ code, says: err.includes('--yes') }).toEqual({ code: 2, says: true })
    expect(await sizeOf(data)).toEqual(before)
  })

  it('while a gateway serves', async () => {
    const data = join(dir, 'served')
    await grow(data, 1)
    const gateway = await served(data, { SEED: 'none' })
    const { code, err } = await newShard(data, '--yes')
    expect({ code, says: err.includes('Another gateway serves') }).toEqual({ code: 2, says: true })
    await gateway.stop()
    expect(await sizeOf(data)).toEqual({ shard: 1, base: 0, size: 1 })
  })

  it.each([
    ['a checkpoint of another log', ['--seen', join(dir, 'foreign.txt')], 2, '检查点不能采用'],
    ['no such file', ['--seen', join(dir, 'none.txt')], 2, 'There is no file'],
    ['a reason of two lines', ['--reason', 'a\nb'], 2, '理由须为一行'],
    ['a reason without end', ['--reason', 'x'.repeat(201)], 2, '理由须为一行'],
    ['an empty reason', ['--reason', ' '], 2, '理由须为一行'],
  ])('with %s', async (name, args, exit, says) => {
    const data = copyOf(`wrong ${name}`)
    writeFileSync(join(dir, 'foreign.txt'), await grow(join(dir, `foreign ${name}`), 1))
    const { code, err } = await newShard(data, '--yes', ...args)
    expect(code).toBe(exit)
    expect(err).toContain(says)
    expect(await sizeOf(data)).toEqual(before)
  })

  it('where what is held does not hold in itself', async () => {
    const data = copyOf('damaged')
    const { raw, store } = await openDatabase(data)
    raw.exec(`UPDATE entry SET leaf = leaf || ' ' WHERE idx = 7`)
    await store.close()
    const { code, out } = await newShard(data, '--yes', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ ok: false, firstBad: 7 })
    expect(await sizeOf(data)).toEqual(before)
  })
})

describe('log export', () => {
  it('writes each shard into a folder of its name, and the first where it always was', async () => {
    const data = copyOf('exported')
    await newShard(data, '--yes')
    const out = join(dir, 'export')
    const { code } = await mianzheng(['log', 'export', '--data', data, '--out', out, '--json'])
    expect(code).toBe(0)
    const checkpoint = (path: string) => readFileSync(join(out, path), 'utf8').split('\n')[1]
    expect(checkpoint('checkpoint')).toBe(String(HELD))
    expect(checkpoint('log-2/checkpoint')).toBe('1')
    expect(readFileSync(join(out, 'tile/0/001.p/14'))).toHaveLength(14 * 32)
    expect(readFileSync(join(out, 'log-2/tile/entries/000.p/1'), 'utf8')).toContain(
      '"kind":"shard"',
    )
  })
})
