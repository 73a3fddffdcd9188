import canonicalize from 'canonicalize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { applyDocuments } from '../../src/registry/apply.ts'
import { INVENTED_2027, seeded } from '../calendar/calendars.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'

let gateway: TestGateway

beforeAll(async () => {
  gateway = await openTestGateway()
})

afterAll(checkWholeLog)

const CALENDAR = '/v1/catalog/calendar'
const deadline = (from: string, days: number | string) =>
  `/v1/catalog/deadline?from=${encodeURIComponent(from)}&days=${days}`
const getJson = async (path: string) => (await gateway.app.request(path)).json()

describe('the calendar', () => {
  test('is there whole, each year with its source and a version that anybody can compute', async () => {
    const { zone, years } = await getJson(CALENDAR)
    expect(zone).toBe('Asia/Shanghai')
    expect(years.map(({ document }: { document: unknown }) => document)).toEqual([
      seeded(2025),
      seeded(2026),
    ])
    for (const { version, document } of years) {
      const hash = nodeSha256(String(canonicalize(document)))
      expect(version).toBe(Buffer.from(hash).toString('base64url'))
    }
  })
})

describe('a deadline', () => {
  test('comes with every day that it was counted by', async () => {
    const { years } = await getJson(CALENDAR)
    expect(await getJson(deadline('2026-09-18', 5))).toEqual({
      receivedOn: '2026-09-18',
      dueOn: '2026-09-24',
      trace: {
        zone: 'Asia/Shanghai',
        limit: {
          n: 5,
          unit: 'WORKING_DAY',
          from: 'RECEIPT',
          basis: 'GET /v1/catalog/deadline',
        },
        start: '2026-09-18T00:00:00+08:00',
        calendars: [{ year: 2026, version: years[1].version }],
        days: [
          { date: '2026-09-18', weekday: 5, why: 'START' },
          { date: '2026-09-19', weekday: 6, why: 'WEEKEND' },
          { date: '2026-09-20', weekday: 7, n: 1, why: 'MAKE_UP_DAY', name: '国庆节' },
          { date: '2026-09-21', weekday: 1, n: 2, why: 'WORKING_DAY' },
          { date: '2026-09-22', weekday: 2, n: 3, why: 'WORKING_DAY' },
          { date: '2026-09-23', weekday: 3, n: 4, why: 'WORKING_DAY' },
          { date: '2026-09-24', weekday: 4, n: 5, why: 'WORKING_DAY' },
        ],
        closeOfBusiness: '17:30',
        dueAt: '2026-09-24T17:30:00+08:00',
      },
    })
  })

  test.each([
    ['2026-11-20T23:59:59+08:00', '2026-11-20'],
    ['2026-11-20T16:00:00Z', '2026-11-21'],
    ['2026-11-20T15:59:59.999Z', '2026-11-20'],
  ])('from the instant %s counts from its day in Shanghai', async (from, day) => {
    expect(await getJson(deadline(from, 10))).toMatchObject({
      receivedOn: day,
      dueOn: '2026-12-04',
    })
  })

  test.each([
    ['2026-12-31', 1, 2027],
    ['2024-12-31', 1, 2024],
    ['2026-11-20', 100, 2027],
    ['0001-01-01', 1, 1],
    ['9999-12-31', 1, 9999],
  ])(
    'from %s by %i days is not guessed: the year that is missing is named',
    async (from, days, year) => {
      const { status, problem } = await gateway.get(deadline(from, days))
      expect(status).toBe(409)
      expect(problem).toMatchObject({ code: 'no-calendar', year, retryable: false })
      expect(problem?.hint).toContain('mianzheng calendar load')
    },
  )

  test.each([
    ['nothing', ''],
    ['no number of days', '?from=2026-11-20'],
    ['no day', '?days=10'],
    ['no days at all', '?from=2026-11-20&days=0'],
    ['a hundred and one', '?from=2026-11-20&days=101'],
    ['half a day', '?from=2026-11-20&days=0.5'],
    ['a number with a plus', '?from=2026-11-20&days=%2B5'],
    ['another spelling of ten', '?from=2026-11-20&days=1e1'],
    ['a day that no month has', '?from=2026-02-30&days=10'],
    ['a time without a zone', '?from=2026-11-20T10:00:00&days=10'],
    ['an instant beyond measure', `?from=2026-11-20T10:00:00.${'0'.repeat(60)}Z&days=10`],
    ['an unknown parameter', '?from=2026-11-20&days=10&region=990101'],
    ['a day twice', '?from=2026-11-20&from=2026-11-21&days=10'],
    ['script', '?from=%3Cscript%3E&days=10'],
  ])('of %s is refused', async (_, query) => {
    const { status, problem } = await gateway.get(`/v1/catalog/deadline${query}`)
    expect([status, problem?.code]).toEqual([400, 'parameters'])
  })

  test('and the calendar may be kept until a year is loaded', async () => {
    const own = await openTestGateway()
    for (const path of [CALENDAR, deadline('2026-12-20', 5)]) {
      const first = await own.app.request(path)
      expect(first.headers.get('cache-control')).toBe('public, max-age=300')
      const headers = { 'If-None-Match': String(first.headers.get('etag')) }
      expect((await own.app.request(path, { headers })).status).toBe(304)
    }
    const early = await own.get(deadline('2026-12-31', 1))
    expect(early.status).toBe(409)
    await applyDocuments(own.deps.store.db, { calendars: [INVENTED_2027] }, [])
    own.wait(1)
    expect((await own.get(deadline('2026-12-31', 1))).status).toBe(200)
  })
})
