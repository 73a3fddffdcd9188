import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames, normalizeIdNumber, normalizeName } from '../../src/contract/name.ts'

const MATCHING: readonly (readonly [string, string, string])[] = [
  ['陆知远', '陆知远', 'the same'],
  ['陆知远', ' 陆知远 ', 'spaces around'],
  ['陆知远', '陆 知 远', 'spaces inside'],
  ['陆知远', '陆\u3000知远', 'ideographic space'],
  ['陆知远', '陆\u200b知远', 'zero-width space'],
  ['古丽娜尔·艾山', '古丽娜尔•艾山', 'bullet'],
  ['古丽娜尔·艾山', '古丽娜尔‧艾山', 'hyphenation point'],
  ['古丽娜尔·艾山', '古丽娜尔・艾山', 'katakana dot'],
  ['古丽娜尔·艾山', '古丽娜尔･艾山', 'half-width katakana dot'],
  ['古丽娜尔·艾山', '古丽娜尔∙艾山', 'bullet operator'],
  ['古丽娜尔·艾山', '古丽娜尔⋅艾山', 'dot operator'],
  ['古丽娜尔·艾山', '古丽娜尔．艾山', 'full-width full stop'],
  ['古丽娜尔·艾山', '古丽娜尔.艾山', 'full stop'],
  ['古丽娜尔·艾山', '古丽娜尔 · 艾山', 'spaces around the dot'],
  ['古丽娜尔·艾山', '古丽娜尔艾山', 'no dot at all'],
  ['ANNA MÜLLER', 'Anna Müller', 'case'],
  ['ＡＮＮＡ ＬＥＥ', 'Anna Lee', 'full-width Latin'],
  ["Mary O'Neil", 'Mary O’Neil', 'apostrophes'],
  ['Jean-Luc Roy', 'Jean Luc Roy', 'a hyphen'],
  ['Anna Mu\u0308ller', 'Anna M\u00fcller', 'decomposed letter'],
  ['金\uf90a', '金金', 'compatibility ideograph'],
  ['葛\u{e0100}城', '葛城', 'variation selector'],
  ['李〇', '李〇', 'the numeral 〇'],
  ['𠮷野', '𠮷野', 'beyond the basic plane'],
]

const UNDECIDABLE: readonly (readonly [string, string, string])[] = [
  ['石\ue4c7', '石䶮', 'private use'],
  ['石\ue4c7', '石\ue4c7', 'the same private-use code point in two registers'],
  ['石\u{f0001}', '石䶮', 'private use, plane 15'],
  ['石\u{10fffd}', '石䶮', 'private use, plane 16'],
  ['石\ufffd', '石䶮', 'replacement character'],
  ['石\u0378', '石䶮', 'unassigned'],
  ['石\ud842', '石𠮷', 'half a surrogate pair'],
  ['石□', '石䶮', 'white square'],
  ['石■', '石䶮', 'black square'],
  ['石?', '石䶮', 'question mark'],
  ['石？', '石䶮', 'full-width question mark'],
  ['石*', '石䶮', 'asterisk'],
  ['石＊', '石䶮', 'full-width asterisk'],
  ['石〓', '石䶮', 'geta mark'],
  ['石⿱龙天', '石䶮', 'ideographic description'],
  ['石(龙天)', '石䶮', 'parts in brackets'],
  ['石○', '石〇', 'white circle'],
  ['石×', '石䶮', 'multiplication sign'],
  ['石·', '石䶮', 'a dot for the character'],
  ['石-', '石䶮', 'a hyphen for the character'],
  ['石yan', '石䶮', 'partly in pinyin'],
  ['Shi Yan', '石䶮', 'another script'],
  ['石⺼', '石月', 'a radical that is no character'],
  ['石\u0000', '石䶮', 'control character'],
  ['', '石䶮', 'empty'],
  [' ', '石䶮', 'blank'],
]

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
