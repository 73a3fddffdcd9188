import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { writeDemoDatabase } from '../../src/platform/demo-database.ts'
import type { SourcesFile } from '../../src/platform/sources.ts'
import { HOUSING, type Members } from '../caller.ts'
import { claimsOf, EXAMPLES } from '../city.ts'
import { checkWholeLog, NOW, openTestGateway, type TestGateway } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { items, registers, rowsOf } from '../seed/seed.ts'
import { answerBySql, tableOf } from '../sql-items.ts'

afterEach(checkWholeLog)

const SOURCE = 'providers'
const marriage = claimsOf('family-4-marriage')
// A number is bound in its one spelling; the words of ECHO-00 are no numbers.
const handedOver = items.filter(
  ({ code, connector }) => connector?.kind === 'snapshot' && code !== 'ECHO-00',
)
const answered = EXAMPLES.filter(
  ({ claims, expect: { status } }) =>
    status === 200 && handedOver.some(({ code }) => code === String(claims.item).split('@')[0]),
)

/** The demo city, whose providers are asked through the sources written before it opens. */
async function openWith(
  write: (dir: string) => SourcesFile | Promise<SourcesFile>,
  bend?: Parameters<typeof answerBySql>[2],
): Promise<TestGateway> {
  const seeded = await openTestGateway()
  const { dir } = seeded
  expect(await answerBySql(seeded.deps, SOURCE, bend)).toBeGreaterThanOrEqual(6)
  await seeded.close()
  writeFileSync(join(dir, 'sources.json'), JSON.stringify(await write(dir)), { mode: 0o600 })
  return openTestGateway({ dir })
}

/** One SQLite file with every register as a table. */
function sqliteCity(dir: string): SourcesFile {
  const db = new Database(join(dir, 'city.sqlite'))
  db.exec('BEGIN')
  for (const register of registers) {
    const columns = Object.keys(register.row.properties as object)
    db.exec(`CREATE TABLE ${tableOf(register.id)} (${columns.join(', ')})`)
    const places = columns.map(() => '?').join(', ')
    const insert = db.prepare(`INSERT INTO ${tableOf(register.id)} VALUES (${places})`)
    for (const row of rowsOf(register)) insert.run(...columns.map((name) => cellOf(row[name])))
  }
  db.exec('COMMIT')
  db.close()
  return { [SOURCE]: { kind: 'sqlite', path: 'city.sqlite', timeoutMillis: 10_000 } }
}

/** SQLite has no booleans. */
function cellOf(cell: string | undefined): string | number | null {
  return cell === undefined ? null : cell === 'true' ? 1 : cell === 'false' ? 0 : cell
}

async function expectExamples(gateway: TestGateway): Promise<void> {
  for (const example of answered) {
    const { answer, status } = await gateway.ask(example.system, example.claims)
    expect(status, example.name).toBe(200)
    expect(answer?.outcome, example.name).toBe(example.expect.outcome)
    expect(answer?.claims, example.name).toEqual(example.results)
    expect(answer, example.name).toMatchObject({
      asOf: new Date(NOW).toISOString(),
      source: { version: new Date(NOW).toISOString() },
    })
  }
}

async function refused(gateway: TestGateway, claims: Members = marriage) {
  const reply = await gateway.ask(HOUSING, claims)
  expect(reply.problem).toBeDefined()
  expectNoLeak(JSON.stringify(reply.problem), gateway.dir)
  expect(JSON.stringify(gateway.reports)).not.toMatch(/SELECT|戴如远|990104197812170016|s3cret/)
  return reply.problem
}

