import type { SyncCrypto } from '../crypto.ts'
import type { Store } from '../storage/store.ts'
import { encodeBase64 } from './base64.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { type Edge, edgeRoot, emptyEdge, extendEdge } from './edge.ts'
import { type Leaf, parseLeaf, WITHOUT_EVIDENCE } from './entry.ts'
import { leafHash, sameBytes } from './merkle.ts'
import type { LogIdentity } from './open.ts'
import { TILE_WIDTH } from './tile.ts'

const CHUNK_TILES = 8
const FAULTS_MAX = 20
const HASH_BYTES = 32

export type LogFault = { readonly index?: number; readonly what: string }

export type LogReport = {
  readonly ok: boolean
  /** As the head says it. */
  readonly size: number
  /** Entries that were read and hashed. */
  readonly checked: number
  /** base64, of the tree that the entries give. */
  readonly root: string
  readonly firstBad?: number
  readonly faults: readonly LogFault[]
}

type Needs = {
  readonly store: Store
  readonly identity: LogIdentity
  readonly crypto: Pick<SyncCrypto, 'sha256'>
  /** The checkpoint kept outside the database, or one that somebody else kept. */
  readonly anchor?: string
}

/**
 * Derives the whole tree again from the entries and holds it against everything that was stored or
 * signed: each entry's hash, each tile, the checkpoint, the anchor (promise 3). Reads only; works on
 * a damaged log, and goes on after the first fault as far as faults are worth listing.
 */
export async function checkLog(
  needs: Needs,
  onProgress: (done: number, size: number) => void = () => {},
): Promise<LogReport> {
  const head = await needs.store.readHead()
  const signed =
    head.checkpoint === '' ? undefined : await openCheckpoint(head.checkpoint, needs.identity)
  const anchored =
    needs.anchor === undefined ? undefined : await openCheckpoint(needs.anchor, needs.identity)
  const walk = new Walk(needs, head.size, anchored?.size)
  for (let from = 0; ; from = walk.edge.size) {
    const read = await walk.chunk(from)
    onProgress(walk.edge.size, head.size)
    if (read === 0) break
  }
  const root = edgeRoot(needs.crypto.sha256, walk.edge)
  if (head.checkpoint === '' ? walk.edge.size > 0 : !signed)
    walk.fault({ what: `the stored checkpoint is not signed by ${needs.identity.origin}` })
  if (signed) walk.compareSize(signed.size, 'the checkpoint')
  if (signed && signed.size === walk.edge.size && !sameBytes(signed.root, root))
    walk.fault({ what: rootFault(walk, signed) })
  if (needs.anchor !== undefined) walk.compareAnchor(anchored)
  for (const index of walk.unsealed)
    walk.fault({ index, what: `the evidence of entry ${index} is gone, and no erasure says so` })
  const { faults, edge } = walk
  const bad = faults.flatMap(({ index }) => (index === undefined ? [] : [index]))
  return {
    ok: faults.length === 0,
    size: head.size,
    checked: edge.size,
    root: encodeBase64(root),
    ...(bad.length > 0 ? { firstBad: Math.min(...bad) } : {}),
    faults,
  }
}

function rootFault({ edge, faults }: Walk, signed: Checkpoint): string {
  const from = edge.size - (edge.size % TILE_WIDTH)
  const where = faults.length > 0 ? '' : `; what was altered is among the entries from ${from} on`
  return `the entries do not give the root that was signed at size ${signed.size}${where}`
}

type StoredEntry = {
  readonly idx: number
  readonly leaf: string
  readonly hash: Uint8Array
  readonly isSealed: unknown
}

/** The tree as far as it was derived, and what did not hold on the way. */
class Walk {
  edge: Edge = emptyEdge
  readonly faults: LogFault[] = []
  private lastTime = ''
  /** Records without evidence of which no later erasure speaks, as far as was read. */
  readonly unsealed = new Set<number>()
  private anchorRoot: Uint8Array | undefined
  private readonly needs: Needs
  private readonly size: number
  private readonly anchorSize: number | undefined

  constructor(needs: Needs, size: number, anchorSize: number | undefined) {
    this.needs = needs
    this.size = size
    this.anchorSize = anchorSize
  }

