import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ProviderFailure } from '../../src/connector/connector.ts'
import { type SqlSource, WritableSource } from '../../src/connector/sql.ts'
import { postgresSource } from '../../src/platform/postgres-source.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'

const started = await startPostgres()
const PASSWORD = 'read/only:p@ss'
const CITIZEN = '990104197812170016'

const SCHEMA = `
CREATE SCHEMA fund;
CREATE TABLE fund.contribution (
  id_no char(20), name text, months integer, contributing boolean, since date,
  paid numeric(12, 2), changed timestamptz, seen timestamp, file bytea);
INSERT INTO fund.contribution VALUES
  ('${CITIZEN}', '戴如远', 96, true, '2018-03-01', 1200.50, '2026-11-01 08:00:00+08', '2026-11-01 08:00', NULL);
CREATE SEQUENCE fund.counter;
CREATE VIEW fund.answerable AS
  SELECT id_no, name, months, contributing, since, paid, changed, seen FROM fund.contribution;
CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}';
GRANT USAGE ON SCHEMA fund TO reader;
GRANT SELECT ON fund.answerable TO reader;
`
const QUERY = 'SELECT * FROM fund.answerable WHERE id_no = :idNo'
const asked = { idNo: CITIZEN }

describe.skipIf(typeof started === 'string')('a PostgreSQL source', () => {
  const server = started as TestPostgres
  const open: SqlSource[] = []

  beforeAll(() => server.run(SCHEMA))
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
  })
  afterAll(() => server.remove())

  function source(user = 'reader', password = PASSWORD, more = {}): SqlSource {
    const url = server.url(user, password)
    const made = postgresSource({ name: 'fund', url, timeoutMillis: 2000, maxRows: 3, ...more })
    open.push(made)
    return made
  }

  async function failure(promise: Promise<unknown>): Promise<ProviderFailure> {
    const error = await promise.then(
      () => new Error('no failure'),
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(ProviderFailure)
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toMatch(
      /SELECT|answerable|99010419|戴如远|p@ss|127\.0\.0\.1/,
    )
    return error
  }

  test('spells each type as a register does', async () => {
    expect(await source().query(QUERY, asked)).toEqual([
      {
        id_no: CITIZEN,
        name: '戴如远',
        months: '96',
        contributing: 'true',
        since: '2018-03-01',
        paid: '1200.50',
        changed: '2026-11-01T00:00:00Z',
        seen: '2026-11-01T08:00:00',
      },
    ])
  })

  test('gives no rows where there are none, and leaves null columns out', async () => {
    expect(await source().query(QUERY, { idNo: 'x' })).toEqual([])
    const nothing = 'SELECT NULL AS a, :idNo::text AS b'
    expect(await source().query(nothing, asked)).toEqual([{ b: CITIZEN }])
  })

  test.each([
    "' OR '1'='1",
    "x'; DROP TABLE fund.contribution; --",
    '$1',
    ':idNo',
    "\\' OR 1=1 --",
    '戴\u0000如远'.replace('\u0000', ''),
  ])('takes %j for a value', async (idNo) => {
    expect(await source().query(QUERY, { idNo })).toEqual([])
    expect(await source().query(QUERY, asked)).toHaveLength(1)
  })

  test('cuts off a query that takes too long, and goes on with the next', async () => {
    const slow = source('reader', PASSWORD, { timeoutMillis: 300 })
    const sleeping = slow.query('SELECT pg_sleep(20)::text, :idNo::text AS b', asked)
    expect(await failure(sleeping)).toMatchObject({ how: 'timeout' })
    expect(await slow.query(QUERY, asked)).toHaveLength(1)
  })

  test('refuses more rows than its limit, and bytes', async () => {
    const many = 'SELECT n::text, :idNo::text AS b FROM generate_series(1, 4) AS n'
    expect(await failure(source().query(many, asked))).toMatchObject({ how: 'invalid' })
    const bytes = "SELECT ''::bytea AS a, :idNo::text AS b"
    expect(await failure(source().query(bytes, asked))).toMatchObject({ how: 'invalid' })
    const long = 'SELECT repeat(:idNo, 10000) AS a'
    expect(await failure(source().query(long, asked))).toMatchObject({ how: 'invalid' })
  })

  test.each([
    ['a table that is not there', 'SELECT * FROM fund.nothing WHERE id_no = :idNo'],
    ['a table it may not read', 'SELECT * FROM fund.contribution WHERE id_no = :idNo'],
    ['a value of another type', 'SELECT * FROM fund.answerable WHERE months = :idNo::int'],
  ])('says only by SQLSTATE: %s', async (_, query) => {
    const error = await failure(source().query(query, { idNo: 'x99010419' }))
    expect(error.how).toBe('invalid')
    expect(error.message).toMatch(/^fund: SQLSTATE \w{5}$/)
  })

  test('is down with a wrong password, and with no server', async () => {
    expect(await failure(source('reader', 'p@ss-wrong').query(QUERY, asked))).toMatchObject({
      how: 'down',
      message: 'fund: SQLSTATE 28P01',
    })
    const nobody = postgresSource({
      name: 'fund',
      url: 'postgres://reader:p@ss@127.0.0.1:1/postgres',
      timeoutMillis: 500,
      maxRows: 3,
    })
    expect(await failure(nobody.query(QUERY, asked))).toMatchObject({ how: 'down' })
    await nobody.close()
  })

  test('is down while the database is gone, and answers when it is back', async () => {
    const one = source()
    expect(await one.query(QUERY, asked)).toHaveLength(1)
    await server.stop()
    expect(await failure(one.query(QUERY, asked))).toMatchObject({ how: 'down' })
    await server.start()
    expect(await one.query(QUERY, asked)).toHaveLength(1)
  })

  describe('whose account', () => {
    test('can only read is used', async () => {
      await expect(source().checkReadOnly()).resolves.toBeUndefined()
    })

    test.each([
      ['may insert', 'GRANT INSERT ON fund.contribution TO who', 'INSERT on fund.contribution'],
      ['may update one column', 'GRANT UPDATE (name) ON fund.contribution TO who', 'UPDATE on'],
      ['may delete', 'GRANT DELETE ON fund.contribution TO who', 'DELETE on'],
      ['may truncate', 'GRANT TRUNCATE ON fund.contribution TO who', 'TRUNCATE on'],
      ['may create', 'GRANT CREATE ON SCHEMA fund TO who', 'CREATE in schema fund'],
      ['may create schemas', 'GRANT CREATE ON DATABASE postgres TO who', 'CREATE in this database'],
      ['owns a table', 'CREATE TABLE fund.own(); ALTER TABLE fund.own OWNER TO who', 'owner of'],
      ['is a superuser', 'ALTER ROLE who SUPERUSER', 'SUPERUSER'],
      ['may create roles', 'ALTER ROLE who CREATEROLE', 'CREATEROLE'],
      ['may create databases', 'ALTER ROLE who CREATEDB', 'CREATEDB'],
      ['is not bound by row security', 'ALTER ROLE who BYPASSRLS', 'BYPASSRLS'],
      ['may write all data', 'GRANT pg_write_all_data TO who', 'INSERT on'],
      [
        'could take up a role that may write',
        `DROP ROLE IF EXISTS clerk; CREATE ROLE clerk; GRANT UPDATE ON fund.contribution TO clerk;
         GRANT clerk TO who WITH INHERIT FALSE`,
        'UPDATE on fund.contribution',
      ],
      [
        'may count a sequence up',
        'GRANT UPDATE ON SEQUENCE fund.counter TO who',
        'UPDATE on fund.counter',
      ],
    ])('%s is refused', async (_, grant, right) => {
      await server.run(`CREATE ROLE who LOGIN PASSWORD '${PASSWORD}'; ${grant}`)
      try {
        const error = await source('who')
          .checkReadOnly()
          .catch((reason) => reason)
        expect(error).toBeInstanceOf(WritableSource)
        expect(error.message).toContain(right)
      } finally {
        await server.run(`DROP OWNED BY who CASCADE; DROP ROLE who; DROP TABLE IF EXISTS fund.own`)
        if (grant.includes('clerk')) await server.run('DROP OWNED BY clerk; DROP ROLE clerk')
      }
    })

    test('writes unless told not to is told not to at connecting', async () => {
      await server.run('ALTER ROLE reader SET default_transaction_read_only = off')
      await expect(source().checkReadOnly()).resolves.toBeUndefined()
      await server.run('ALTER ROLE reader RESET default_transaction_read_only')
    })

    test('can write still changes nothing: the session is read-only and the query a subquery', async () => {
      const all = source('postgres', 'of-the-test')
      for (const text of [
        'WITH gone AS (DELETE FROM fund.contribution RETURNING id_no) SELECT * FROM gone',
        'SELECT lo_create(4711)::text, :idNo::text AS b',
        "SELECT nextval('fund.counter')::text, :idNo::text AS b",
      ])
        expect((await failure(all.query(text, asked))).message).toMatch(/SQLSTATE (25006|0A000)/)
      expect(await source().query(QUERY, asked)).toHaveLength(1)
    })
  })
})
