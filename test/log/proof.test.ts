import { describe, expect, it } from 'vitest'
import { emptyEdge, extendEdge } from '../../src/log/edge.ts'
import { verifyConsistency, verifyInclusion } from '../../src/log/merkle.ts'
import { consistencyProof, inclusionProof, type ReadTile, rootAt } from '../../src/log/proof.ts'
import { hex, hexAll, leaves, naiveTree, sha256 } from './naive-tree.ts'

const LARGEST = 66_000
const all = leaves(LARGEST)
const tree = naiveTree(all)

/** A store as the gateway has it: full tiles, and slices of the edge for the partial ones. */
function storeOf(size: number): { readTile: ReadTile; reads: string[] } {
  const { edge, tiles } = extendEdge(sha256, emptyEdge, all.slice(0, size))
  const full = new Map(tiles.map(({ level, n, hashes }) => [`${level}/${n}`, hashes]))
  const reads: string[] = []
  const readTile: ReadTile = async (level, n, width) => {
    const name = `${level}/${n}`
    reads.push(name)
    const hashes = full.get(name) ?? edge.partial[level]
    if (hashes === undefined) throw new Error(`no tile ${name}`)
    return hashes.subarray(0, width * 32)
  }
  return { readTile, reads }
}

const { readTile, reads } = storeOf(LARGEST)

describe('inclusionProof', () => {
  it('is the naive path, for every leaf of every tree to 130', async () => {
    for (let size = 1; size <= 130; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(sha256, readTile, index, size)
        expect(hexAll(proof)).toEqual(hexAll(tree.inclusion(index, size)))
      }
    }
  })

  it.each([256, 257, 511, 512, 65_535, 65_536, 65_537])(
    'is the naive path, and verifies, in the tree of %i',
    async (size) => {
      const root = tree.root(size)
      for (const index of [0, 1, 255, 256, 300, 32_767, 65_280, 65_535, 65_536, size - 1]) {
        if (index >= size) continue
        const proof = await inclusionProof(sha256, readTile, index, size)
        expect(hexAll(proof)).toEqual(hexAll(tree.inclusion(index, size)))
        const leafHash = all[index] as Uint8Array
        expect(await verifyInclusion({ sha256, index, size, leafHash, proof, root })).toBe(true)
      }
    },
  )

  it('reads each tile once, and only the tiles on its way', async () => {
    reads.length = 0
    await inclusionProof(sha256, readTile, 12_345, 65_999)
    expect(new Set(reads)).toEqual(new Set(['0/48', '1/0', '0/257', '1/1']))
    expect(reads).toHaveLength(4)
  })

  it('is refused for a leaf outside the tree', async () => {
    for (const [index, size] of [
      [0, 0],
      [5, 5],
      [-1, 5],
      [0.5, 5],
      [0, 2 ** 53],
    ] as const) {
      await expect(inclusionProof(sha256, readTile, index, size)).rejects.toThrow(RangeError)
    }
  })

  it('is refused when a tile comes back at another width', async () => {
    const short: ReadTile = async (_level, _n, width) => new Uint8Array(width * 32 - 1)
    await expect(inclusionProof(sha256, short, 0, 9)).rejects.toThrow('does not have 9 hashes')
  })
})

describe('consistencyProof', () => {
  it('is the naive proof, for every pair of trees to 130', async () => {
    for (let newSize = 1; newSize <= 130; newSize++) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const proof = await consistencyProof(sha256, readTile, oldSize, newSize)
        expect(hexAll(proof)).toEqual(hexAll(tree.consistency(oldSize, newSize)))
      }
    }
  })

  it('verifies between sizes around tile boundaries', async () => {
    const sizes = [1, 255, 256, 257, 511, 512, 40_000, 65_535, 65_536, 65_537]
    const roots = new Map(sizes.map((size) => [size, tree.root(size)]))
    for (const oldSize of sizes) {
      for (const newSize of sizes.filter((size) => size >= oldSize)) {
        const proof = await consistencyProof(sha256, readTile, oldSize, newSize)
        const [oldRoot, newRoot] = [roots.get(oldSize), roots.get(newSize)] as Uint8Array[]
        const claim = { sha256, oldSize, newSize, oldRoot, newRoot, proof }
        expect(verifyConsistency(claim as Parameters<typeof verifyConsistency>[0])).toBe(true)
      }
    }
  })

  it('is empty from size 0, and refused backwards', async () => {
    expect(await consistencyProof(sha256, readTile, 0, 9)).toEqual([])
    await expect(consistencyProof(sha256, readTile, 9, 8)).rejects.toThrow(RangeError)
  })
})

describe('rootAt', () => {
  it('is the naive root of any earlier size', async () => {
    for (const size of [0, 1, 2, 130, 255, 256, 257, 511, 512, 600, 65_535, 65_536, 65_537]) {
      expect(hex(await rootAt(sha256, readTile, size))).toBe(hex(tree.root(size)))
    }
  })

  it('asks for tiles at the width they have in that tree', async () => {
    const small = storeOf(600)
    const widths = new Map<string, number>()
    const noting: ReadTile = (level, n, width) => {
      widths.set(`${level}/${n}`, width)
      return small.readTile(level, n, width)
    }
    await rootAt(sha256, noting, 600)
    expect([...widths]).toEqual([
      ['1/0', 2],
      ['0/2', 88],
    ])
  })
})