  fault(fault: LogFault): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(fault)
  }

  /** Derives up to eight tiles of entries further. @returns how many entries there were. */
  async chunk(from: number): Promise<number> {
    const rows = await this.needs.store.db
      .selectFrom('entry')
      .leftJoin('evidence', 'evidence.idx', 'entry.idx')
      .select(['entry.idx', 'entry.leaf', 'entry.hash'])
      .select(({ eb }) => eb('evidence.sealed', 'is not', null).as('isSealed'))
      .where('entry.idx', '>=', from)
      .orderBy('entry.idx')
      .limit(TILE_WIDTH * CHUNK_TILES)
      .execute()
    const gap = rows.findIndex((row, i) => row.idx !== from + i)
    if (gap >= 0) this.fault({ index: from + gap, what: `entry ${from + gap} is missing` })
    const whole = gap >= 0 ? rows.slice(0, gap) : rows
    const hashes = whole.map((row) => this.checkEntry(row))
    await this.extend(hashes)
    return gap >= 0 ? 0 : rows.length
  }

  private checkEntry({ idx, leaf, hash, isSealed }: StoredEntry): Uint8Array {
    const derived = leafHash(this.needs.crypto.sha256, new TextEncoder().encode(leaf))
    if (!sameBytes(derived, hash)) this.fault({ index: idx, what: `entry ${idx} was altered` })
    const { kind, time = '', requestHash, check, erases } = leafOf(leaf)
    for (const index of erases ?? []) this.unsealed.delete(index)
    const keepsNothing = kind === 'erasure' || WITHOUT_EVIDENCE.includes(check ?? '')
    if (requestHash && !isSealed && !keepsNothing) this.unsealed.add(idx)
    if (time < this.lastTime)
      this.fault({ index: idx, what: `entry ${idx} is before its predecessor` })
    if (idx >= this.size) this.fault({ index: idx, what: `entry ${idx} is beyond the signed size` })
    this.lastTime = time
    return derived
  }

  private async extend(hashes: readonly Uint8Array[]): Promise<void> {
    const { sha256 } = this.needs.crypto
    const { anchorSize } = this
    const start = this.edge.size
    if (anchorSize !== undefined && anchorSize > start && anchorSize <= start + hashes.length)
      this.anchorRoot = edgeRoot(
        sha256,
        extendEdge(sha256, this.edge, hashes.slice(0, anchorSize - start)).edge,
      )
    const grown = extendEdge(sha256, this.edge, hashes)
    this.edge = grown.edge
    for (const tile of grown.tiles) {
      const stored = await this.needs.store.readTile(tile.level, tile.n)
      if (!stored) this.fault({ what: `tile ${tile.level}/${tile.n} is missing` })
      else this.compareTile(tile, stored)
    }
  }

  private compareTile(
    tile: { level: number; n: number; hashes: Uint8Array },
    stored: Uint8Array,
  ): void {
    if (sameBytes(tile.hashes, stored)) return
    const at = Array.from({ length: TILE_WIDTH }, (_, i) => i * HASH_BYTES).findIndex(
      (byte) =>
        !sameBytes(
          tile.hashes.subarray(byte, byte + HASH_BYTES),
          stored.subarray(byte, byte + HASH_BYTES),
        ),
    )
    const span = TILE_WIDTH ** tile.level
    const index = (tile.n * TILE_WIDTH + Math.max(0, at)) * span
    const what =
      tile.level === 0
        ? `entry ${index} is not the one in its tile`
        : `tile ${tile.level}/${tile.n} does not fit the entries from ${index} on`
    this.fault({ index, what })
  }

  compareSize(signed: number, who: string): void {
    const { size } = this.edge
    if (size < signed)
      this.fault({ index: size, what: `${who} covers ${signed} entries, only ${size} are there` })
  }

  compareAnchor(anchored: Checkpoint | undefined): void {
    if (!anchored) {
      this.fault({ what: 'the anchor is not a checkpoint of this log' })
      return
    }
    this.compareSize(anchored.size, 'the anchor')
    if (anchored.size === 0 || anchored.size > this.edge.size) return
    if (!this.anchorRoot || !sameBytes(this.anchorRoot, anchored.root))
      this.fault({
        what: `the first ${anchored.size} entries are not those that the anchor covers`,
      })
  }
}

function leafOf(text: string): Partial<Leaf> {
  try {
    return parseLeaf(text)
  } catch {
    return {}
  }
}
