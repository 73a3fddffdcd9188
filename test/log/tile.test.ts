import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeEntryBundle,
  encodeEntryBundle,
  levelWidth,
  parseTilePath,
  partialWidth,
  type TileAt,
  tilePath,
  tileWidth,
} from '../../src/log/tile.ts'
import { bytesOf, hexAll } from './naive-tree.ts'

describe('tile paths', () => {
  it.each<[string, TileAt]>([
    ['tile/0/000', { level: 0, n: 0, width: 256 }],
    ['tile/0/001.p/1', { level: 0, n: 1, width: 1 }],
    ['tile/1/x001/000', { level: 1, n: 1000, width: 256 }],
    ['tile/3/x001/x234/067', { level: 3, n: 1_234_067, width: 256 }],
    ['tile/63/x001/x234/067.p/255', { level: 63, n: 1_234_067, width: 255 }],
    ['tile/entries/000.p/8', { level: 'entries', n: 0, width: 8 }],
    ['tile/entries/x123/456', { level: 'entries', n: 123_456, width: 256 }],
    ['tile/0/x009/x007/x199/x254/x740/991', { level: 0, n: Number.MAX_SAFE_INTEGER, width: 256 }],
  ])('%s names one tile', (path, at) => {
    expect(tilePath(at)).toBe(path)
    expect(parseTilePath(path)).toEqual(at)
  })

  it.each([
    '',
    'tile',
    'tile/0',
    'tile/0/',
    '/tile/0/000',
    'tile/0/000/',
    'tile/0/0',
    'tile/0/0000',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/data/000',
    'tile/entries/0',
    'tile/0/x000/000',
    'tile/0/x001/x002',
    'tile/0/001/002',
    'tile/0/X001/002',
    'tile/0/x01/002',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x001/x000/x000/x000/x000/x000/000',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/-1',
    'tile/0/000.p/1/',
    'tile/0/000.p/1 ',
    'tile/0/000\n',
    'tile/0/٠٠٠',
    'tile/8/0/000',
  ])('%j names none', (path) => {
    expect(parseTilePath(path)).toBeUndefined()
  })

  it('read back what was written, for any tile', () => {
    const levels = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const))
    const tiles = fc.record({
      level: levels,
      n: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    })
    fc.assert(
      fc.property(tiles, (at) => {
        expect(parseTilePath(tilePath(at))).toEqual(at)
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const at = parseTilePath(`tile/${text}`)
        if (at !== undefined) expect(tilePath(at)).toBe(`tile/${text}`)
      }),
    )
  })

  it.each<TileAt>([
    { level: 64, n: 0, width: 1 },
    { level: 0, n: -1, width: 1 },
    { level: 0, n: 1.5, width: 1 },
    { level: 0, n: 0, width: 0 },
    { level: 0, n: 0, width: 257 },
  ])('are not written for %j', (at) => {
    expect(() => tilePath(at)).toThrow(RangeError)
  })
})

describe('tile widths', () => {
  it('are those of the tree of 70,000 in c2sp.org/tlog-tiles', () => {
    expect([levelWidth(70_000, 0), levelWidth(70_000, 1), levelWidth(70_000, 2)]).toEqual([
      70_000, 273, 1,
    ])
    expect([0, 1, 2, 3].map((level) => partialWidth(70_000, level))).toEqual([112, 17, 1, 0])
    expect([0, 272, 273, 274].map((n) => tileWidth(70_000, 0, n))).toEqual([256, 256, 112, 0])
    expect([0, 1, 2].map((n) => tileWidth(70_000, 1, n))).toEqual([256, 17, 0])
  })

  it('of 256 leaves are a full tile and one hash above it', () => {
    expect([partialWidth(256, 0), partialWidth(256, 1)]).toEqual([0, 1])
    expect([tileWidth(256, 0, 0), tileWidth(256, 0, 1), tileWidth(256, 1, 0)]).toEqual([256, 0, 1])
  })

  it('stay exact up to 2^53', () => {
    const size = Number.MAX_SAFE_INTEGER
    const exact = (level: number) => Number((BigInt(size) >> BigInt(8 * level)) & 255n)
    for (let level = 0; level < 64; level++) expect(partialWidth(size, level)).toBe(exact(level))
  })
})

describe('entry bundles', () => {
  it('put a big-endian length before each entry', () => {
    const bundle = encodeEntryBundle([bytesOf('ab'), new Uint8Array(0), new Uint8Array(258)])
    expect([...bundle.subarray(0, 8)]).toEqual([0, 2, 97, 98, 0, 0, 1, 2])
    expect(bundle.length).toBe(2 + 2 + 2 + 2 + 258)
  })

  it('read back, and a partial bundle is a prefix of the fuller one', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 256 })
    fc.assert(
      fc.property(entries, fc.nat(256), (all, cut) => {
        const bundle = encodeEntryBundle(all)
        const part = encodeEntryBundle(all.slice(0, cut))
        expect(hexAll(decodeEntryBundle(bundle))).toEqual(hexAll(all))
        expect(hexAll([bundle.slice(0, part.length)])).toEqual(hexAll([part]))
      }),
    )
  })

  it('are refused when cut short anywhere but between entries', () => {
    const bundle = encodeEntryBundle([bytesOf('one'), bytesOf('three')])
    for (let length = 1; length < bundle.length; length++) {
      const cut = bundle.subarray(0, length)
      if (length === 5) expect(decodeEntryBundle(cut)).toHaveLength(1)
      else expect(() => decodeEntryBundle(cut)).toThrow('cut short')
    }
  })

  it('hold 256 entries of up to 65,535 bytes', () => {
    expect(decodeEntryBundle(encodeEntryBundle([new Uint8Array(65_535)]))[0]).toHaveLength(65_535)
    expect(() => encodeEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError)
    const many = Array.from({ length: 257 }, () => new Uint8Array(0))
    expect(() => encodeEntryBundle(many)).toThrow(RangeError)
    expect(() => decodeEntryBundle(new Uint8Array(2 * 257))).toThrow('more than 256')
  })
})
