import { describe, expect, it } from 'vitest'
import {
  emptyRoot,
  leafHash,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from '../../src/log/merkle.ts'
import { bytesOf, hex, leaves, naiveTree, sha256 } from './naive-tree.ts'

const EXHAUSTIVE = 130
const all = leaves(600)
const tree = naiveTree(all)

function inclusionOf(index: number, size: number) {
  const [leaf, root] = [all[index] as Uint8Array, tree.root(size)]
  return { sha256, index, size, leafHash: leaf, proof: tree.inclusion(index, size), root }
}

function consistencyOf(oldSize: number, newSize: number) {
  const [oldRoot, newRoot] = [tree.root(oldSize), tree.root(newSize)]
  return { sha256, oldSize, newSize, oldRoot, newRoot, proof: tree.consistency(oldSize, newSize) }
}

/** The proof with one bit of one hash turned, for each hash; and one hash fewer, or more. */
function spoilt(proof: readonly Uint8Array[]): Uint8Array[][] {
  const flipped = proof.map((_, at) => proof.with(at, flip(proof[at] as Uint8Array, at % 32)))
  const extra = all[0] as Uint8Array
  const moved = proof.length > 1 ? [[...proof].reverse()] : []
  const shorter = proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : []
  return [...flipped, ...moved, ...shorter, [...proof, extra], [extra, ...proof]]
}

function flip(hash: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(hash)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

describe('merkle hashing', () => {
  it('gives the known answers of RFC 6962 implementations', () => {
    const none = new Uint8Array(0)
    expect(hex(emptyRoot(sha256))).toMatch(/^e3b0c442.*b855$/)
    expect(hex(leafHash(sha256, none))).toMatch(/^6e340b9c.*fa01d$/)
    expect(hex(leafHash(sha256, bytesOf('L123456')))).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    )
    expect(hex(nodeHash(sha256, bytesOf('N123'), bytesOf('N456')))).toBe(
      'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
    )
  })
})

describe('verifyInclusion', () => {
  it('accepts every leaf of every tree up to 130, and refuses each proof once spoilt', async () => {
    for (let size = 1; size <= EXHAUSTIVE; size++) {
      for (let index = 0; index < size; index++) {
        const claim = inclusionOf(index, size)
        expect(await verifyInclusion(claim)).toBe(true)
        for (const proof of spoilt(claim.proof)) {
          if (await verifyInclusion({ ...claim, proof })) expect.fail(`spoilt ${index} of ${size}`)
        }
      }
    }
  }, 60_000)

  it('accepts the leaves around tile boundaries', async () => {
    for (const size of [255, 256, 257, 511, 512, 513]) {
      for (const index of [0, 1, 127, 128, 254, 255, 256, 257, 511, 512]) {
        if (index < size) expect(await verifyInclusion(inclusionOf(index, size))).toBe(true)
      }
    }
  })

  it('refuses another leaf, index, size or root', async () => {
    for (let size = 1; size <= 40; size++) {
      for (let index = 0; index < size; index++) {
        const claim = inclusionOf(index, size)
        const others = [
          { ...claim, leafHash: flip(claim.leafHash, 31) },
          { ...claim, root: flip(claim.root, 0) },
          { ...claim, index: index + 1 },
          { ...claim, index: index - 1 },
          { ...claim, index: size },
          { ...claim, size: 0 },
          { ...claim, size: size * 2 },
        ]
        for (const other of others) expect(await verifyInclusion(other)).toBe(false)
      }
    }
  })

  it('answers false, and never throws, where numbers or hashes cannot be any', async () => {
    const claim = inclusionOf(3, 7)
    for (const odd of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1n]) {
      expect(await verifyInclusion({ ...claim, index: odd })).toBe(false)
      expect(await verifyInclusion({ ...claim, size: odd })).toBe(false)
    }
    const short = new Uint8Array(31)
    expect(await verifyInclusion({ ...claim, leafHash: short })).toBe(false)
    expect(await verifyInclusion({ ...claim, root: short })).toBe(false)
    expect(await verifyInclusion({ ...claim, proof: claim.proof.with(1, short) })).toBe(false)
  })

  it('counts beyond 32 bits and beyond 2^53', async () => {
    for (const bits of [31n, 32n, 33n, 52n, 53n, 63n]) {
      const size = 2n ** bits
      const [leaf] = all as [Uint8Array]
      const proof = all.slice(1, Number(bits) + 1)
      const root = proof.reduce((node, sibling) => nodeHash(sha256, node, sibling), leaf)
      const claim = { sha256, index: 0n, size, leafHash: leaf, proof, root }
      expect(await verifyInclusion(claim)).toBe(true)
      expect(await verifyInclusion({ ...claim, index: 2n ** (bits - 1n) })).toBe(false)
      expect(await verifyInclusion({ ...claim, size: size * 2n })).toBe(false)
      if (bits <= 52n)
        expect(await verifyInclusion({ ...claim, index: 0, size: Number(size) })).toBe(true)
    }
  })
})

describe('verifyConsistency', () => {
  it('accepts every pair of trees up to 130, and refuses each proof once spoilt', () => {
    for (let newSize = 1; newSize <= EXHAUSTIVE; newSize++) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const claim = consistencyOf(oldSize, newSize)
        expect(verifyConsistency(claim)).toBe(true)
        for (const proof of spoilt(claim.proof)) {
          if (verifyConsistency({ ...claim, proof })) expect.fail(`spoilt ${oldSize} ${newSize}`)
        }
      }
    }
  })

  it('accepts pairs around tile boundaries', () => {
    for (const [oldSize, newSize] of [
      [255, 256],
      [256, 257],
      [255, 511],
      [256, 512],
      [257, 600],
      [511, 600],
      [512, 600],
    ] as const) {
      expect(verifyConsistency(consistencyOf(oldSize, newSize))).toBe(true)
    }
  })

  it('refuses size 0: every tree extends the empty one, so that would prove nothing', () => {
    const claim = { ...consistencyOf(1, 5), oldSize: 0, oldRoot: emptyRoot(sha256) }
    expect(verifyConsistency({ ...claim, proof: [] })).toBe(false)
    expect(verifyConsistency(claim)).toBe(false)
  })

  it('refuses shrinking, forked and swapped trees', () => {
    for (let newSize = 2; newSize <= 40; newSize++) {
      for (let oldSize = 1; oldSize < newSize; oldSize++) {
        const claim = consistencyOf(oldSize, newSize)
        const others = [
          { ...claim, oldRoot: flip(claim.oldRoot, 0) },
          { ...claim, newRoot: flip(claim.newRoot, 31) },
          { ...claim, oldRoot: claim.newRoot, newRoot: claim.oldRoot },
          { ...claim, oldSize: newSize, newSize: oldSize },
          { ...claim, oldSize: oldSize - 1 },
          { ...claim, newSize: newSize * 2 },
        ]
        for (const other of others) expect(verifyConsistency(other)).toBe(false)
      }
    }
  })

  it('refuses two roots of one size, and a proof where none is due', () => {
    const claim = consistencyOf(7, 7)
    expect(verifyConsistency({ ...claim, oldRoot: flip(claim.oldRoot, 3) })).toBe(false)
    expect(verifyConsistency({ ...claim, proof: [claim.oldRoot] })).toBe(false)
  })
})
