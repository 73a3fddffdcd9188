import { Rejected } from './rejected.ts'

/** Hashes in a full tile, and entries in a full bundle (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256

/** The bundle's length prefix is a uint16. */
export const MAX_ENTRY_BYTES = 0xffff

const MAX_LEVEL = 63

/** Where a tile, or with level 'entries' a bundle of entries, stands; width 256 is a full one. */
export type TileAt = { level: number | 'entries'; n: number; width: number }

/**
 * The path of a tile below the log's URL, as `tile/0/x001/x234/067.p/5` (c2sp.org/tlog-tiles).
 *
 * @throws {RangeError} where no such tile can exist
 */
export function tilePath({ level, n, width }: TileAt): string {
  const levelOk = level === 'entries' || isWithin(level, 0, MAX_LEVEL)
  if (!levelOk || !isWithin(n, 0, Number.MAX_SAFE_INTEGER) || !isWithin(width, 1, TILE_WIDTH)) {
    throw new RangeError('no such tile')
  }
  const groups = [String(n % 1000).padStart(3, '0')]
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  }
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`
  return `tile/${level}/${groups.join('/')}${suffix}`
}

/**
 * Reads a path that `tilePath` wrote; every other spelling (leading zeros, an empty `x000` group,
 * a width of 0 or 256) is answered with undefined, so that one tile has one URL.
 */
export function parseTilePath(path: string): TileAt | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path)
  if (match === null) return undefined
  const [, level, groups, partial] = match
  const at: TileAt = {
    level: level === 'entries' ? level : Number(level),
    n: Number(groups?.replaceAll(/[x/]/g, '')),
    width: partial === undefined ? TILE_WIDTH : Number(partial),
  }
  try {
    return tilePath(at) === path ? at : undefined
  } catch {
    return undefined
  }
}

/** How many hashes the whole level holds in a tree of `size` leaves: one per full tile below. */
export function levelWidth(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/** Width of the partial tile at the end of a level: floor(size / 256^level) mod 256; 0 = none. */
export function partialWidth(size: number, level: number): number {
  return levelWidth(size, level) % TILE_WIDTH
}

/** Width of tile `n` of a level in a tree of `size` leaves: 256, less at the edge, 0 beyond it. */
export function tileWidth(size: number, level: number, n: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, levelWidth(size, level) - n * TILE_WIDTH))
}

/** The tiles at the right edge of a tree, of every level that has a partial one. */
export function tilesAtEdge({
  size,
  partial,
}: {
  readonly size: number
  readonly partial: readonly Uint8Array[]
}): { level: number; n: number; hashes: Uint8Array }[] {
  return partial.flatMap((hashes, level) =>
    hashes.length === 0
      ? []
      : [{ level, n: Math.floor(levelWidth(size, level) / TILE_WIDTH), hashes }],
  )
}

/**
 * An entry bundle: each entry behind its length as a big-endian uint16 (c2sp.org/tlog-tiles). The
 * bundle of fewer entries is a byte prefix of the bundle of more.
 *
 * @throws {RangeError} for an entry over 65,535 bytes or more than 256 entries
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length > TILE_WIDTH) throw new RangeError('more than 256 entries in a bundle')
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0))
  let at = 0
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError('entry over 65,535 bytes')
    bytes[at] = entry.length >> 8
    bytes[at + 1] = entry.length & 0xff
    bytes.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bytes
}

/**
 * The entries of a bundle, as views into `bytes`.
 *
 * @throws {Rejected} when the last entry is cut short or there are more than 256
 */
export function decodeEntryBundle(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; ) {
    const start = at + 2
    const end = start > bytes.length ? Number.POSITIVE_INFINITY : start + view.getUint16(at)
    if (end > bytes.length) throw new Rejected('entry bundle is cut short')
    if (entries.length === TILE_WIDTH) throw new Rejected('more than 256 entries in a bundle')
    entries.push(bytes.subarray(start, end))
    at = end
  }
  return entries
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}
