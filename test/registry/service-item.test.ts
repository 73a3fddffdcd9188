import { describe, expect, test } from 'vitest'
import { RegistryError, readDocuments } from '../../src/registry/apply.ts'
import type { Material, Service } from '../../src/registry/service-item.ts'
import { agencies, items } from '../seed/seed.ts'
import { MOVING, material, TESTS } from '../service-items.ts'

const KNOWN = {
  agencies,
  systems: [],
  items: items.map((item) => ({ ...item, contract: null, connector: null })),
  agreements: [],
  registers: [],
  contracts: [],
}

const apply = (...services: unknown[]) => readDocuments({ ...KNOWN, services })
const withMaterial = (members: object): unknown => ({
  ...MOVING,
  materials: [{ ...material('T01-01', { kind: 'kept' }), ...members }],
})
const withDecision = (decision: unknown): unknown =>
  withMaterial({ decision, tests: TESTS.replaced })
const service = (members: Partial<Service>): Service => ({ ...MOVING, ...members })

describe('services', () => {
  test('that hold are read as they are', () => {
    expect(apply(MOVING).services).toEqual([MOVING])
    expect(readDocuments(KNOWN).services).toEqual([])
  })

  test.each<[string, unknown, string]>([
    ['no decision', withMaterial({ decision: undefined }), 'services/0/materials/0/decision'],
    ['two decisions', withDecision({ kind: 'kept', items: ['ID-01'] }), 'materials/0/decision'],
    ['replaced by nothing', withDecision({ kind: 'replaced', items: [] }), 'decision/items'],
    [
      'committed without an after-check',
      withDecision({ kind: 'committed' }),
      'materials/0/decision/afterCheck',
    ],
    ['a test left out', withMaterial({ tests: { noBasis: true } }), 'materials/0/tests/obtainable'],
    ['no law', withMaterial({ law: [] }), 'materials/0/law'],
    ['one language', withMaterial({ names: { zh: '证' } }), 'materials/0/names/en'],
    ['an unknown member', withMaterial({ before: 1 }), 'materials/0'],
    ['a stored count', { ...MOVING, after: 3 }, 'services/0'],
    ['no materials', service({ materials: [] }), 'services/0/materials'],
    ['an unknown state', { ...MOVING, state: 'open' }, 'services/0/state'],
    ['an unknown agency', service({ lead: '11990100MB9999999X' }), 'T01: unknown agency'],
    [
      'an unknown co-lead',
      service({ coLeads: ['11990100MB9999999X'] }),
      'T01: unknown agency 11990100MB9999999X',
    ],
    [
      'an unknown item',
      withDecision({ kind: 'replaced', items: ['ID-01', 'NO-99'] }),
      'T01-01: unknown item NO-99',
    ],
    ['a material of another service', withMaterial({ id: 'T02-01' }), 'T02-01: not a material'],
    [
      'one paper demanded twice',
      service({ materials: [same('T01-01', '户口 簿'), same('T01-02', '户口簿')] }),
      'T01: demands 户口簿 twice',
    ],
    [
      'one id for two papers',
      service({ materials: [same('T01-01', '甲表'), same('T01-01', '乙表')] }),
      'T01-01: named twice',
    ],
  ])('with %s are refused, naming the place', (_, one, place) => {
    expect(() => apply(one)).toThrow(RegistryError)
    expect(() => apply(one)).toThrow(place)
  })

  test('named twice are refused', () => {
    expect(() => apply(MOVING, MOVING)).toThrow('T01: named twice')
  })

  test('a commitment is checked by a known item', () => {
    const afterCheck = { item: 'NO-99', how: { zh: '查', en: 'check' }, dueWorkingDays: 5 }
    const one = withMaterial({
      decision: { kind: 'committed', afterCheck },
      tests: TESTS.committed,
    })
    expect(() => apply(one)).toThrow('T01-01: unknown item NO-99')
  })

  test.each<[Material['decision'], Partial<Material['tests']>]>([
    [{ kind: 'kept' }, { obtainable: true }],
    [{ kind: 'kept' }, { noBasis: true }],
    [{ kind: 'replaced', items: ['ID-01'] }, { obtainable: false }],
    [{ kind: 'abolished' }, { noBasis: false }],
  ])('%o with %o does not follow from the five tests', (decision, tests) => {
    const one = withMaterial({ decision, tests: { ...TESTS[decision.kind], ...tests } })
    expect(() => apply(one)).toThrow('five tests')
  })
})

function same(id: string, zh: string): Material {
  return material(id, { kind: 'kept' }, { zh, en: zh })
}
