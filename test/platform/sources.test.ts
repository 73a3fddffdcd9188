import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { openSources } from '../../src/platform/sources.ts'
import { checkWholeLog, temporaryFolder } from '../harness.ts'

afterAll(checkWholeLog)

async function opened(
  json: unknown,
  { environment = {}, mode = 0o600 }: { environment?: Record<string, string>; mode?: number } = {},
) {
  const path = join(temporaryFolder(), 'sources.json')
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json))
  chmodSync(path, mode)
  const reports: [string, unknown][] = []
  const report = (event: string, fields?: unknown) => reports.push([event, fields])
  const sources = await openSources(path, { environment, report })
  for (const one of sources.values()) await one.close()
  return { names: [...sources.keys()], reports }
}

const SECRET = 'postgres://reader:s3cret@db.example/fund'

describe('sources.json', () => {
  test('need not be there', async () => {
    const path = join(temporaryFolder(), 'sources.json')
    const around = { environment: {}, report: () => {} }
    expect((await openSources(path, around)).size).toBe(0)
  })

  test('names connections; addresses come from it or from the environment', async () => {
    const { names, reports } = await opened(
      {
        fund: { kind: 'sqlite', path: 'providers/fund.sqlite', timeoutMillis: 500, maxRows: 20 },
        tax: { kind: 'postgres', url: SECRET },
        civil: { kind: 'postgres', urlEnv: 'CIVIL_URL' },
      },
      { environment: { CIVIL_URL: SECRET } },
    )
    expect(names).toEqual(['fund', 'tax', 'civil'])
    expect(reports).toEqual([])
  })

  test('whose address is not in the environment leaves that source out, and says so', async () => {
    const { names, reports } = await opened({ civil: { kind: 'postgres', urlEnv: 'CIVIL_URL' } })
    expect(names).toEqual([])
    expect(reports).toMatchObject([['source-unconfigured', { source: 'civil' }]])
  })

  test('warns when others can read a password in it, and only then', async () => {
    const tax = { kind: 'postgres', url: SECRET }
    const warned = await opened({ tax }, { mode: 0o644 })
    expect(warned.reports).toMatchObject([['sources-readable', { mode: '644' }]])
    expect(JSON.stringify(warned.reports)).not.toContain('s3cret')
    const { reports } = await opened({ fund: { kind: 'sqlite', path: 'x' } }, { mode: 0o644 })
    expect(reports).toEqual([])
  })

  test.each([
    ['no JSON', '{', /is not JSON/],
    ['an unknown kind', { tax: { kind: 'oracle', url: SECRET } }, /tax\/kind/],
    ['an unknown member', { tax: { kind: 'postgres', url: SECRET, user: 'x' } }, /tax: .*user/],
    ['a name that is none', { 'Tax Bureau': { kind: 'sqlite', path: 'x' } }, /Tax Bureau/],
    ['neither address', { tax: { kind: 'postgres' } }, /either url or urlEnv/],
    ['both', { tax: { kind: 'postgres', url: SECRET, urlEnv: 'X' } }, /either url or urlEnv/],
    ['no time', { tax: { kind: 'sqlite', path: 'x', timeoutMillis: 0 } }, /tax\/timeoutMillis/],
    ['all the time', { tax: { kind: 'sqlite', path: 'x', timeoutMillis: 1e9 } }, /timeoutMillis/],
    ['all the rows', { tax: { kind: 'sqlite', path: 'x', maxRows: 1e6 } }, /maxRows/],
    ['another scheme', { tax: { kind: 'postgres', url: 'mysql://s3cret@h/d' } }, /postgres:\/\//],
    ['no URL', { tax: { kind: 'postgres', url: 'postgres://a:s3cret@h:port/d' } }, /tax: a URL/],
    [
      'a certificate that is not there',
      { tax: { kind: 'postgres', url: `${SECRET}?sslmode=verify-full&sslrootcert=/no/ca.pem` } },
      /tax: a URL that cannot be used \(ENOENT\)/,
    ],
  ])('is refused with %s, and its secrets are not repeated', async (_, json, message) => {
    const error = await opened(json).then(
      () => undefined,
      (reason: Error) => reason,
    )
    expect(error).toBeInstanceOf(ConfigError)
    expect(error?.message).toMatch(message)
    expect(`${error?.message} ${error?.cause}`).not.toContain('s3cret')
  })
})
