import canonicalize from 'canonicalize'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/log/leaf.ts'
import { changedPlaces, seen } from '../../src/proposal/next.ts'
import { blank } from '../../src/proposal/proposal.ts'
import { shuffled } from '../shuffled.ts'

const document = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue(), { maxKeys: 5 })

const shown = { ...blank('id', 'item', 'p'), target: 'ENT-01', base: 'b', doc: { a: 1 } }

describe('what the persons who act bind themselves to', () => {
  test('does not depend on the order of members', () => {
    fc.assert(
      fc.property(document, (doc) => {
        expect(seen({ ...shown, doc: shuffled(doc) })).toBe(seen({ ...shown, doc }))
      }),
    )
  })

  test('is another for any other kind, target, base or document', () => {
    const others = [
      { ...shown, kind: 'service' },
      { ...shown, target: 'ENT-02' },
      { ...shown, base: 'c' },
      { ...shown, base: null },
      { ...shown, doc: { a: 2 } },
      { ...shown, doc: {} },
    ]
    expect(new Set([shown, ...others].map(seen)).size).toBe(others.length + 1)
  })

  test('is the same for whoever proposes, signs or says something beside it', () => {
    const other = {
      ...shown,
      id: 'x',
      proposer: 'q',
      approver: 'r',
      state: 'approved',
      revision: 3,
    }
    expect(seen(other)).toBe(seen(shown))
  })

  test('is canonical JSON, as another implementation writes it', () => {
    fc.assert(
      fc.property(document, (doc) => {
        const { kind, target, base } = shown
        expect(seen({ ...shown, doc })).toBe(canonicalize({ kind, target, base, doc }))
      }),
    )
  })

  test.each([
    0, -0, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 9007199254740992, 0.1, 100, 1e6, -1.5,
    123456789012345680000, 333333333.3333333, 4.5, 2e-3, 1e-27,
  ])('spells the number %d as RFC 8785 does', (number) => {
    expect(canonicalJson(number)).toBe(canonicalize(number))
  })

  test('is refused for what is not JSON, rather than made of half of it', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, '\ud800'])
      expect(() => seen({ ...shown, doc: { a: value } })).toThrow()
  })
})

test('the places that changed are named, and none where a document is missing', () => {
  expect(changedPlaces({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } })).toEqual(['/b/c'])
  expect(changedPlaces(undefined, { a: 1 })).toEqual([])
  expect(changedPlaces({ a: 1 }, 'a')).toEqual([])
})