describe("a provider's SQLite", () => {
  test('gives every example the answer that the snapshot gives', async () => {
    const gateway = await openWith(sqliteCity)
    expect(answered.length).toBeGreaterThan(30)
    await expectExamples(gateway)
  })

  test('answers with evidence that a stranger verifies, a provider call each but not for a retry', async () => {
    const gateway = await openWith(sqliteCity)
    const request = gateway.request(HOUSING, marriage)
    const reply = await gateway.send(request)
    expect((await gateway.verify(reply)).ok).toBe(true)
    expect((await gateway.send(request)).text).toBe(reply.text)
    expect(gateway.calls.provider).toBe(1)
  })

  test('is live: what the provider writes now, the next request sees', async () => {
    const gateway = await openWith(sqliteCity)
    const ask = { ...marriage, ask: [{ claim: 'status' }] }
    expect((await gateway.ask(HOUSING, ask)).answer?.claims).toEqual({
      status: { value: 'REGISTERED' },
    })
    const provider = new Database(join(gateway.dir, 'city.sqlite'))
    provider.exec("UPDATE marriage SET status = 'DISSOLVED'")
    provider.close()
    expect((await gateway.ask(HOUSING, ask)).answer?.claims).toEqual({
      status: { value: 'DISSOLVED' },
    })
  })

  test("says the register's release where a column holds it, and only in an answer", async () => {
    const gateway = await openWith(
      (dir) => {
        const sources = sqliteCity(dir)
        const db = new Database(join(dir, 'city.sqlite'))
        db.exec("ALTER TABLE marriage ADD COLUMN release DEFAULT '2026-11'")
        db.close()
        return sources
      },
      ({ code }) => (code === 'MAR-01' ? { versionColumn: 'release' } : {}),
    )
    const { answer } = await gateway.ask(HOUSING, marriage)
    expect(answer?.source).toEqual({ register: 'marriage', version: '2026-11' })
    // A private-use character cannot be compared: nothing may tell whether there is a record.
    const subject = { ...marriage.subject, name: '戴\ue000远' }
    const untold = (await gateway.ask(HOUSING, { ...marriage, subject })).answer
    expect(untold).toMatchObject({
      outcome: 'UNDETERMINED',
      source: { version: new Date(NOW).toISOString() },
    })
  })

  test.each([
    ['that forgets its parameter', 'SELECT * FROM marriage WHERE :idNo IS NOT NULL'],
    ['without the column it is found by', 'SELECT name, status FROM marriage WHERE id_no = :idNo'],
    ['of a table that is not there', 'SELECT * FROM divorce WHERE id_no = :idNo'],
    [
      'with more rows than a person has',
      'SELECT m.* FROM marriage m, marriage n WHERE m.id_no = :idNo',
    ],
    [
      'whose value breaks the contract',
      "SELECT id_no, name, 'ANNULLED' AS status FROM marriage WHERE id_no = :idNo",
    ],
  ])('and a query %s is the provider’s fault, and says nothing', async (_, query) => {
    const gateway = await openWith(sqliteCity, ({ code }) => (code === 'MAR-01' ? { query } : {}))
    const ask = [{ claim: 'status', equals: 'REGISTERED' }]
    expect(await refused(gateway, { ...marriage, ask })).toMatchObject({ code: 'provider-invalid' })
  })

  test('that runs away is cut off, and the same request may be sent again', async () => {
    const query =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n WHERE i <> :idNo'
    const gateway = await openWith(
      (dir) => ({ [SOURCE]: { ...sqliteCity(dir)[SOURCE], timeoutMillis: 300 } as never }),
      ({ code }) => (code === 'MAR-01' ? { query } : {}),
    )
    await gateway.gateway.checkSources()
    const problem = await refused(gateway)
    expect(problem).toMatchObject({ code: 'provider-timeout', retryable: true })
  })

  test('that is away is down until it is back, for the same request', async () => {
    const gateway = await openWith(() => ({ [SOURCE]: { kind: 'sqlite', path: 'city.sqlite' } }))
    const request = gateway.request(HOUSING, marriage)
    expect((await gateway.send(request)).problem).toMatchObject({ code: 'provider-down' })
    sqliteCity(gateway.dir)
    expect((await gateway.send(request)).answer?.outcome).toBe('ANSWERED')
    const events = gateway.reports
      .map(({ event }) => event)
      .filter((one) => one.startsWith('source'))
    expect(events).toEqual(['source-unreachable', 'source-read-only'])
  })

  test('that nobody configured is down, and the operator is told its name', async () => {
    const gateway = await openWith(() => ({}))
    expect(await refused(gateway)).toMatchObject({ code: 'provider-down', retryable: true })
    expect(JSON.stringify(gateway.reports)).toContain('the source providers is not configured')
  })
})

