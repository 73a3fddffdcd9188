import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LeafFields, leafText, parseLeaf } from '../../src/log/entry.ts'
import { canonicalJson } from '../../src/log/leaf.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((one) => one.isWellFormed())
const count = fc.integer({ min: 0, max: 2 ** 40 })
const fields = fc.record(
  {
    kind: fc.constantFrom('exchange', 'refusal', 'registry', 'erasure'),
    caller: text,
    requester: text,
    item: text,
    agreement: text,
    purpose: fc.record({ service: text, basis: text, scenario: text }),
    outcome: text,
    check: text,
    count,
    requestHash: text,
    answerHash: text,
    indexHash: text,
    erases: fc.array(count),
    change: fc.record({ what: text, id: text, hash: text }),
  },
  { requiredKeys: ['kind'] },
) as fc.Arbitrary<LeafFields>

const TIME = '2026-11-22T00:00:00.000Z'

describe('leafText', () => {
  it('is canonical JSON, whichever members there are', () => {
    fc.assert(
      fc.property(fields, (leaf) => {
        const whole = { v: 1, time: TIME, ...leaf }
        expect(leafText(leaf, TIME)).toBe(canonicalize(whole))
        expect(leafText(leaf, TIME)).toBe(canonicalJson(whole))
      }),
    )
  })

  it('reads back as what was written', () => {
    fc.assert(
      fc.property(fields, (leaf) => {
        expect(parseLeaf(leafText(leaf, TIME))).toEqual({ v: 1, time: TIME, ...leaf })
      }),
    )
  })
})
