import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { leafText } from '../../src/log/entry.ts'
import { DamagedLog } from '../../src/log/open.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { KeyError } from '../../src/platform/key-file.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import {
  checkWholeLog,
  configOf,
  NOW,
  openTestGateway,
  type TestGateway,
  temporaryFolder,
} from '../harness.ts'

afterEach(checkWholeLog)

/** Two full tiles and a partial one. */
const ENTRIES = 600

let dir: string
let size: number

beforeEach(async () => {
  const gateway = await openTestGateway()
  dir = gateway.dir
  await fill(gateway, ENTRIES - gateway.size())
  size = gateway.size()
  await gateway.close()
})

async function fill({ deps }: TestGateway, count: number): Promise<void> {
  const change = { what: 'test', id: 'x', hash: '' }
  const draft = { leaf: (time: string) => leafText({ kind: 'registry', change }, time) }
  await Promise.all(Array.from({ length: count }, () => deps.log.append(draft)))
}

function reopen(): Promise<unknown> {
  return openGateway(configOf(dir), { clock: () => NOW, report: () => {} }).then(
    async (gateway) => {
      await gateway.close()
      return gateway
    },
  )
}

/** Somebody writes into the file while the gateway is down. */
async function tamper(sql: string, ...values: unknown[]): Promise<void> {
  const { store, raw } = await openDatabase(dir)
  raw.prepare(sql).run(...values)
  await store.close()
}

test('an untouched log opens and grows on', async () => {
  const gateway = await openTestGateway({ dir })
  expect(gateway.size()).toBe(size)
  expect((await gateway.ask(HOUSING, claimsOf('family-4-marriage'))).index).toBe(size)
})

describe('a damaged right edge is not signed over', () => {
  const last = ENTRIES - 1
  test.each([
    {
      what: 'the last entry was altered',
      sql: `UPDATE entry SET leaf = replace(leaf, 'x', 'y') WHERE idx = ${last}`,
      says: `entry ${last} was altered`,
    },
    {
      what: 'the last entry was altered and its hash removed',
      sql: `UPDATE entry SET hash = zeroblob(32) WHERE idx = ${last}`,
      says: `entry ${last} was altered`,
    },
    {
      what: 'the last entry is gone',
      sql: `DELETE FROM entry WHERE idx = ${last}`,
      says: 'missing',
    },
    {
      what: 'an entry in the middle of the edge is gone',
      sql: `DELETE FROM entry WHERE idx = ${last - 40}`,
      says: /altered|missing/,
    },
    {
      what: 'the root of a full tile was altered',
      sql: 'UPDATE tile SET root = zeroblob(32) WHERE level = 0 AND n = 1',
      says: 'root that was signed',
    },
    {
      what: 'a full tile is gone',
      sql: 'DELETE FROM tile WHERE level = 0 AND n = 0',
      says: 'missing',
    },
    {
      what: 'an entry was added that nobody signed',
      sql: `INSERT INTO entry SELECT ${ENTRIES}, leaf, hash FROM entry WHERE idx = ${last}`,
      says: /missing|root/,
    },
    {
      what: 'the head claims fewer entries than its checkpoint',
      sql: `UPDATE head SET size = ${last}`,
      says: 'its checkpoint',
    },
    {
      what: 'the checkpoint is nonsense',
      sql: "UPDATE head SET checkpoint = 'trust me'",
      says: 'the stored checkpoint is not',
    },
    {
      what: 'the size within the checkpoint was changed',
      sql: `UPDATE head SET size = ${last}, checkpoint = replace(checkpoint, '${ENTRIES}', '${last}')`,
      says: 'the stored checkpoint is not',
    },
    { what: 'the head alone was wiped', sql: 'DELETE FROM head', says: 'no signed checkpoint' },
    {
      what: 'everything was wiped, but not the anchor',
      sql: 'DELETE FROM head',
      also: 'DELETE FROM entry',
      says: 'rolled back',
    },
  ])('when $what', async ({ sql, also, says }) => {
    await tamper(sql)
    if (also) await tamper(also)
    const refused = await reopen().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(DamagedLog)
    expect((refused as Error).message).toMatch(says)
  })

  test('both an entry and its hash rewritten to fit: the signed root gives it away', async () => {
    const { store, raw } = await openDatabase(dir)
    raw.exec(`UPDATE entry SET (leaf, hash) = (SELECT leaf, hash FROM entry WHERE idx = 3)
      WHERE idx = ${ENTRIES - 5}`)
    await store.close()
    await expect(reopen()).rejects.toThrow(/root that was signed/)
  })
})

