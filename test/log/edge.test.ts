import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Edge,
  edgeFrom,
  edgeRoot,
  emptyEdge,
  extendEdge,
  type FullTile,
} from '../../src/log/edge.ts'
import { partialWidth } from '../../src/log/tile.ts'
import { hex, hexAll, leaves, naiveTree, sha256 } from './naive-tree.ts'

const all = leaves(70_000)
const tree = naiveTree(all)

function plain({ size, peaks, partial }: Edge) {
  return { size, peaks: hexAll(peaks), partial: hexAll(partial) }
}

function plainTiles(tiles: readonly FullTile[]) {
  return tiles.map(({ level, n, hashes, root }) => [level, n, hex(hashes), hex(root)])
}

/** Appends in batches of these sizes, over and over, until `size`. */
function grow(size: number, batches: readonly number[]): { edge: Edge; tiles: FullTile[] } {
  let edge = emptyEdge
  const tiles: FullTile[] = []
  for (let turn = 0; edge.size < size; turn++) {
    const end = Math.min(size, edge.size + (batches[turn % batches.length] ?? 1))
    const grown = extendEdge(sha256, edge, all.slice(edge.size, end))
    edge = grown.edge
    tiles.push(...grown.tiles)
  }
  return { edge, tiles }
}

/** All tiles of a tree, full ones as `extendEdge` should emit them, and the partial ones. */
function naiveTiles(size: number) {
  const full: [number, number, string, string][] = []
  const partial: string[] = []
  for (let level = 0; size >= 256 ** level; level++) {
    const row = tree.level(level, size)
    const complete = Math.floor(row.length / 256)
    for (let n = 0; n < complete; n++) {
      const hashes = row.slice(n * 256, n * 256 + 256)
      full.push([level, n, hexAll(hashes).join(''), hex(naiveTree(hashes).root(256))])
    }
    partial.push(hexAll(row.slice(complete * 256)).join(''))
  }
  return { full, partial }
}

