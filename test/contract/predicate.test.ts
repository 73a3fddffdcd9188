import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClaimContract, loadContract } from '../../src/contract/contract.ts'
import { judge } from '../../src/contract/predicate.ts'

function claimOf(schema: Record<string, unknown>, compare?: string): ClaimContract {
  const ordered = ['integer', 'number'].includes(String(schema.type)) || schema.format !== undefined
  const predicates = ['equals', 'in', ...(ordered && !compare ? ['atLeast', 'atMost'] : [])]
  const title = { zh: '值', en: 'Value' }
  const claim = { title, schema, read: false, predicates, sensitivity: 'personal' }
  const contract = loadContract({
    code: 'TST-01',
    version: 1,
    title,
    subject: { type: 'object', additionalProperties: false },
    claims: { value: { ...claim, ...(compare && { compare }) } },
  })
  return contract.claims.get('value') as ClaimContract
}

const number = claimOf({ type: 'integer' })
const flag = claimOf({ type: 'boolean' })
const code = claimOf({ type: 'string' })
const date = claimOf({ type: 'string', format: 'date' })
const month = claimOf({ type: 'string', format: 'year-month' })
const name = claimOf({ type: 'string' }, 'name')
const id = claimOf({ type: 'string' }, 'id')

const claim = 'value'

describe('predicates', () => {
  it.each<[ClaimContract, Record<string, unknown>, unknown, string]>([
    [flag, { equals: true }, true, 'MATCH'],
    [flag, { equals: true }, false, 'MISMATCH'],
    [flag, { equals: false }, false, 'MATCH'],
    [number, { equals: 0 }, 0, 'MATCH'],
    [number, { atLeast: 2 }, 2, 'MATCH'],
    [number, { atLeast: 3 }, 2, 'MISMATCH'],
    [number, { atMost: 10 }, 9, 'MATCH'],
    [code, { equals: 'A' }, 'a', 'MISMATCH'],
    [code, { in: ['A', 'B'] }, 'B', 'MATCH'],
    [code, { in: ['A', 'B'] }, 'C', 'MISMATCH'],
    [code, { equals: 'A' }, '', 'MISMATCH'],
    [date, { atLeast: '2020-01-01' }, '2019-12-31', 'MISMATCH'],
    [date, { atMost: '2020-01-01' }, '2020-01-01', 'MATCH'],
    [month, { atLeast: '2020-10' }, '2020-09', 'MISMATCH'],
    [month, { atMost: '2020-10' }, '2020-09', 'MATCH'],
    [name, { equals: '古丽娜尔•艾山' }, '古丽娜尔·艾山', 'MATCH'],
    [name, { equals: '石䶮' }, '石\ue863', 'UNDETERMINED'],
    [name, { in: ['陆知远', '石䶮'] }, '石\ue863', 'UNDETERMINED'],
    [name, { in: ['石?', '陆知远'] }, '陆知远', 'MATCH'],
    [name, { equals: '陆知远' }, '陆知元', 'MISMATCH'],
    [id, { equals: '11010519491231002x' }, '11010519491231002X', 'MATCH'],
    [id, { equals: '11010519491231002X' }, '440524188001010014', 'MISMATCH'],
  ])('%#: %o', (contract, predicate, value, result) => {
    expect(judge(contract, { claim, ...predicate }, value)).toBe(result)
  })

  it('never turn silence into "no"', () => {
    for (const contract of [flag, number, code, date, name, id])
      for (const value of [undefined, null])
        for (const predicate of [{ equals: false }, { in: [false] }, { atLeast: 1 }, { atMost: 1 }])
          expect(judge(contract, { claim, ...predicate }, value)).toBe('NO_RECORD')
  })

  it('are exactly one, over a scalar', () => {
    expect(() => judge(code, { claim }, 'A')).toThrow(TypeError)
    expect(() => judge(number, { claim, atLeast: 1, atMost: 2 }, 1)).toThrow(TypeError)
    expect(() => judge(code, { claim, equals: 'A' }, ['A'])).toThrow(TypeError)
    expect(() => judge(date, { claim, atLeast: '2020-01' }, '2020-01-01')).toThrow(TypeError)
    expect(() => judge(number, { claim, atLeast: '1' }, 1)).toThrow(TypeError)
  })
})

describe('predicates, whatever the value', () => {
  const scalars = fc.oneof(
    fc.integer().map((value) => [number, value] as const),
    fc.boolean().map((value) => [flag, value] as const),
    fc.string().map((value) => [code, value] as const),
  )
  const dates = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10))

  it('equals holds of the value itself, and in of any list that has it', () => {
    fc.assert(
      fc.property(scalars, fc.array(fc.string(), { maxLength: 7 }), ([contract, value], others) => {
        expect(judge(contract, { claim, equals: value }, value)).toBe('MATCH')
        expect(judge(contract, { claim, in: [...others, value] }, value)).toBe('MATCH')
      }),
    )
  })

  it('in is a match where some equals is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.uniqueArray(fc.nat(9), { minLength: 1 }),
        (value, wanted) => {
          const each = wanted.map((one) => judge(number, { claim, equals: one }, value))
          const all = judge(number, { claim, in: wanted }, value)
          expect(all).toBe(each.includes('MATCH') ? 'MATCH' : 'MISMATCH')
        },
      ),
    )
  })

  it('atLeast and atMost agree with the order of numbers and of days', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (value, bound) => {
        expect(judge(number, { claim, atLeast: bound }, value) === 'MATCH').toBe(value >= bound)
        expect(judge(number, { claim, atMost: bound }, value) === 'MATCH').toBe(value <= bound)
      }),
    )
    fc.assert(
      fc.property(dates, dates, (value, bound) => {
        const later = Date.parse(value) >= Date.parse(bound)
        expect(judge(date, { claim, atLeast: bound }, value) === 'MATCH').toBe(later)
        const both = ['atLeast', 'atMost'].map((name) =>
          judge(date, { claim, [name]: bound }, value),
        )
        expect(both.includes('MATCH')).toBe(true)
        expect(both.every((result) => result === 'MATCH')).toBe(value === bound)
      }),
    )
  })

  it('say one of four words and nothing of the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (value, wanted) => {
        for (const contract of [code, name, id])
          expect(['MATCH', 'MISMATCH', 'UNDETERMINED']).toContain(
            judge(contract, { claim, equals: wanted }, value),
          )
      }),
    )
  })
})
