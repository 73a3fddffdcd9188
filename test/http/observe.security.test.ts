import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AUDIT_OFFICE, HOUSING, SUBDISTRICT } from '../caller.ts'
import { claimsOf, EXAMPLES } from '../city.ts'
import { checkWholeLog } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'
import { openWatched, type Watched } from '../metrics.ts'

const jti = randomUUID()
const PERSON = '990104197812170016'
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const marriage = claimsOf('family-4-marriage')

let watched: Watched
/** Everything that the operator gets to see. */
let output = ''

beforeAll(async () => {
  watched = await openWatched()
  const { gateway, metrics } = watched
  for (const { system, claims } of EXAMPLES.slice(0, 60)) await gateway.ask(system, claims)
  await gateway.ask(HOUSING, { ...marriage, jti })
  await gateway.read(HOUSING, `/v1/requests/${jti}`)
  await gateway.read(HOUSING, `/v1/requests/${jti}/evidence`)
  await gateway.read(SUBDISTRICT, `/v1/requests/${jti}`)
  await gateway.read(AUDIT_OFFICE, '/log/tile/entries/000')
  await gateway.get(`/v1/catalog/not-demandable?proof=${encodeURIComponent('戴如远的证明')}`)
  await gateway.get(`/${PERSON}?name=${encodeURIComponent('戴如远')}`)
  await gateway.send(`${PERSON}.戴如远.x`)
  await gateway.send(gateway.request(HOUSING, marriage), {
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    tracestate: `who=${PERSON}`,
    'user-agent': PERSON,
  })
  gateway.gateway.raw.pragma('query_only = 1')
  await gateway.ask(HOUSING, marriage)
  await gateway.ask(HOUSING, claimsOf('family-10-no-vehicle-registered'))
  gateway.gateway.raw.pragma('query_only = 0')
  output = `${JSON.stringify(gateway.reports)}\n${await metrics.text()}`
})

afterAll(checkWholeLog)

test('lines and metrics say nothing of persons, cases, officials, requests or their keys', () => {
  expect(output).toContain('"event":"request"')
  expect(output).toContain('"event":"refused"')
  expect(output).toContain('code=\\"log-unavailable\\"'.replaceAll('\\', ''))
  const said = EXAMPLES.slice(0, 60).flatMap(({ claims }) => [
    ...Object.values(claims.subject).filter((value) => typeof value === 'string'),
    claims.case as string,
    (claims.official as { id: string }).id,
  ])
  // A region is a code of the catalogue, and six digits occur in any number.
  const personal = [...new Set(said)].filter((value) => !/^\d{1,6}$/.test(value))
  expect(personal.length).toBeGreaterThan(50)
  for (const value of [...personal, jti, '戴如远'])
    expect(output, `${value} is in it`).not.toContain(value)
  const { kid } = watched.gateway.caller(HOUSING)
  expect(output).not.toContain(kid)
  expect(output).not.toMatch(/eyJ/)
})

test('metrics say nothing of how the gateway is built either', async () => {
  expectNoLeak(await watched.metrics.text(), watched.gateway.dir)
})

test('a request is one line: method, pattern, status, code, time and the trace of its caller', () => {
  const { reports } = watched.gateway
  const lines = reports.filter(({ event }) => event === 'request').map(({ fields }) => fields)
  const route = '/v1/requests'
  const asked = { method: 'POST', route, status: 200, millis: expect.any(Number), trace: TRACE }
  expect(lines).toContainEqual(asked)
  const millis = expect.any(Number)
  const trace = expect.stringMatching(/^[0-9a-f]{32}$/)
  const refused = { method: 'GET', route: '/v1/requests/:jti', status: 404, code: 'not-found' }
  expect(lines).toContainEqual({ ...refused, millis, trace })
})

test('labels take a few values each, however many requests there were', async () => {
  const names = [...(await watched.samples()).keys()].filter((name) => name.startsWith('mianzheng'))
  const values = new Map<string, Set<string>>()
  for (const name of names)
    for (const [, label = '', value = ''] of name.matchAll(/(\w+)="([^"]*)"/g))
      values.set(label, (values.get(label) ?? new Set()).add(value))
  const labels = [
    'check',
    'code',
    'engine',
    'event',
    'kind',
    'le',
    'method',
    'outcome',
    'route',
    'status',
  ]
  expect([...values.keys()].sort()).toEqual([...labels, 'version'])
  for (const [label, all] of values) expect([label, all.size < 40]).toEqual([label, true])
})

test('a method that somebody invents is no new label', async () => {
  const { gateway, samples } = watched
  for (const method of ['BREW', PERSON]) await gateway.app.request('/healthz', { method })
  const names = [...(await samples()).keys()].join('\n')
  expect(names).toContain('method="other"')
  expect(names).not.toContain('BREW')
  expect(names).not.toContain(PERSON)
})