describe('extendEdge', () => {
  it('has the naive root, and rebuilds from its partial tiles, at every size to 600', () => {
    let edge = emptyEdge
    expect(hex(edgeRoot(sha256, edge))).toBe(hex(tree.root(0)))
    for (let size = 1; size <= 600; size++) {
      edge = extendEdge(sha256, edge, [all[size - 1] as Uint8Array]).edge
      expect(hex(edgeRoot(sha256, edge))).toBe(hex(tree.root(size)))
      expect(plain(edgeFrom(sha256, size, edge.partial))).toEqual(plain(edge))
    }
  })

  it.each([65_535, 65_536, 65_537, 70_000])('has the naive root and tiles at %i', (size) => {
    const { edge, tiles } = grow(size, [64, 1, 256, 1000])
    const expected = naiveTiles(size)
    expect(hex(edgeRoot(sha256, edge))).toBe(hex(tree.root(size)))
    expect(plain(edgeFrom(sha256, size, edge.partial))).toEqual(plain(edge))
    expect(hexAll(edge.partial)).toEqual(expected.partial)
    const emitted = plainTiles(tiles) as [number, number, string, string][]
    expect(emitted.sort(([a, m], [b, n]) => a - b || m - n)).toEqual(expected.full)
  })

  it('emits the full tile at 256 and counts it on the level above', () => {
    const before = grow(255, [255]).edge
    const { edge, tiles } = extendEdge(sha256, before, [all[255] as Uint8Array])
    const root = hex(tree.root(256))
    expect(plainTiles(tiles)).toEqual([[0, 0, hexAll(all.slice(0, 256)).join(''), root]])
    expect(plain(edge)).toEqual({ size: 256, peaks: [root], partial: ['', root] })
  })

  it('emits a level-1 tile after the level-0 tile that completes it', () => {
    const { tiles } = extendEdge(sha256, grow(65_535, [4096]).edge, all.slice(65_535, 65_537))
    expect(tiles.map(({ level, n }) => [level, n])).toEqual([
      [0, 255],
      [1, 0],
    ])
  })

  it('gives the same edge and tiles in random batches as one by one', () => {
    const one = new Map<number, ReturnType<typeof grow>>()
    const oneByOne = (size: number) => one.get(size) ?? grow(size, [1])
    for (const size of [0, 1, 255, 256, 257, 700]) one.set(size, grow(size, [1]))
    const batches = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(batches, fc.constantFrom(...one.keys()), (sizes, size) => {
        const [grown, wanted] = [grow(size, sizes), oneByOne(size)]
        expect(plain(grown.edge)).toEqual(plain(wanted.edge))
        expect(plainTiles(grown.tiles)).toEqual(plainTiles(wanted.tiles))
      }),
      { numRuns: 60 },
    )
  })

  it('leaves the old edge as it was, so that a failed commit can be tried again', () => {
    for (const size of [0, 1, 3, 200, 255, 256, 511, 65_535]) {
      const { edge } = grow(size, [512])
      const before = plain(edge)
      const other = extendEdge(sha256, edge, all.slice(1000, 1300)).edge
      const next = extendEdge(sha256, edge, all.slice(size, size + 300)).edge
      expect(plain(edge)).toEqual(before)
      expect(hex(edgeRoot(sha256, next))).toBe(hex(tree.root(size + 300)))
      expect(hex(edgeRoot(sha256, other))).not.toBe(hex(edgeRoot(sha256, next)))
    }
  })

  it('shares no bytes with the leaves it was given', () => {
    const given = [new Uint8Array(all[0] as Uint8Array)]
    const { edge } = extendEdge(sha256, emptyEdge, given)
    given[0]?.fill(0)
    expect(plain(edge)).toEqual(plain(grow(1, [1]).edge))
  })

  it('changes the root for any truncated, reordered or edited leaf', () => {
    const rootOf = (hashes: readonly Uint8Array[]) =>
      hex(edgeRoot(sha256, extendEdge(sha256, emptyEdge, hashes).edge))
    const sizes = fc.integer({ min: 2, max: 600 })
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), fc.nat(255), (size, one, two, bit) => {
        const given = all.slice(0, size)
        const root = rootOf(given)
        const [at, to] = [one % size, two % size]
        const leaf = given[at] as Uint8Array
        const edited = leaf.with(bit >> 3, (leaf[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
        expect(rootOf(given.with(at, edited))).not.toBe(root)
        expect(rootOf(given.toSpliced(at, 1))).not.toBe(root)
        expect(rootOf(given.slice(0, at))).not.toBe(root)
        const swapped = given.with(at, given[to] as Uint8Array).with(to, leaf)
        if (at !== to) expect(rootOf(swapped)).not.toBe(root)
      }),
      { numRuns: 60 },
    )
  })

  it('costs one node hash per leaf, and none again for a full tile', () => {
    let hashes = 0
    const counting = (data: Uint8Array) => {
      hashes += 1
      return sha256(data)
    }
    let edge = emptyEdge
    for (let at = 0; at < 65_536; at += 64) {
      edge = extendEdge(counting, edge, all.slice(at, at + 64)).edge
    }
    expect(hashes).toBe(65_535)
  })

  it('refuses a leaf hash that has not 32 bytes', () => {
    expect(() => extendEdge(sha256, emptyEdge, [new Uint8Array(31)])).toThrow(RangeError)
  })
})

describe('edgeFrom', () => {
  it('refuses partial tiles that do not fit the size', () => {
    const { edge } = grow(70_000, [4096])
    const [level0, level1, level2] = edge.partial as [Uint8Array, Uint8Array, Uint8Array]
    expect(partialWidth(70_000, 1) * 32).toBe(level1.length)
    for (const partial of [
      [],
      [level0, level1],
      [level0, level1.subarray(32), level2],
      [level0.subarray(1), level1, level2],
      [level0, level1, level2, level2],
    ]) {
      expect(() => edgeFrom(sha256, 70_000, partial)).toThrow(RangeError)
    }
    for (const size of [-1, 0.5, 2 ** 53, Number.NaN, 0, 69_999]) {
      expect(() => edgeFrom(sha256, size, edge.partial)).toThrow(RangeError)
    }
  })

  it('takes an empty tree', () => {
    expect(plain(edgeFrom(sha256, 0, []))).toEqual(plain(emptyEdge))
  })
})
