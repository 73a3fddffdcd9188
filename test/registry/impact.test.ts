import { describe, expect, test } from 'vitest'
import { answersNow, countMaterials } from '../../src/registry/counts.ts'
import { type Changing, impact } from '../../src/registry/impact.ts'
import { itemsOf } from '../../src/registry/service-item.ts'
import { documents, seeded } from './seeded.ts'

const codes = (all: readonly { readonly code: string }[]) => all.map(({ code }) => code)
const ids = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id)
const suspended = (code: string) => impact(seeded, { kind: 'item', code, becomes: 'suspended' })

describe('what a change touches', () => {
  test('of an item: who asks for it, by which agreement, for which papers of which services', () => {
    const found = suspended('HPF-01')
    expect(ids(found.agreements)).toEqual(['housing-hpf-01'])
    expect(codes(found.systems)).toEqual(['housing-bureau'])
    expect(codes(found.services)).toEqual(['S04'])
    const housing = seeded.services.get('S04')
    const materials = housing?.materials.filter((one) => itemsOf(one).includes('HPF-01'))
    expect(found.services[0]?.materials).toEqual(materials?.map(({ id }) => id))
    expect(found.papers).toEqual({ before: 3, after: 4 })
  })

  test('one that is only changed leaves the papers as they are', () => {
    const { papers } = impact(seeded, { kind: 'item', code: 'HPF-01', becomes: 'changed' })
    expect(papers).toEqual({ before: 3, after: 3 })
  })

  test('an old version that goes leaves the papers to the one that stays', () => {
    const gone = (version: number) =>
      impact(seeded, { kind: 'item', code: 'ENT-01', version, becomes: 'retired' }).papers
    expect(gone(1).after).toBe(gone(1).before)
    expect(gone(2).after).toBe(gone(2).before + 1)
  })

  test('every item is felt by exactly the papers that it answers for', () => {
    const stands = answersNow(seeded.items)
    const total = (gone: string) =>
      documents.services.reduce(
        (sum, service) =>
          sum + countMaterials(service, (code) => code !== gone && stands(code)).after,
        0,
      )
    const now = total('')
    for (const code of new Set(codes(documents.items))) {
      const { papers } = suspended(code)
      expect([code, papers.after - papers.before]).toEqual([code, total(code) - now])
    }
  })

  test('of a definition: all who have taken it over', () => {
    expect(codes(suspended('LOW-02').adopters)).toEqual(['LOWLB-02', 'LOWTN-02', 'LOWWT-02'])
    const service = impact(seeded, { kind: 'service', code: 'S03', becomes: 'changed' })
    expect(codes(service.adopters)).toEqual(['S03.lubu', 'S03.tingnan', 'S03.weiting'])
  })

  test('of a service: the items behind its papers, and the agreements made for it', () => {
    const found = impact(seeded, { kind: 'service', code: 'S03', becomes: 'changed' })
    expect(codes(found.items)).toEqual(['HK-01', 'ID-01', 'RES-01'])
    expect(ids(found.agreements)).toEqual([
      'senior-eld-01',
      'senior-hk-01',
      'senior-id-01',
      'senior-res-01',
    ])
  })

  test('of an agreement: whom it lets ask, and what for', () => {
    const found = impact(seeded, { kind: 'agreement', id: 'relief-veh-01', becomes: 'suspended' })
    expect(codes(found.items)).toEqual(['VEH-01'])
    expect(codes(found.systems)).toEqual(['subdistrict'])
    expect(codes(found.services)).toEqual(['S11'])
  })

  test('of a provider’s system: the items that it answers, and everybody behind them', () => {
    const found = impact(seeded, { kind: 'system', id: 'traffic-police', becomes: 'suspended' })
    expect(codes(found.items)).toEqual(['VEH-01'])
    expect(codes(found.systems)).toEqual(['housing-bureau', 'subdistrict'])
    expect(codes(found.services)).toEqual(['S04', 'S11'])
    expect(found.papers.after).toBe(found.papers.before + 2)
  })

  test('of a caller’s system: the agreements that it uses', () => {
    const found = impact(seeded, { kind: 'system', id: 'subdistrict', becomes: 'suspended' })
    expect(found.agreements.length).toBeGreaterThan(5)
    for (const { id } of found.agreements) expect(id).toMatch(/^relief-/)
    expect(found.systems).toEqual([])
    expect(found.papers).toEqual({ before: 0, after: 0 })
  })

  test.each<Changing>([
    { kind: 'item', code: 'NO-99', becomes: 'retired' },
    { kind: 'service', code: 'S99', becomes: 'retired' },
    { kind: 'agreement', id: 'nothing', becomes: 'retired' },
    { kind: 'system', id: 'nobody', becomes: 'retired' },
  ])('of what is not there: nobody ($kind)', (changing) => {
    const nobody = { systems: [], agreements: [], items: [], services: [], adopters: [] }
    expect(impact(seeded, changing)).toEqual({ ...nobody, papers: { before: 0, after: 0 } })
  })
})
