import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../../src/log/leaf.ts'
import { applyDiff, diffDocuments } from '../../src/registry/diff.ts'
import { itemSchema } from '../../src/registry/documents.ts'
import { items } from '../seed/seed.ts'
import { MOVING, material } from '../service-items.ts'
import { shuffled } from '../shuffled.ts'

/** Any JSON object, with lists of named things among its values, as documents hold them. */
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
)
const name = fc.oneof(
  fc.constantFrom('id', 'a', 'b', 'a/b', '~', '*', '0', '', '__proto__', 'constructor', '条件'),
  fc.string({ maxLength: 3, unit: 'grapheme' }),
)
const { document } = fc.letrec<{ value: unknown; document: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(fc.constantFrom('S01-01', 'S01-02', 'x', 'y', '*'), { maxLength: 4 })
      .chain((ids) => fc.tuple(...ids.map((id) => tie('document').map((one) => ({ ...one, id }))))),
    tie('document'),
  ),
  document: fc.dictionary(name, tie('value'), { maxKeys: 5 }),
}))

describe('the difference of two documents', () => {
  test('applied to the old one gives the new one, whatever they are', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const led = applyDiff(before, diffDocuments(before, after))
        expect(canonicalJson(led)).toBe(canonicalJson(after))
      }),
      { numRuns: 2000 },
    )
  })

  test('of equal documents is empty, in whatever order their members stand, and of others is not', () => {
    fc.assert(
      fc.property(document, document, (one, other) => {
        expect(diffDocuments(one, shuffled(one) as typeof one)).toEqual([])
        const isEqual = canonicalJson(one) === canonicalJson(other)
        expect(diffDocuments(one, other).length === 0).toBe(isEqual)
      }),
    )
  })

  test('names each place once', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const pointers = diffDocuments(before, after).map(({ pointer }) => pointer)
        expect(new Set(pointers).size).toBe(pointers.length)
      }),
    )
  })

  test('stands in the order of the fields, and holds only what differs', () => {
    const before = items[0] as (typeof items)[number]
    const { note: _, ...timeLimit } = before.timeLimit
    const after = itemSchema.parse({
      ...before,
      version: 9,
      fee: { ...before.fee, en: 'Free' },
      timeLimit: { ...timeLimit, note: { zh: '注', en: 'note' } },
    })
    expect(diffDocuments(before, after)).toEqual([
      { pointer: '/version', before: 2, after: 9 },
      { pointer: '/fee/en', before: 'None', after: 'Free' },
      { pointer: '/timeLimit/note', after: { zh: '注', en: 'note' } },
    ])
  })

  test('of something new names every field of it', () => {
    const changes = diffDocuments(undefined, MOVING)
    expect(changes.map(({ pointer }) => pointer)).toEqual(
      Object.keys(MOVING).map((member) => `/${member}`),
    )
    expect(changes.every((change) => !('before' in change))).toBe(true)
  })

  test('a material in the middle is one new material, not a change of all that follow', () => {
    const more = material('T01-99', { kind: 'kept' })
    const materials = MOVING.materials.toSpliced(2, 0, more)
    const ids = (all: typeof materials) => all.map(({ id }) => id)
    expect(diffDocuments(MOVING, { ...MOVING, materials })).toEqual([
      { pointer: '/materials/*', before: ids(MOVING.materials), after: ids(materials) },
      { pointer: '/materials/T01-99', after: more },
    ])
  })

  test('a material whose decision changed is named by its id', () => {
    const materials = MOVING.materials.map((one) =>
      one.id === 'T01-04' ? { ...one, decision: { kind: 'kept' as const } } : one,
    )
    const pointers = diffDocuments(MOVING, { ...MOVING, materials }).map(({ pointer }) => pointer)
    expect(pointers).toEqual([
      '/materials/T01-04/decision/kind',
      '/materials/T01-04/decision/items',
    ])
  })
})
