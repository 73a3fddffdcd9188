import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { DamagedLog } from '../../src/log/open.ts'
import { backUp } from '../../src/platform/backup.ts'
import { keysFolder } from '../../src/platform/keys.ts'
import { moveGateway } from '../../src/platform/move.ts'
import { placeOf } from '../../src/platform/place.ts'
import { restoreGateway } from '../../src/platform/restore.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway, temporaryFolder } from '../harness.ts'
import { copyKeys, ownPostgres, rowsOf } from './places.ts'

afterEach(checkWholeLog)
const emptyDatabase = ownPostgres()

const marriage = claimsOf('family-4-marriage')

type More = { withKeys?: boolean; onRows?: (done: number, total: number) => void; url?: string }

/** A back-up of the gateway whose keys are in `dir`, in a new folder. */
async function backedUp(dir: string, { url, withKeys = false, ...steps }: More = {}) {
  const to = join(temporaryFolder(), 'backup')
  const anchorDir = join(dir, 'anchor')
  const keys = keysFolder(dir)
  const from = placeOf(url ?? dir)
  return { to, made: await backUp({ from, to, keys, anchorDir, withKeys, now: NOW, ...steps }) }
}

const restore = (from: string, dir: string, url?: string) =>
  restoreGateway({
    from,
    to: placeOf(url ?? dir),
    keys: keysFolder(dir),
    anchorDir: join(dir, 'anchor'),
  })

/** The disk with the database is gone; keys and checkpoint are elsewhere. */
function loseDatabase(dir: string): void {
  for (const name of readdirSync(dir).filter((name) => name.startsWith('gateway.sqlite')))
    rmSync(join(dir, name))
}

const modeOf = (path: string) => statSync(path).mode & 0o777

