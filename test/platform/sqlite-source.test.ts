import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { ProviderFailure } from '../../src/connector/connector.ts'
import type { SqlSource } from '../../src/connector/sql.ts'
import { sqliteSource } from '../../src/platform/sqlite-source.ts'
import { checkWholeLog, temporaryFolder } from '../harness.ts'

const QUERY = 'SELECT * FROM contribution WHERE id_no = :idNo'
const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)'
const CITIZEN = '990104197812170016'
const asked = { idNo: CITIZEN }

const open: SqlSource[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})
afterAll(checkWholeLog)

function fund(path = join(temporaryFolder(), 'fund.sqlite'), months = 96): string {
  const db = new Database(path)
  db.exec(`CREATE TABLE contribution (id_no TEXT, name TEXT, months INTEGER, paid REAL, file BLOB);
    INSERT INTO contribution VALUES ('${CITIZEN}', '戴如远', ${months}, 1200.5, NULL),
      ('blob', '', 9007199254740993, 1, x'00')`)
  db.close()
  return path
}

function source(path = fund(), more = {}): SqlSource {
  const made = sqliteSource({ name: 'fund', path, timeoutMillis: 1500, maxRows: 3, ...more })
  open.push(made)
  return made
}

async function failure(promise: Promise<unknown>): Promise<ProviderFailure> {
  const error = await promise.then(
    () => new Error('no failure'),
    (reason) => reason,
  )
  expect(error).toBeInstanceOf(ProviderFailure)
  expect(`${error.message} ${error.stack}`).not.toMatch(/SELECT|contribution|99010419|戴如远/)
  return error
}

describe('a SQLite source', () => {
  test('spells numbers as text and leaves out what is null or empty', async () => {
    const one = source()
    expect(await one.query(QUERY, asked)).toEqual([
      { id_no: CITIZEN, name: '戴如远', months: '96', paid: '1200.5' },
    ])
    const big = 'SELECT months, name FROM contribution WHERE id_no = :idNo'
    expect(await one.query(big, { idNo: 'blob' })).toEqual([{ months: '9007199254740993' }])
    expect(await one.query(QUERY, { idNo: null })).toEqual([])
  })

  test.each(["' OR '1'='1", "x'; DROP TABLE contribution; --", ':idNo', '?1', '\\'])(
    'takes %j for a value',
    async (idNo) => {
      const one = source()
      expect(await one.query(QUERY, { idNo })).toEqual([])
      expect(await one.query(QUERY, asked)).toHaveLength(1)
    },
  )

  test('ends a query that runs away, and the others that wait are answered', async () => {
    const one = source(fund(), { timeoutMillis: 3000 })
    await one.query(QUERY, asked)
    const endless = one.query(`${ENDLESS} SELECT count(*) FROM n WHERE i = :idNo`, asked)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const waiting = one.query(QUERY, asked)
    expect(await failure(endless)).toMatchObject({ how: 'timeout' })
    expect(await waiting).toHaveLength(1)
  })

  test('holds up nothing else of this process meanwhile', async () => {
    const one = source(fund(), { timeoutMillis: 600 })
    await one.query(QUERY, asked)
    const endless = failure(one.query(`${ENDLESS} SELECT max(i), :idNo FROM n`, asked))
    const from = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(performance.now() - from).toBeLessThan(300)
    expect((await endless).how).toBe('timeout')
  })

  test('refuses more rows than its limit, bytes, and cells that are too long', async () => {
    const one = source()
    const many = `${ENDLESS} SELECT i, :idNo AS b FROM n`
    expect(await failure(one.query(many, asked))).toMatchObject({ how: 'invalid' })
    expect(await failure(one.query(QUERY, { idNo: 'blob' }))).toMatchObject({ how: 'invalid' })
    const long = "SELECT printf('%.*c', 20000, :idNo) AS a"
    expect(await failure(one.query(long, asked))).toMatchObject({ how: 'invalid' })
  })

  test('says only by its code that there is no such table', async () => {
    const error = await failure(source().query('SELECT * FROM nothing WHERE a = :idNo', asked))
    expect(error).toMatchObject({ how: 'invalid', message: 'fund: SQLITE_ERROR' })
  })

  test('is down while its file is gone, and answers from the one that takes its place', async () => {
    const path = fund()
    const one = source(path)
    expect(await one.query(QUERY, asked)).toMatchObject([{ months: '96' }])
    renameSync(path, `${path}.away`)
    expect(await failure(one.query(QUERY, asked))).toMatchObject({ how: 'down' })
    fund(path, 97)
    expect(await one.query(QUERY, asked)).toMatchObject([{ months: '97' }])
    rmSync(path)
    renameSync(`${path}.away`, path)
    expect(await one.query(QUERY, asked)).toMatchObject([{ months: '96' }])
  })

  test('makes no file where there is none, and is down when it is no database', async () => {
    const path = join(temporaryFolder(), 'nothing.sqlite')
    expect(await failure(source(path).query(QUERY, asked))).toMatchObject({ how: 'down' })
    expect(existsSync(path)).toBe(false)
    expect(await failure(source('package.json').query(QUERY, asked))).toMatchObject({ how: 'down' })
  })

  test('waits for a provider who is writing no longer than its time', async () => {
    const path = fund()
    const one = source(path, { timeoutMillis: 500 })
    await one.query(QUERY, asked)
    const provider = new Database(path)
    provider.exec('BEGIN EXCLUSIVE')
    expect(await failure(one.query(QUERY, asked))).toMatchObject({ how: 'timeout' })
    provider.exec('COMMIT')
    provider.close()
    expect(await one.query(QUERY, asked)).toHaveLength(1)
  })

  test('holds a handle that cannot write, even on a file that could be written', async () => {
    const path = fund()
    chmodSync(path, 0o666)
    const one = source(path)
    await expect(one.checkReadOnly()).resolves.toBeUndefined()
    for (const text of ['DELETE FROM contribution', "ATTACH 'x' AS y", 'PRAGMA query_only = OFF'])
      expect(await failure(one.query(text, {}))).toMatchObject({ how: 'invalid' })
    expect(await one.query(QUERY, asked)).toHaveLength(1)
  })

  test('turns away what would wait too long, and all of it when it closes', async () => {
    const one = source(fund(), { timeoutMillis: 5000 })
    const endless = failure(one.query(`${ENDLESS} SELECT max(i), :idNo FROM n`, asked))
    const all = Array.from({ length: 70 }, () => failure(one.query(QUERY, asked)))
    await one.close()
    expect((await endless).how).toBe('down')
    const messages = (await Promise.all(all)).map(({ message }) => message)
    expect(messages.filter((said) => said.includes('too many'))).toHaveLength(6)
    expect(messages.filter((said) => said.includes('stopping'))).toHaveLength(64)
    expect(await failure(one.query(QUERY, asked))).toMatchObject({ how: 'down' })
  })
})
