import { describe, expect, test } from 'vitest'
import { agencySchema, type Item } from '../../src/registry/documents.ts'
import { owesPledge, type Pledge, pledgeOn, pledgeSchema } from '../../src/registry/pledge.ts'
import { SANDBOX_AGENCY } from '../../src/registry/sandbox.ts'
import { agencies, items, readText } from '../seed/seed.ts'

const OTHER_COUNTY = '11990121MB9901315W'
const AUDIT_BUREAU = '11990100MB9901139J'
const CIVIL_AFFAIRS = '11990100MB99010327'
const VILLAGE = '54990102MB99013074'
const TODAY = '2026-11-23'

const pledges = pledgeSchema.array().parse(JSON.parse(readText('seed/pledges.json')))
const registryOf = (held: readonly Pledge[], offered: readonly Item[] = items) => ({
  agencies: new Map(agencies.map((agency) => [agency.uscc, agency])),
  items: Map.groupBy(offered, ({ code }) => code),
  pledges: new Map(held.map((pledge) => [pledge.agency, pledge])),
})
const registry = registryOf(pledges)

describe('a nil-report pledge', () => {
  test('is owed by whoever offers nothing, and by nobody who offers something', () => {
    expect(owesPledge(registry, AUDIT_BUREAU, TODAY)).toBe(true)
    expect(owesPledge(registry, CIVIL_AFFAIRS, TODAY)).toBe(false)
  })

  test('covers its first and its last day, and no day more', () => {
    for (const [day, owes] of [
      ['2025-12-31', true],
      ['2026-01-01', false],
      ['2026-12-31', false],
      ['2027-01-01', true],
    ] as const) {
      expect(owesPledge(registry, OTHER_COUNTY, day)).toBe(owes)
      expect(pledgeOn(registry, OTHER_COUNTY, day) === undefined).toBe(owes)
    }
  })

  test('a suspended item is still an item; a retired one or a draft is none', () => {
    const own = items.filter(({ provider }) => provider === CIVIL_AFFAIRS)
    for (const [state, owes] of [
      ['suspended', false],
      ['retired', true],
      ['draft', true],
    ] as const) {
      const all = own.map((item) => ({ ...item, state }))
      expect(owesPledge(registryOf([], all), CIVIL_AFFAIRS, TODAY)).toBe(owes)
    }
  })

  test('is owed by no village committee, no suspended agency, not by the sandbox, not by nobody', () => {
    const bare = registryOf([], [])
    const suspended = {
      ...agencySchema.parse(bare.agencies.get(AUDIT_BUREAU)),
      status: 'suspended' as const,
    }
    bare.agencies.set(AUDIT_BUREAU, suspended)
    for (const uscc of [VILLAGE, SANDBOX_AGENCY, AUDIT_BUREAU, '11990100MB9999999X'])
      expect(owesPledge(bare, uscc, TODAY)).toBe(false)
  })

  test.each([
    ['ends before it begins', { from: '2027-01-01' }],
    ['has no such day', { to: '2026-02-30' }],
    ['is not signed', { signedBy: undefined }],
    ['says nothing', { text: { zh: '', en: '' } }],
    ['says more than the form', { note: 'x' }],
  ])('that %s is refused', (_, members) => {
    expect(pledgeSchema.safeParse({ ...pledges[0], ...members }).success).toBe(false)
  })
})
