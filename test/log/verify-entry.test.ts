import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { climb, leafBytes, verifyInclusion } from '../../src/log/merkle.ts'
import { parseReceipt } from '../../src/log/receipt.ts'
import { verifyEntry } from '../../src/log/verify-entry.ts'
import { evidenceWorld } from './evidence.ts'
import { logKey } from './log-key.ts'
import { bytesOf, leaves, naiveTree, sha256 } from './naive-tree.ts'

const world = await evidenceWorld()
const { log } = world.trust
const entry = '{"kind":"act","time":"2026-11-21T08:00:00.000Z","v":1}'
const receipt = world.receiptFor(entry)

describe('verifyEntry', () => {
  it('accepts a record of any kind, and gives the way from its leaf to the signed root', async () => {
    const { ok, way, checkpoint } = await verifyEntry({ entry, receipt }, { log }, sha256)
    expect(ok).toBe(true)
    expect(way?.leafHash).toEqual(sha256(leafBytes(bytesOf(entry))))
    expect(way?.rungs.map(({ sibling }) => sibling)).toEqual(parseReceipt(receipt).proof)
    expect(way?.rungs.at(-1)?.node).toEqual(checkpoint?.root)
    expect(checkpoint?.size).toBe(300)
  })

  it('security: says which link an altered record breaks', async () => {
    const altered = entry.replace('act', 'ACT')
    const verdict = await verifyEntry({ entry: altered, receipt }, { log }, sha256)
    expect(verdict.checks).toMatchObject({ inclusion: { ok: false }, checkpoint: { ok: true } })
    expect(verdict.way).toBeUndefined()
  })

  it('security: says that another key has signed, or that nobody knows the log', async () => {
    const forged = world.receiptFor(entry, logKey(log[0]?.origin ?? '', 'another'))
    const other = await verifyEntry({ entry, receipt: forged }, { log }, sha256)
    expect(other.checks).toMatchObject({ inclusion: { ok: true }, checkpoint: { ok: false } })
    const stranger = await verifyEntry({ entry, receipt }, { log: [] }, sha256)
    expect(stranger.checks.checkpoint.ok).toBe(false)
  })

  it('security: any bit flipped in either text is found', async () => {
    const honest = { entry, receipt }
    const places = fc.constantFrom('entry' as const, 'receipt' as const).chain((member) =>
      fc.record({
        member: fc.constant(member),
        at: fc.nat(honest[member].length - 1),
        bit: fc.nat(6),
      }),
    )
    await fc.assert(
      fc.asyncProperty(places, async ({ member, at, bit }) => {
        const text = honest[member]
        const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit))
        const bent = { ...honest, [member]: text.slice(0, at) + flipped + text.slice(at + 1) }
        expect((await verifyEntry(bent, { log }, sha256)).ok).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('answers whatever it is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (one, other) => {
        const verdict = await verifyEntry({ entry: one, receipt: other }, { log }, sha256)
        expect(verdict.ok).toBe(false)
      }),
    )
  })
})

it('climb leads where verifyInclusion looks, in trees of every small size', async () => {
  const all = leaves(40)
  const tree = naiveTree(all)
  for (let size = 1; size <= all.length; size++)
    for (let index = 0; index < size; index++) {
      const leafHash = all[index] as Uint8Array
      const claim = { sha256, index, size, leafHash, proof: tree.inclusion(index, size) }
      const rungs = await climb(claim)
      expect(rungs?.at(-1)?.node ?? leafHash).toEqual(tree.root(size))
      expect(await verifyInclusion({ ...claim, root: tree.root(size) })).toBe(true)
    }
})
