import { describe, expect, it } from 'vitest'
import { canonicalJson, parseEvidenceLeaf } from '../../src/log/leaf.ts'
import { Rejected } from '../../src/log/rejected.ts'

const leaf = {
  v: 1,
  kind: 'exchange',
  time: '2026-11-21T08:00:00.000Z',
  caller: 'cn-hz-hukou-1',
  item: 'MAR-01@1',
  purpose: { service: 'S-1', basis: 'B-1', scenario: 'X-1' },
  outcome: 'ANSWERED',
  requestHash: 'q',
  answerHash: 'a',
}

describe('canonicalJson', () => {
  it('is the example of RFC 8785 §3.2.4', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    )
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
  })

  it('sorts members by UTF-16 code units, as in RFC 8785 §3.2.3', () => {
    const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 }
    const names = Object.keys(JSON.parse(canonicalJson(value)))
    expect(names.filter((name) => name !== '1')).toEqual(['\r', '\u0080', 'ö', '€', '😀', '\ufb33'])
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":2,"10":3,"9":4}'))).toBe(
      '{"10":3,"9":4,"__proto__":2,"b":1}',
    )
  })

  it.each([undefined, Number.NaN, 1n, '\ud800', { a: undefined }, { '\udfff': 1 }])(
    'refuses what is not JSON in UTF-8 (%#)',
    (value) => {
      expect(() => canonicalJson(value)).toThrow()
    },
  )
})

describe('parseEvidenceLeaf', () => {
  it('reads an exchange and a refusal, and leaves further members in place', () => {
    expect(parseEvidenceLeaf(canonicalJson(leaf))).toEqual(leaf)
    const { outcome: _, ...rest } = leaf
    const refusal = { ...rest, kind: 'refusal', check: 'quota', count: 3 }
    expect(parseEvidenceLeaf(canonicalJson(refusal))).toEqual(refusal)
  })

  const text = canonicalJson(leaf)
  it.each([
    ['a space', text.replace(',', ', ')],
    ['another order', JSON.stringify(leaf)],
    ['a member twice', text.replace('{"', '{"answerHash":"b","')],
    ['an escape that needs none', text.replace('ANSWERED', '\\u0041NSWERED')],
    ['a longer number', text.replace('"v":1', '"v":1.0')],
    ['a newline at the end', `${text}\n`],
    ['a byte order mark', `\ufeff${text}`],
    ['a lone surrogate', text.replace('ANSWERED', '\ud800')],
    ['no object', '[1]'],
    ['null', 'null'],
    ['no JSON', '{'],
    ['nothing', ''],
    ['a depth that overflows', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['70,000 characters', canonicalJson({ ...leaf, item: 'x'.repeat(70_000) })],
  ])('refuses text with %s', (_, text) => {
    expect(() => parseEvidenceLeaf(text)).toThrow()
  })

  it.each<Record<string, unknown>>([
    { v: 2 },
    { v: '1' },
    { kind: 'registry' },
    { kind: '__proto__' },
    { time: '2026-11-21T08:00:00Z' },
    { time: '2026-11-21T08:00:00.000+08:00' },
    { time: '2026-02-30T08:00:00.000Z' },
    { time: 1 },
    { caller: null },
    { requestHash: 1 },
    { outcome: 1 },
    { item: {} },
    { check: 'quota' },
    { kind: 'refusal' },
  ])('refuses a leaf with %j', (change) => {
    expect(() => parseEvidenceLeaf(canonicalJson({ ...leaf, ...change }))).toThrow(Rejected)
  })
})