describe('the anchor outside the database', () => {
  const anchorFile = () => join(dir, 'anchor', 'checkpoint')

  test('finds a database that was restored from an older copy', async () => {
    const copy = temporaryFolder()
    cpSync(dir, copy, { recursive: true })
    const gateway = await openTestGateway({ dir })
    await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
    await gateway.close()
    for (const suffix of ['', '-wal', '-shm'])
      rmSync(join(dir, `gateway.sqlite${suffix}`), { force: true })
    cpSync(join(copy, 'gateway.sqlite'), join(dir, 'gateway.sqlite'))
    await expect(reopen()).rejects.toThrow(
      `the database holds ${size} entries, but ${size + 1} were signed: it was rolled back`,
    )
  })

  test('finds another history of the same length', async () => {
    const copy = temporaryFolder()
    cpSync(dir, copy, { recursive: true })
    for (const [folder, id] of [
      [dir, 1],
      [copy, 2],
    ] as const) {
      const gateway = await openTestGateway({ dir: folder, nowMillis: NOW + id * 1000 })
      await fill(gateway, 3)
      await gateway.close()
    }
    cpSync(join(copy, 'anchor', 'checkpoint'), anchorFile())
    await expect(reopen()).rejects.toThrow(
      `the first ${size + 3} entries are not those that were signed`,
    )
  })

  test('is refused when it belongs to another log, or is no checkpoint', async () => {
    const other = temporaryFolder()
    const theirs = await openGateway(configOf(other), { clock: () => NOW, report: () => {} })
    await theirs.deps.log.append({
      leaf: (time) => leafText({ kind: 'erasure', erases: [0] }, time),
    })
    await theirs.close()
    cpSync(join(other, 'anchor', 'checkpoint'), anchorFile())
    await expect(reopen()).rejects.toThrow(/the anchor is not a checkpoint signed by/)
    writeFileSync(anchorFile(), '')
    await expect(reopen()).rejects.toThrow(DamagedLog)
  })

  test('may be older than the database, as after a crash', async () => {
    const before = readFileSync(anchorFile())
    const gateway = await openTestGateway({ dir })
    await fill(gateway, 300)
    await gateway.close()
    writeFileSync(anchorFile(), before)
    await expect(reopen()).resolves.toBeDefined()
  })

  test('that is absent is written anew', async () => {
    rmSync(anchorFile())
    const gateway = await openTestGateway({ dir })
    await fill(gateway, 1)
    const { checkpoint } = gateway.deps.log.head()
    await gateway.close()
    expect(readFileSync(anchorFile(), 'utf8')).toBe(checkpoint)
  })
})

describe('the keys', () => {
  test('are never made anew where a log was signed', async () => {
    renameSync(join(dir, 'keys'), join(dir, 'keys-elsewhere'))
    await expect(reopen()).rejects.toThrow(KeyError)
    mkdirSync(join(dir, 'keys'))
    await expect(reopen()).rejects.toThrow(`there is a log of ${size} entries, but no keys`)
  })

  test.each(['answer', 'log', 'sealing', 'pseudonym'])(
    'the %s key alone is missed',
    async (name) => {
      rmSync(join(dir, 'keys', `${name}.jwk.json`))
      await expect(reopen()).rejects.toThrow(KeyError)
    },
  )

  test('another log key cannot go on with this log', async () => {
    const other = temporaryFolder()
    const theirs = await openGateway(configOf(other), { clock: () => NOW, report: () => {} })
    await theirs.close()
    cpSync(join(other, 'keys', 'log.jwk.json'), join(dir, 'keys', 'log.jwk.json'))
    await expect(reopen()).rejects.toThrow(KeyError)
  })

  test('a key file that is not one is named', async () => {
    writeFileSync(join(dir, 'keys', 'answer.jwk.json'), '{"kty":"EC"')
    await expect(reopen()).rejects.toThrow(/answer\.jwk\.json is not one/)
  })
})

test('a data folder belongs to one issuer for life', async () => {
  const config = readConfig({ DATA_DIR: dir, ISSUER: 'https://gateway.linjiang.example' })
  await expect(openGateway(config, { report: () => {} })).rejects.toThrow(ConfigError)
  await expect(reopen()).resolves.toBeDefined()
})

test('whoever was refused has written nothing: put right, the same log goes on', async () => {
  await tamper(`UPDATE entry SET leaf = replace(leaf, '"x"', '"y"') WHERE idx = ${ENTRIES - 1}`)
  await expect(reopen()).rejects.toThrow(DamagedLog)
  await tamper(`UPDATE entry SET leaf = replace(leaf, '"y"', '"x"') WHERE idx = ${ENTRIES - 1}`)
  const gateway = await openTestGateway({ dir })
  expect(gateway.size()).toBe(size)
})