test('the demo writes a register as a provider’s own database, and may do so again', async () => {
  const register = registers.find(({ id }) => id === 'marriage')
  if (!register?.file) throw new Error('no register marriage')
  const demo = { source: 'civil', table: 'marriage', register, csv: `seed/${register.file}` }
  const gateway = await openWith(
    async (dir) => {
      writeFileSync(
        join(dir, 'sources.json'),
        JSON.stringify({ other: { kind: 'sqlite', path: 'x' } }),
      )
      await writeDemoDatabase(dir, demo)
      expect(await writeDemoDatabase(dir, demo)).toBe(rowsOf(register).length)
      const sources = JSON.parse(readFileSync(join(dir, 'sources.json'), 'utf8'))
      expect(Object.keys(sources)).toEqual(['other', 'civil'])
      return sources
    },
    () => ({ source: 'civil' }),
  )
  expect((await gateway.ask(HOUSING, marriage)).answer?.outcome).toBe('ANSWERED')
})

const started = await startPostgres()

describe.skipIf(typeof started === 'string')("a provider's PostgreSQL", () => {
  const server = started as TestPostgres
  afterAll(() => server.remove())

  const sources = (user: string) => () => ({
    [SOURCE]: { kind: 'postgres' as const, url: server.url(user, 's3cret'), timeoutMillis: 10_000 },
  })

  test('gives every example the answer that the snapshot gives', async () => {
    await server.run(postgresCity())
    await expectExamples(await openWith(sources('reader')))
  })

  test('whose account can write is not asked until the right is taken away', async () => {
    await server.run(
      `CREATE ROLE writer LOGIN PASSWORD 's3cret'; GRANT SELECT, UPDATE ON marriage TO writer`,
    )
    const gateway = await openWith(sources('writer'))
    await gateway.gateway.checkSources()
    const request = gateway.request(HOUSING, marriage)
    expect((await gateway.send(request)).problem).toMatchObject({ code: 'provider-down' })
    const [told] = gateway.reports.filter(({ event }) => event === 'source-writable')
    expect(JSON.stringify(told?.fields)).toContain('UPDATE on public.marriage')
    await server.run('REVOKE UPDATE ON marriage FROM writer')
    expect((await gateway.send(request)).answer?.outcome).toBe('ANSWERED')
    // Ten minutes later the right is back, and found.
    await server.run('GRANT UPDATE ON marriage TO writer')
    expect((await gateway.ask(HOUSING, marriage)).status).toBe(200)
    gateway.wait(601)
    expect(await refused(gateway)).toMatchObject({ code: 'provider-down' })
  })

  /** Real booleans and dates, and an account that may read. */
  function postgresCity(): string {
    const quoted = (cell: string | undefined) =>
      cell === undefined ? 'NULL' : `'${cell.replaceAll("'", "''")}'`
    const tables = registers.map((register) => {
      const columns = Object.entries(
        register.row.properties as Record<string, { format?: string; enum?: string[] }>,
      )
      const typed = columns.map(([name, { format, enum: values }]) => {
        if (format === 'date') return `${name} date`
        return `${name} ${values?.includes('true') ? 'boolean' : 'text'}`
      })
      const rows = rowsOf(register).map(
        (row) => `(${columns.map(([name]) => quoted(row[name])).join(', ')})`,
      )
      const table = tableOf(register.id)
      return `CREATE TABLE ${table} (${typed.join(', ')}); INSERT INTO ${table} VALUES ${rows.join(', ')};`
    })
    const account =
      "CREATE ROLE reader LOGIN PASSWORD 's3cret'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"
    return [...tables, account].join('\n')
  }
})
