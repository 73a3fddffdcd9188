import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  answersNow,
  type Counts,
  countAll,
  countMaterials,
  standingOf,
} from '../../src/registry/counts.ts'
import type { Item } from '../../src/registry/documents.ts'
import type { Material } from '../../src/registry/service-item.ts'
import { MOVING, material } from '../service-items.ts'

const CODES = ['ID-01', 'HK-01', 'MAR-01', 'RE-01', 'LOW-02'] as const

const decisions: fc.Arbitrary<Material['decision']> = fc.oneof(
  fc.record({
    kind: fc.constant('replaced' as const),
    items: fc.uniqueArray(fc.constantFrom(...CODES), { minLength: 1, maxLength: 3 }),
  }),
  fc.constantFrom(
    { kind: 'abolished' as const },
    { kind: 'kept' as const },
    {
      kind: 'committed' as const,
      afterCheck: { item: null, how: { zh: '查', en: 'check' }, dueWorkingDays: 5 },
    },
  ),
)
const materials = fc
  .array(decisions, { maxLength: 40 })
  .map((all) => all.map((one, i) => material(`T01-${i}`, one)))
const answering = fc.subarray([...CODES]).map((codes) => new Set<string>(codes))

const standings = ({ proven, pending, committed, abolished, kept }: Counts) => [
  proven,
  pending,
  committed,
  abolished,
  kept,
]
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

describe('counting papers', () => {
  test('every material is counted exactly once, and after is what is kept or pending', () => {
    fc.assert(
      fc.property(materials, answering, (all, answered) => {
        const counts = countMaterials({ materials: all }, (code) => answered.has(code))
        expect(sum(standings(counts))).toBe(all.length)
        expect(counts.before).toBe(all.length)
        expect(counts.after).toBe(counts.kept + counts.pending)
        expect(counts.after).toBeLessThanOrEqual(counts.before)
      }),
    )
  })

  test('one more item that answers never raises what the citizen brings', () => {
    fc.assert(
      fc.property(materials, answering, fc.constantFrom(...CODES), (all, answered, more) => {
        const before = countMaterials({ materials: all }, (code) => answered.has(code))
        const after = countMaterials(
          { materials: all },
          (code) => code === more || answered.has(code),
        )
        expect(after.after).toBeLessThanOrEqual(before.after)
      }),
    )
  })

  test('replacing one more material never raises what the citizen brings', () => {
    fc.assert(
      fc.property(materials, answering, fc.nat(), decisions, (all, answered, at, decision) => {
        fc.pre(all.length > 0 && decision.kind === 'replaced')
        const stands = (code: string) => answered.has(code)
        const i = at % all.length
        const old = all[i] as Material
        fc.pre(old.decision.kind === 'kept')
        const more = all.with(i, { ...old, decision })
        const [a, b] = [all, more].map((list) => countMaterials({ materials: list }, stands).after)
        expect(b).toBeLessThanOrEqual(a as number)
      }),
    )
  })

  test('the sum over services counts a paper once for each service that demands it', () => {
    const stands = () => true
    const twice = countAll([MOVING, { ...MOVING, code: 'T02' }], stands)
    const once = countMaterials(MOVING, stands)
    expect(standings(twice)).toEqual(standings(once).map((one) => 2 * one))
    expect(twice.before).toBe(2 * once.before)
  })

  test('a service that a lower level adopted is counted where it was defined', () => {
    const adopted = { ...MOVING, code: 'T02', adopts: { agency: MOVING.lead, code: MOVING.code } }
    expect(countAll([MOVING, adopted], () => true)).toEqual(countMaterials(MOVING, () => true))
  })

  test('two items stand for a paper together, not one of them', () => {
    const paper = material('T01-01', { kind: 'replaced', items: ['ID-01', 'LOW-02'] })
    expect(standingOf(paper, (code) => code === 'ID-01')).toBe('pending')
    expect(standingOf(paper, () => true)).toBe('proven')
  })

  test('in one case the figure follows from the outcomes', () => {
    const outcomes = new Map([
      ['ID-01', 'proven'],
      ['HK-01', 'proven'],
      ['MAR-01', 'NO_RECORD'],
      ['ENT-01', 'proven'],
    ])
    const { before, after } = countMaterials(MOVING, (code) => outcomes.get(code) === 'proven')
    expect([before, after]).toEqual([7, 3])
  })
})

describe('an item answers now', () => {
  const item = (members: Partial<Item>) => ({ code: 'ID-01', ...members }) as Item
  const machine = { connector: {} as Item['connector'], kind: 'verification' as const }
  const asked = (...versions: Item[]) => answersNow(new Map([['ID-01', versions]]))('ID-01')

  test('when one of its versions is published and a machine is behind it', () => {
    const old = item({ ...machine, state: 'suspended' })
    expect(asked(item({ ...machine, state: 'published' }), old)).toBe(true)
    expect(asked(old, item({ ...machine, state: 'published' }))).toBe(true)
  })

  test.each([
    ['suspended', item({ ...machine, state: 'suspended' })],
    ['a draft', item({ ...machine, state: 'draft' })],
    ['an inquiry', item({ ...machine, kind: 'inquiry', state: 'published' })],
    ['not bound to a provider', item({ ...machine, connector: null, state: 'published' })],
  ])('not when it is %s', (_, one) => {
    expect(asked(one)).toBe(false)
  })

  test('not when nobody knows it', () => {
    expect(answersNow(new Map())('ID-01')).toBe(false)
  })
})
