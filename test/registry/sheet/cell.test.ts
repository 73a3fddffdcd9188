import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  escapeCell,
  joinParts,
  linesOf,
  splitParts,
  unescapeCell,
} from '../../../src/registry/sheet/cell.ts'

const STARTS = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .tuple(fc.constantFrom('', "'", "''"), fc.constantFrom(...STARTS, "'", ''), fc.string())
    .map((parts) => parts.join('')),
)

describe('a cell that no spreadsheet computes', () => {
  test('never begins with what makes one compute, and can be read back as it was', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const cell = escapeCell(text)
        expect(STARTS.some((start) => cell.startsWith(start))).toBe(false)
        expect(unescapeCell(cell)).toBe(text)
      }),
      { numRuns: 5000 },
    )
  })

  test('is another one for every other text', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(escapeCell(one) === escapeCell(other)).toBe(one === other)
      }),
    )
  })

  test.each([
    ['=HYPERLINK("http://evil.example","看")', `'=HYPERLINK("http://evil.example","看")`],
    ['+8610', "'+8610"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ["'=1", "''=1"],
    ['普通文字', '普通文字'],
    ["it's", "it's"],
    ["'quoted'", "'quoted'"],
  ])('%j becomes %j', (text, cell) => {
    expect(escapeCell(text)).toBe(cell)
  })

  test('that a person typed is taken as typed', () => {
    for (const typed of ['-5', '=1', '普通', "'引'"]) expect(unescapeCell(typed)).toBe(typed)
  })
})

describe('parts of a line', () => {
  const part = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom('\\', '|', 'n', 'u', '0', ' ', '\n', '\r', '\t', 'a', '　'),
    }),
  )

  test('come apart as they were put together, on one line', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const line = joinParts(parts)
        expect(line).not.toMatch(/[\n\r]/)
        expect(splitParts(line)).toEqual(parts)
      }),
      { numRuns: 5000 },
    )
  })

  test('may be typed with blanks or none around the bar', () => {
    expect(splitParts('收入证明|Certificate of income')).toEqual([
      '收入证明',
      'Certificate of income',
    ])
    expect(splitParts('  a   |b ')).toEqual(['a', 'b'])
  })

  test('lines without anything on them are none', () => {
    expect(linesOf('a\r\n\n  \nb\r')).toEqual(['a', 'b'])
  })
})
