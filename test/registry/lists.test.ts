import { describe, expect, test } from 'vitest'
import { lists } from '../../src/registry/lists.ts'
import { documents, registryOf, seeded } from './seeded.ts'

const CITY = '11990100MB99010327'
const TOWN = '11990102MB9901112P'
const MARKET = '11990100MB99010402'

const of = (uscc: string, registry = seeded) => {
  const found = lists(registry, uscc)
  if (!found) throw new Error(`nobody knows ${uscc}`)
  return found
}
const codes = (all: readonly { readonly code: string }[]) => all.map(({ code }) => code)

describe('the three lists of an agency', () => {
  test('are views of one catalogue: what it offers and leads is its power, and nothing else', () => {
    for (const { uscc } of documents.agencies) {
      const { power } = of(uscc)
      const items = documents.items.filter(({ provider }) => provider === uscc)
      const services = documents.services.filter(({ lead }) => lead === uscc)
      expect([...codes(power)].sort()).toEqual([...new Set(codes([...items, ...services]))].sort())
    }
  })

  test('approval: applications for its services, and for data that is shared on conditions', () => {
    const { approval } = of(MARKET)
    // ENT-01 and FOOD-01 are shared without conditions: there is nothing to decide.
    expect(codes(approval)).toEqual(['S01'])
    expect(approval[0]?.papers).toEqual({ before: 10, after: 3 })
    expect(codes(of(CITY).approval)).toContain('MAR-01')
  })

  test('responsibility: also for what it joins in, each in its role, with its limit', () => {
    const { responsibility } = of(TOWN)
    expect(responsibility.map(({ code, role }) => [code, role])).toEqual([
      ['LOWLB-02', 'provider'],
      ['S03.lubu', 'lead'],
      ['S11', 'co-lead'],
    ])
    expect(responsibility[0]).toMatchObject({
      answersFor: { zh: expect.stringContaining('街道办事处') },
      timeLimit: { promised: { n: 5 } },
      liability: { article: '第三十九条' },
    })
  })

  test('say what is adopted from above', () => {
    expect(of(TOWN).power.map(({ adopts }) => adopts?.code)).toEqual(['LOW-02', 'S03'])
  })

  test('know no drafts, and nothing that is over', () => {
    for (const state of ['draft', 'submitted', 'approved', 'retired'] as const) {
      const services = documents.services.map((one) => ({ ...one, state }))
      const items = documents.items.map((one) => ({ ...one, state }))
      expect(of(TOWN, registryOf({ services, items })).power).toEqual([])
    }
  })

  test('of an agency that nobody knows are not told', () => {
    expect(lists(seeded, '11990100MB9999999X')).toBeUndefined()
  })
})
