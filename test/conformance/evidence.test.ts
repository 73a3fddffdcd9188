import { describe, expect, test } from 'vitest'
import { verifyEvidence } from '../../src/log/verify.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { readVectors } from './vectors.ts'

const { trusts, vectors } = readVectors('evidence.json')

describe('evidence bundles, as contracts/conformance/evidence.json says', () => {
  test.each(vectors)('$name', async ({ bundle, trust, expect: wanted }) => {
    const pinned = trusts[trust]
    if (!pinned) throw new Error(`evidence.json has no trust ${trust}`)
    const { ok, checks } = await verifyEvidence(bundle, pinned, nodeSha256)
    const fails = Object.entries(checks).flatMap(([name, check]) => (check.ok ? [] : [name]))
    expect({ ok, fails }).toEqual(wanted)
  })

  test('each of the four checks is broken alone by some vector', () => {
    const alone = vectors.map(({ expect: { fails } }) => fails).filter(({ length }) => length === 1)
    expect(new Set(alone.flat())).toEqual(
      new Set(['signature', 'binding', 'inclusion', 'checkpoint']),
    )
  })
})
