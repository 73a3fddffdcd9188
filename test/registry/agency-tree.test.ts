import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agencyFaults, ancestorsOf, ranksAbove } from '../../src/registry/agency-tree.ts'
import { RegistryError, readDocuments } from '../../src/registry/apply.ts'
import type { Agency } from '../../src/registry/documents.ts'
import { agencies } from '../seed/seed.ts'

const [A, B, C] = agencies as [Agency, Agency, Agency]
const under = (agency: Agency, parent: Agency | string): Agency => ({
  ...agency,
  parent: typeof parent === 'string' ? parent : parent.uscc,
})
const LEVELS = ['village', 'township', 'county', 'city'] as const

describe('agencies', () => {
  test('of the seed stand in a tree', () => {
    expect(agencyFaults(agencies)).toEqual([])
  })

  test.each([
    ['itself', [under(A, A)], [A.uscc, A.uscc]],
    ['each other', [under(A, B), under(B, A)], [A.uscc, B.uscc, A.uscc]],
    ['a third', [under(C, A), under(A, B), under(B, C)], [A.uscc, B.uscc, C.uscc, A.uscc]],
  ])(
    'that go in a circle through %s are refused, and the circle is named once',
    (_, all, round) => {
      const said = [`agencies are their own parents: ${round.join(' → ')}`]
      expect(agencyFaults(all)).toEqual(said)
      const nothing = { systems: [], items: [], agreements: [], registers: [], contracts: [] }
      const load = () => readDocuments({ ...nothing, agencies: all })
      expect(load).toThrow(RegistryError)
      expect(load).toThrow(said[0])
    },
  )

  test.each([
    ['is unknown', [under(A, '11990100MB9999999X')], 'unknown parent'],
    ['is of a lower level', [under(A, B), { ...B, level: 'village' as const }], 'lower level'],
    ['is fine, but named twice', [under(A, B), B, { ...B }], 'named twice'],
  ])('whose parent %s are refused', (_, all, said) => {
    expect(agencyFaults(all).join()).toContain(said)
  })

  test('however parents are drawn, a chain ends, and faults say so exactly where one goes round', () => {
    const parents = fc.array(fc.option(fc.nat(19)), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(parents, (drawn) => {
        const uscc = (i: number) => `11990100MB99${String(i).padStart(6, '0')}`
        const all = drawn.map((parent, i): Agency => {
          const { parent: _, ...rest } = A
          return { ...rest, uscc: uscc(i), ...(parent === null ? {} : { parent: uscc(parent) }) }
        })
        const known = new Map(all.map((one) => [one.uscc, one]))
        const round = all.some(({ uscc: own }) => {
          const chain = ancestorsOf(known, own)
          expect(chain.length).toBeLessThan(20)
          return (chain.at(-1) ?? known.get(own))?.parent !== undefined
        })
        expect(agencyFaults(all).length > 0).toBe(round)
      }),
    )
  })
})

describe('who ranks above whom', () => {
  test('a higher level does, where the lower one lies within its region', () => {
    const at = (level: Agency['level'], region: string): Agency => ({ ...A, level, region })
    expect(ranksAbove(at('city', '990100'), at('county', '990102'))).toBe(true)
    expect(ranksAbove(at('county', '990102'), at('village', '990102'))).toBe(true)
    expect(ranksAbove(at('county', '990102'), at('village', '990121'))).toBe(false)
    expect(ranksAbove(at('city', '990100'), at('city', '990100'))).toBe(false)
  })

  test('nobody ranks above himself, and never both above the other', () => {
    const level = fc.constantFrom(...LEVELS)
    const region = fc.constantFrom('990000', '990100', '990102', '990121', '980100')
    const agency = fc.record({ level, region }).map((members): Agency => ({ ...A, ...members }))
    fc.assert(
      fc.property(agency, agency, (one, other) => {
        expect(ranksAbove(one, one)).toBe(false)
        expect(ranksAbove(one, other) && ranksAbove(other, one)).toBe(false)
      }),
    )
  })
})
