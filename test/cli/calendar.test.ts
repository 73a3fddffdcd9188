import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CalendarDocument } from '../../src/calendar/document.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { INVENTED_2027, seeded } from '../calendar/calendars.ts'
import { OPERATOR_PRIVATE, OPERATOR_PUBLIC } from '../operator.ts'
import { mianzheng, served, temporary } from './cli.ts'

const { dir, remove } = temporary()
const data = join(dir, 'data')
afterAll(remove)
/** Several processes a test, each of which opens a whole gateway. */
vi.setConfig({ testTimeout: 60_000 })

function file(name: string, document: unknown): string {
  const path = join(dir, name)
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document))
  return path
}

async function calendar(...args: string[]) {
  const { code, out, err } = await mianzheng(['calendar', ...args, '--data', data, '--json'])
  return { code, err, said: out === '' ? undefined : JSON.parse(out) }
}

const yearsOf = async () =>
  (await calendar('show')).said.years.map(
    ({ document }: { document: CalendarDocument }) => document,
  )

beforeAll(async () => {
  expect((await mianzheng(['seed', '--data', data])).code).toBe(0)
})

describe('calendar load', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '{"year": ', 'wrong.json'],
    ['half a year', { ...seeded(2026), days: seeded(2026).days.slice(0, 20) }, '国庆节'],
    ['a make-up day in mid-week', makeUpOn('2026-10-14'), 'days/38/date: 2026-10-14'],
    ['more than a calendar can be', `"${'x'.repeat(70_000)}"`, '64 KiB'],
  ])('refuses %s whole, and says where', async (_, document, place) => {
    const { code, err, said } = await calendar('load', file('wrong.json', document))
    expect(code).toBe(2)
    expect(err).toContain('工作日历有误')
    expect(said.error.en).toContain(place)
  })

  test('takes nothing of what it refuses', async () => {
    expect(await yearsOf()).toEqual([seeded(2025), seeded(2026)])
  })

  test('takes a year, puts it on record, and takes the same again without a word', async () => {
    const first = await calendar('load', file('2027.json', INVENTED_2027))
    expect(first).toMatchObject({
      code: 0,
      said: { ok: true, year: 2027, entry: expect.any(Number), changed: [] },
    })
    expect((await yearsOf()).map(({ year }: CalendarDocument) => year)).toEqual([2025, 2026, 2027])
    const again = await calendar('load', join(dir, '2027.json'))
    expect(again.said).toEqual({ ok: true, year: 2027, version: first.said.version, changed: [] })
    const { store } = await openDatabase(data)
    const { size } = await store.readHead()
    const leaf = await store.readLeaf(first.said.entry)
    await store.close()
    expect(size).toBe(first.said.entry + 1)
    expect(JSON.parse(leaf ?? '')).toMatchObject({
      kind: 'registry',
      change: { what: 'calendar', id: '2027', hash: first.said.version },
    })
  })

  test('tells which days differ when a year is amended, and by next year’s notice', async () => {
    const days = seeded(2026).days.filter(({ date }) => date !== '2026-10-10')
    const amended = await calendar('load', file('2026.json', { ...seeded(2026), days }))
    expect(amended.said.changed).toEqual([
      { date: '2026-10-10', before: 'MAKE_UP_DAY', after: 'WEEKEND' },
    ])
    const december = [{ date: '2026-12-27', isOffDay: false, name: '元旦' }, ...INVENTED_2027.days]
    const later = file('later.json', { ...INVENTED_2027, days: december })
    const { out } = await mianzheng(['calendar', 'load', later, '--data', data])
    expect(out).toContain('2026-12-27 12 月 27 日 星期日：改为上班')
    expect(out).toContain('Sunday 27 December: now worked')
  })

  test('reaches a gateway that is serving, in its files or over HTTP', async () => {
    const key = file('operator.jwk.json', OPERATOR_PRIVATE)
    const gateway = await served(data, { OPERATOR_KEY: JSON.stringify(OPERATOR_PUBLIC) })
    try {
      const at = async () => {
        const reply = await fetch(`${gateway.url}/v1/catalog/calendar`)
        const { years } = (await reply.json()) as { years: { document: CalendarDocument }[] }
        return years.map(({ document }) => document.closeOfBusiness)
      }
      const upTo = async (last: string) => {
        for (let i = 0; i < 40 && (await at()).at(-1) !== last; i++)
          await new Promise((resolve) => setTimeout(resolve, 100))
        return (await at()).at(-1)
      }
      const until = (closeOfBusiness: string) => ({ ...INVENTED_2027, closeOfBusiness })
      expect((await calendar('load', file('beside.json', until('18:00')))).code).toBe(0)
      expect(await upTo('18:00')).toBe('18:00')
      const over = file('over.json', until('16:00'))
      const to = ['--to', gateway.url, '--operator-key', key]
      const uploaded = await calendar('load', over, ...to)
      expect(uploaded).toMatchObject({ code: 0, said: { year: 2027, entry: expect.any(Number) } })
      expect(await upTo('16:00')).toBe('16:00')
    } finally {
      await gateway.stop()
    }
  })
})

describe('calendar show', () => {
  test('lists the years with their source, and a year’s days in rows', async () => {
    const listed = await mianzheng(['calendar', 'show', '--data', data])
    for (const text of ['2025', '国办发明电〔2024〕12号', '国办发明电〔2025〕7号'])
      expect(listed.out).toContain(text)
    const { out } = await mianzheng(['calendar', 'show', '2025', '--data', data])
    const { papers } = JSON.parse(
      readFileSync(new URL('../../seed/calendar/2025.json', import.meta.url), 'utf8'),
    )
    expect(out).toContain(papers[0].url)
    expect(out).toContain('10 月 1 日 星期三 – 10 月 8 日 星期三')
    expect(out).toContain('National Day and Mid-Autumn Festival')
  })

  test('of a year that is not loaded says how it is', async () => {
    const { code, err } = await calendar('show', '2031')
    expect(code).toBe(1)
    expect(err).toContain('mianzheng calendar load 2031.json')
    expect(err).toContain('The calendar of 2031 is not loaded')
  })
})

function makeUpOn(date: string): CalendarDocument {
  const days = seeded(2026).days.map((day) => (day.date === '2026-10-10' ? { ...day, date } : day))
  return { ...seeded(2026), days }
}
