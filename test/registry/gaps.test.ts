import { describe, expect, test } from 'vitest'
import { gaps } from '../../src/registry/gaps.ts'
import type { Service } from '../../src/registry/service-item.ts'
import { material } from '../service-items.ts'
import { documents, registryOf, seeded, TODAY } from './seeded.ts'

const CITY = '11990100MB99010327'
const COUNTY = '11990102MB99012861'
const OTHER_COUNTY = '11990121MB9901315W'
const AUDIT_BUREAU = '11990100MB9901139J'

const of = (uscc: string, registry = seeded, today = TODAY) => {
  const found = gaps(registry, uscc, today)
  if (!found) throw new Error(`nobody knows ${uscc}`)
  return found
}
const senior = documents.services.find(({ code }) => code === 'S03.tingnan') as Service

/** A service of the other county, with papers that it goes on asking for. */
const asking = (...papers: readonly string[]): Service => {
  const { adopts: _, ...own } = senior
  const kept = papers.map((zh, i) =>
    material(`LZ01-0${i + 1}`, { kind: 'kept' }, { zh, en: `paper ${i + 1}` }),
  )
  const names = { zh: '困难群众补助', en: 'Aid in hardship' }
  return { ...own, code: 'LZ01', names, lead: OTHER_COUNTY, materials: kept }
}

describe('what an agency is still missing', () => {
  test('is compared with agencies of its function, at its level or above', () => {
    const siblings = (uscc: string) => of(uscc).siblings.map((one) => one.uscc)
    expect(siblings(COUNTY)).toEqual([CITY, OTHER_COUNTY])
    expect(siblings(CITY)).toEqual([])
    expect(siblings(AUDIT_BUREAU)).toEqual([])
  })

  test('services of siblings that it lacks, and which of them it may simply adopt', () => {
    const { services } = of(COUNTY)
    const codes = services.map(({ offered }) => offered.map(({ code }) => code))
    // S03 it has adopted; the other services of the city's bureau it has not.
    expect(codes).toEqual([['S07'], ['S11']])
    expect(services.map(({ adopts }) => adopts)).toEqual(['S07', 'S11'])
  })

  test('items that siblings offer, counted once for a definition and all its adopters', () => {
    const { items } = of(OTHER_COUNTY)
    const low = items.find(({ offered }) => offered.some(({ code }) => code === 'LOWTN-02'))
    expect(low?.offered).toEqual([{ code: 'LOWTN-02', names: expect.anything(), agency: COUNTY }])
    expect(low?.adopts).toBeUndefined()
    expect(items.find(({ adopts }) => adopts === 'MAR-01')?.offered[0]?.agency).toBe(CITY)
  })

  test('is nothing where a service of the same name is its own', () => {
    const own = { ...asking('某表'), names: { zh: '残疾人 两项补贴', en: 'Allowances' } }
    const names = of(OTHER_COUNTY, registryOf({ services: [own] })).services.map(
      ({ offered }) => offered[0]?.code,
    )
    expect(names).not.toContain('S07')
    expect(names).toContain('S11')
  })

  test('papers that it keeps, though an item stands for them', () => {
    const registry = registryOf({ services: [asking('婚姻状况证明', '申请表', '收入 证明')] })
    const { materials } = of(OTHER_COUNTY, registry)
    expect(materials.map((one) => [one.material.id, one.items.map(({ code }) => code)])).toEqual([
      ['LZ01-01', ['MAR-01']],
      // Defined above, and adopted by the other county, its sub-district and its village.
      ['LZ01-03', ['LOW-02', 'LOWLB-02', 'LOWTN-02', 'LOWWT-02']],
    ])
  })

  test('papers that it keeps, though a sibling gave them up', () => {
    const registry = registryOf({ services: [asking('户口簿')] })
    const [one] = of(OTHER_COUNTY, registry).materials
    expect(one?.items.map(({ code }) => code)).toEqual(['HK-01'])
    const elsewhere = one?.elsewhere.map(({ code }) => code)
    expect(elsewhere).toEqual(['S03', 'S03.tingnan', 'S07', 'S11'])
  })

  test('a paper that only sounds alike is no gap', () => {
    const registry = registryOf({ services: [asking('婚姻状况证明（复印件一式三份）')] })
    expect(of(OTHER_COUNTY, registry).materials).toEqual([])
  })

  test('what is suspended is offered by nobody', () => {
    const services = documents.services
      .filter(({ lead }) => lead === CITY)
      .map((service) => ({ ...service, state: 'suspended' as const }))
    const { services: lacking } = of(COUNTY, registryOf({ services }))
    expect(lacking).toEqual([])
  })

  test('a pledge: not needed, signed, or owed', () => {
    expect(of(CITY).pledge).toBe('not-needed')
    expect(of(OTHER_COUNTY).pledge).toBe('signed')
    expect(of(OTHER_COUNTY, seeded, '2027-01-01').pledge).toBe('owed')
    expect(of(AUDIT_BUREAU).pledge).toBe('owed')
  })

  test('of an agency that nobody knows is not told', () => {
    expect(gaps(seeded, '11990100MB9999999X', TODAY)).toBeUndefined()
  })

  test('is told of every agency of the seed, and the city itself keeps no paper that an item replaces', () => {
    for (const { uscc } of documents.agencies) expect(of(uscc).materials).toEqual([])
  })
})