describe('a back-up', () => {
  test('is of one moment, however much the gateway goes on writing meanwhile', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HOUSING, marriage)
    const rows = Array.from({ length: 6000 }, (_, line) => ({
      ...{ snapshot: 999, key: 'k', line },
      doc: 'x'.repeat(4000),
    }))
    for (let from = 0; from < rows.length; from += 500)
      await gateway.deps.store.db
        .insertInto('snapshot_row')
        .values(rows.slice(from, from + 500))
        .execute()
    const size = gateway.size()
    const asked: Promise<unknown>[] = []
    const shown: number[] = []
    const { made } = await backedUp(gateway.dir, {
      onRows: (done) => {
        shown.push(done)
        asked.push(gateway.ask(HOUSING, marriage))
      },
    })
    await Promise.all(asked)
    expect(shown.length).toBeGreaterThan(2)
    expect(shown).toEqual(shown.toSorted((a, b) => a - b))
    expect(made.size).toBe(size)
    expect(gateway.size()).toBe(size + asked.length)
  })

  test('restored, the gateway goes on, and a retry gets its stored bytes', async () => {
    const gateway = await openTestGateway()
    const reply = await gateway.ask(HOUSING, marriage)
    const { to, made } = await backedUp(gateway.dir)
    expect(made).toMatchObject({ engine: 'sqlite', size: gateway.size(), keys: false })
    const before = await rowsOf(gateway.dir)
    await gateway.close()
    loseDatabase(gateway.dir)
    expect(await restore(to, gateway.dir)).toMatchObject({ keys: 'kept', anchor: 'holds' })
    expect(await rowsOf(gateway.dir)).toEqual(before)
    const again = await openTestGateway({ dir: gateway.dir })
    expect((await again.send(reply.request)).text).toBe(reply.text)
    expect((await again.ask(HOUSING, marriage)).status).toBe(200)
  })

  test('that is older than the checkpoint outside is not signed on, and the restore says so', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HOUSING, marriage)
    const { to } = await backedUp(gateway.dir)
    await gateway.ask(HOUSING, marriage)
    await gateway.close()
    loseDatabase(gateway.dir)
    const { anchor, why } = await restore(to, gateway.dir)
    expect({ anchor, why }).toEqual({
      anchor: 'contradicts',
      why: expect.stringContaining('rolled back'),
    })
    const refused = await openTestGateway({ dir: gateway.dir }).catch((error) => error)
    expect(refused).toBeInstanceOf(DamagedLog)
    expect(String(refused)).toContain('rolled back')
  })

  test('holds keys only when asked for, and nothing that others may read', async () => {
    const gateway = await openTestGateway()
    await gateway.ask(HOUSING, marriage)
    const { to: without } = await backedUp(gateway.dir)
    expect(readdirSync(without).sort()).toEqual(['backup.json', 'checkpoint', 'gateway.sqlite'])
    const { to } = await backedUp(gateway.dir, { withKeys: true })
    expect(modeOf(to)).toBe(0o700)
    for (const name of ['backup.json', 'checkpoint', 'gateway.sqlite'])
      expect(modeOf(join(to, name))).toBe(0o600)
    for (const name of readdirSync(join(to, 'keys')))
      expect(modeOf(join(to, 'keys', name))).toBe(0o600)
    const home = temporaryFolder()
    expect(await restore(without, temporaryFolder())).toMatchObject({
      keys: 'missing',
      anchor: 'none',
    })
    expect(await restore(to, home)).toMatchObject({ keys: 'restored', anchor: 'none' })
    const there = await openTestGateway({ dir: home })
    expect(there.size()).toBe(gateway.size())
  })

  test('of PostgreSQL is taken while a node serves, and is restored to either engine', async ({
    skip,
  }) => {
    const url = await emptyDatabase(skip)
    const { dir, ...seeded } = await openTestGateway()
    await seeded.close()
    const home = { keys: keysFolder(dir), anchorDir: join(dir, 'anchor'), now: NOW }
    await moveGateway({ from: placeOf(dir), to: placeOf(url), ...home })
    const node = await openTestGateway({ dir, databaseUrl: url })
    const reply = await node.ask(HOUSING, marriage)
    const before = await rowsOf(url)
    const asked: Promise<unknown>[] = []
    const { to, made } = await backedUp(dir, {
      url,
      onRows: () => void asked.push(node.ask(HOUSING, marriage)),
    })
    await Promise.all(asked)
    expect(made).toMatchObject({
      engine: 'postgres',
      size: reply.index === undefined ? -1 : reply.index + 1,
    })
    expect(node.size()).toBeGreaterThan(made.size)
    await node.close()

    const other = await emptyDatabase(skip)
    expect(await restore(to, dir, other)).toMatchObject({ keys: 'kept', anchor: 'contradicts' })
    expect(await rowsOf(other)).toEqual(before)
    const folder = temporaryFolder()
    expect(await restore(to, folder)).toMatchObject({ keys: 'missing', anchor: 'none' })
    expect(await rowsOf(folder)).toEqual(before)
    copyKeys(dir, folder)
    const again = await openTestGateway({ dir: folder })
    expect((await again.send(reply.request)).text).toBe(reply.text)
    const shared = await openTestGateway({ dir, databaseUrl: other }).catch((error) => error)
    expect(String(shared)).toContain('rolled back')
  }, 60_000)
})

describe('is refused', () => {
  test('a back-up into a folder that holds something', async () => {
    const gateway = await openTestGateway()
    const to = temporaryFolder()
    writeFileSync(join(to, 'mine'), '')
    const keys = keysFolder(gateway.dir)
    const backing = {
      from: placeOf(gateway.dir),
      to,
      keys,
      anchorDir: to,
      withKeys: false,
      now: NOW,
    }
    await expect(backUp(backing)).rejects.toThrow('is not empty')
    expect(readdirSync(to)).toEqual(['mine'])
  })

  test('a back-up that was not finished, is damaged, or belongs to other keys', async () => {
    const gateway = await openTestGateway()
    const { to } = await backedUp(gateway.dir)
    const file = join(to, 'gateway.sqlite')
    const bytes = readFileSync(file)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
    writeFileSync(file, bytes)
    await expect(restore(to, temporaryFolder())).rejects.toThrow('is damaged')
    rmSync(join(to, 'backup.json'))
    await expect(restore(to, temporaryFolder())).rejects.toThrow('no complete back-up')

    const { to: whole } = await backedUp(gateway.dir)
    const stranger = await openTestGateway({ dir: temporaryFolder() })
    await stranger.close()
    loseDatabase(stranger.dir)
    await expect(restore(whole, stranger.dir)).rejects.toThrow('another log key')
    expect(existsSync(join(stranger.dir, 'gateway.sqlite'))).toBe(false)
  })

  test('a restore over a gateway that is there', async () => {
    const gateway = await openTestGateway()
    const { to } = await backedUp(gateway.dir)
    await expect(restore(to, gateway.dir)).rejects.toThrow('is not empty')
  })
})
