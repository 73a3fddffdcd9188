import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { postgresSource } from '../../src/platform/postgres-source.ts'
import { openSources } from '../../src/platform/sources.ts'
import { itemSchema, systemSchema } from '../../src/registry/documents.ts'
import { checkWholeLog, temporaryFolder } from '../harness.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'

const page = readFileSync(new URL('../../docs/operations/connectors.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text as string,
  )
const [sources, binding, system, online] = blocks('json').map((text) => JSON.parse(text)) as [
  object,
  { query: string },
  { id: string },
  { system: string },
]

afterAll(checkWholeLog)

test('the sources that the page shows are opened', async () => {
  const path = join(temporaryFolder(), 'sources.json')
  writeFileSync(path, JSON.stringify(sources), { mode: 0o600 })
  const reports: string[] = []
  const environment = { HOUSING_FUND_URL: 'postgres://reader@db.example/fund' }
  const report = (event: string) => reports.push(event)
  const opened = await openSources(path, { environment, report })
  for (const one of opened.values()) await one.close()
  expect([...opened.keys()]).toEqual(['housing-fund', 'civil-affairs'])
  expect(reports).toEqual([])
})

test('the binding that it shows is taken', () => {
  expect(itemSchema.shape.connector.safeParse(binding).error).toBeUndefined()
})

test('the provider system and the binding to it that it shows are taken, and are one', () => {
  expect(systemSchema.safeParse(system).error).toBeUndefined()
  expect(itemSchema.shape.connector.safeParse(online).error).toBeUndefined()
  expect(online.system).toBe(system.id)
})

const started = await startPostgres()

test.skipIf(typeof started === 'string')(
  'the account that it shows can read, and only read',
  async () => {
    const server = started as TestPostgres
    await server.run(`CREATE SCHEMA fund; CREATE TABLE fund.account
    (id_no text, name text, months int, contributing boolean, loan_outstanding boolean);
    INSERT INTO fund.account VALUES (' 99010419780629002x', '夏姝', 12, true, false)`)
    for (const sql of blocks('sql')) await server.run(sql)
    const url = server.url('mianzheng_reader', 'change-me')
    const source = postgresSource({ name: 'fund', url, timeoutMillis: 5000, maxRows: 10 })
    await source.checkReadOnly()
    expect(await source.query(binding.query, { idNo: '99010419780629002X' })).toEqual([
      { id_no: '99010419780629002X', name: '夏姝', months: '12', contributing: 'true' },
    ])
    await source.close()
    await server.remove()
  },
)
