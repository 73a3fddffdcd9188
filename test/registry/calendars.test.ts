import canonicalize from 'canonicalize'
import { afterEach, describe, expect, test } from 'vitest'
import { dayOf } from '../../src/calendar/calendar.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { applyDocuments, RegistryError, readDocuments } from '../../src/registry/apply.ts'
import { versionOf } from '../../src/registry/calendars.ts'
import { INVENTED_2027, seeded } from '../calendar/calendars.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

const NOTHING = Object.fromEntries(
  ['agencies', 'systems', 'items', 'agreements', 'registers', 'contracts'].map((name) => [
    name,
    [],
  ]),
)

test('the demo city counts by 2025 and 2026', async () => {
  const { calendar } = await (await openTestGateway()).deps.registry.view()
  expect([...calendar.years.keys()]).toEqual([2025, 2026])
  expect(calendar.years.get(2026)?.document).toEqual(seeded(2026))
  expect(dayOf(calendar, '2026-10-10').kind).toBe('MAKE_UP_DAY')
})

test('the version of a year is the hash of its canonical JSON, however it is written down', async () => {
  const document = seeded(2026)
  const { year, ...rest } = document
  const byHand = nodeSha256(String(canonicalize(document)))
  expect(await versionOf(document)).toBe(Buffer.from(byHand).toString('base64url'))
  expect(await versionOf({ ...rest, year })).toBe(await versionOf(document))
  const [first, ...days] = document.days
  const renamed = { ...document, days: [{ ...first, name: '元旦节' }, ...days] }
  expect(await versionOf(renamed as typeof document)).not.toBe(await versionOf(document))
})

test('a year that another process loads is part of the next view, not of the one before', async () => {
  const { deps, dir, wait } = await openTestGateway()
  const before = await deps.registry.view()
  const other = await openDatabase(dir)
  await applyDocuments(other.store.db, { calendars: [INVENTED_2027] }, [])
  await other.store.close()
  wait(1)
  const after = await deps.registry.view()
  expect(dayOf(after.calendar, '2027-01-04').kind).toBe('WORKING_DAY')
  expect(() => dayOf(before.calendar, '2027-01-04')).toThrow('2027')
  expect(after.version).toBe(before.version + 1)
})

test('a year that is loaded again replaces the one before', async () => {
  const { deps } = await openTestGateway()
  const days = seeded(2026).days.filter(({ date }) => date !== '2026-10-10')
  await applyDocuments(deps.store.db, { calendars: [{ ...seeded(2026), days }] }, [])
  await deps.registry.refresh()
  const { calendar } = await deps.registry.view()
  expect(calendar.years.size).toBe(2)
  expect(dayOf(calendar, '2026-10-10').kind).toBe('WEEKEND')
})

describe('among registry documents', () => {
  test('a calendar that does not fit is refused with its place', () => {
    const calendars = [{ ...seeded(2026), coverageEnd: '2027-01-01' }]
    const read = () => readDocuments({ ...NOTHING, calendars })
    expect(read).toThrow(RegistryError)
    expect(read).toThrow('calendars/0/coverageEnd: not in 2026')
  })
})
