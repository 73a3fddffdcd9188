import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames, normalizeIdNumber, normalizeName } from '../../src/contract/name.ts'
import { MATCHING, UNDECIDABLE } from './names.ts'

describe('names', () => {
  it.each(MATCHING)('%s and %s match: %s', (a, b) => {
    expect(compareNames(a, b)).toBe('MATCH')
    expect(compareNames(b, a)).toBe('MATCH')
  })

  it.each(UNDECIDABLE)('%j and %j cannot be decided: %s', (a, b) => {
    expect(compareNames(a, b)).toBe('UNDETERMINED')
    expect(compareNames(b, a)).toBe('UNDETERMINED')
  })

  it.each([
    ['陆知远', '陆知元'],
    ['陆知远', '陆知'],
    ['古丽娜尔·艾山', '古丽娜尔·艾'],
    ['Anna Lee', 'Anne Lee'],
    ['李〇', '李零'],
  ])('%s and %s differ', (a, b) => {
    expect(compareNames(a, b)).toBe('MISMATCH')
  })

  it('normalises once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(normalizeName(normalizeName(name))).toBe(normalizeName(name))
      }),
    )
  })

  it('is symmetric, and never says MISMATCH of a name and itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(compareNames(a, b)).toBe(compareNames(b, a))
        expect(compareNames(a, a)).not.toBe('MISMATCH')
      }),
    )
  })

  it('never says MISMATCH once a private-use character is inside', () => {
    const han = fc.string({ unit: fc.constantFrom(...'陆知远石艾山'), minLength: 1, maxLength: 4 })
    const privateUse = fc.integer({ min: 0xe000, max: 0xf8ff }).map((n) => String.fromCodePoint(n))
    fc.assert(
      fc.property(han, han, privateUse, (a, b, rare) => {
        expect(compareNames(a + rare, b)).toBe('UNDETERMINED')
      }),
    )
  })
})

describe('identity numbers', () => {
  it.each([
    ['11010519491231002x', '11010519491231002X'],
    [' 110105 19491231 002X ', '11010519491231002X'],
    ['１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
    ['泽（2019）云汀市不动产权第0001234号', '泽(2019)云汀市不动产权第0001234号'],
  ])('%s is %s', (text, normal) => {
    expect(normalizeIdNumber(text)).toBe(normal)
  })
})

describe('letters that keyboards write differently', () => {
  it.each([
    ['علي', 'علی'],
    ['كريم', 'کریم'],
    ['موسى', 'موسی'],
  ])('%s and %s cannot be told apart safely', (one, other) => {
    expect(compareNames(one, other)).toBe('UNDETERMINED')
  })

  it('and fillers that show nothing do not count', () => {
    expect(compareNames('김\u3164철수', '김철수')).toBe('MATCH')
    expect(compareNames('ᠪ\u180bᠠ', 'ᠪᠠ')).toBe('MATCH')
  })
})
