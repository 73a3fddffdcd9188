import type { SyncCrypto } from '../crypto.ts'
import type { Store } from '../storage/store.ts'
import type { Checkpoint } from './checkpoint.ts'
import { type Edge, edgeRoot, emptyEdge, extendEdge } from './edge.ts'
import { type Leaf, parseLeaf, WITHOUT_EVIDENCE } from './entry.ts'
import { leafHash, sameBytes } from './merkle.ts'
import type { PastLog } from './shard.ts'
import { TILE_WIDTH, tilesAtEdge } from './tile.ts'

const CHUNK_TILES = 8
const FAULTS_MAX = 20
const HASH_BYTES = 32

/** `index` is the record's number, through all shards. */
export type LogFault = { readonly index?: number; readonly what: string }

/** What does not hold, of all shards together. */
export class Findings {
  readonly faults: LogFault[] = []
  lastTime = ''
  /** Records without evidence of which no later erasure speaks, as far as was read. */
  readonly unsealed = new Set<number>()

  fault(fault: LogFault): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(fault)
  }

  isTold(from: number, to: number): boolean {
    return this.faults.some(({ index = -1 }) => index >= from && index < to)
  }
}

/** A shard as its head or its successor names it. */
export type Span = PastLog & {
  /** The number at which the next shard begins; undefined for the current one. */
  readonly next: number | undefined
}

type Needs = { readonly store: Store; readonly crypto: Pick<SyncCrypto, 'sha256'> }

type StoredEntry = {
  readonly idx: number
  readonly leaf: string
  readonly hash: Uint8Array
  readonly isSealed: unknown
}

/** The tree of one shard as far as it was derived. */
export class Walk {
  edge: Edge = emptyEdge
  /** The roots that the tree had at the sizes of `marks`. */
  readonly roots = new Map<number, Uint8Array>()
  private readonly needs: Needs
  private readonly span: Span
  private readonly findings: Findings
  private readonly marks: readonly number[]

  constructor(
    needs: Needs,
    { span, findings, marks }: { span: Span; findings: Findings; marks: readonly number[] },
  ) {
    this.needs = needs
    this.span = span
    this.findings = findings
    this.marks = marks
  }

  /** Derives up to eight tiles of entries further. @returns how many entries there were. */
  async chunk(): Promise<number> {
    const from = this.span.base + this.edge.size
    const rows = await this.needs.store.db
      .selectFrom('entry')
      .leftJoin('evidence', 'evidence.idx', 'entry.idx')
      .select(['entry.idx', 'entry.leaf', 'entry.hash'])
      .select(({ eb }) => eb('evidence.sealed', 'is not', null).as('isSealed'))
      .where('entry.idx', '>=', from)
      .where('entry.idx', '<', this.span.next ?? Number.MAX_SAFE_INTEGER)
      .orderBy('entry.idx')
      .limit(TILE_WIDTH * CHUNK_TILES)
      .execute()
    const gap = rows.findIndex((row, i) => row.idx !== from + i)
    if (gap >= 0) this.findings.fault({ index: from + gap, what: `entry ${from + gap} is missing` })
    const whole = gap >= 0 ? rows.slice(0, gap) : rows
    const hashes = whole.map((row) => this.checkEntry(row))
    await this.extend(hashes)
    return gap >= 0 ? 0 : rows.length
  }

  private checkEntry({ idx, leaf, hash, isSealed }: StoredEntry): Uint8Array {
    const { findings, span } = this
    const derived = leafHash(this.needs.crypto.sha256, new TextEncoder().encode(leaf))
    if (!sameBytes(derived, hash)) findings.fault({ index: idx, what: `entry ${idx} was altered` })
    const { kind, time = '', requestHash, check, erases } = leafOf(leaf)
    for (const number of erases ?? []) findings.unsealed.delete(number)
    const keepsNothing = kind === 'erasure' || WITHOUT_EVIDENCE.includes(check ?? '')
    if (requestHash && !isSealed && !keepsNothing) findings.unsealed.add(idx)
    if (time < findings.lastTime)
      findings.fault({ index: idx, what: `entry ${idx} is before its predecessor` })
    if (idx >= span.base + span.size)
      findings.fault({ index: idx, what: `entry ${idx} is beyond the signed size` })
    findings.lastTime = time
    return derived
  }

  private async extend(hashes: readonly Uint8Array[]): Promise<void> {
    const { sha256 } = this.needs.crypto
    const start = this.edge.size
    for (const size of this.marks) {
      if (size <= start || size > start + hashes.length) continue
      const { edge } = extendEdge(sha256, this.edge, hashes.slice(0, size - start))
      this.roots.set(size, edgeRoot(sha256, edge))
    }
    const grown = extendEdge(sha256, this.edge, hashes)
    this.edge = grown.edge
    for (const tile of grown.tiles) await this.checkTile(tile)
  }

  /** The tiles that never became full are stored of a closed shard alone. */
  async checkPartialTiles(): Promise<void> {
    if (this.span.next === undefined) return
    for (const tile of tilesAtEdge(this.edge)) await this.checkTile(tile)
  }

  private async checkTile(tile: { level: number; n: number; hashes: Uint8Array }): Promise<void> {
    const { shard, origin, next } = this.span
    const stored = await this.needs.store.readTile(shard, tile.level, tile.n)
    const where = next === undefined ? '' : ` of ${origin}`
    if (!stored) this.findings.fault({ what: `tile ${tile.level}/${tile.n}${where} is missing` })
    else this.compareTile(tile, stored, where)
  }

  private compareTile(
    tile: { level: number; n: number; hashes: Uint8Array },
    stored: Uint8Array,
    where: string,
  ): void {
    if (sameBytes(tile.hashes, stored)) return
    const at = Array.from(
      { length: tile.hashes.length / HASH_BYTES },
      (_, i) => i * HASH_BYTES,
    ).findIndex(
      (byte) =>
        !sameBytes(
          tile.hashes.subarray(byte, byte + HASH_BYTES),
          stored.subarray(byte, byte + HASH_BYTES),
        ),
    )
    const span = TILE_WIDTH ** tile.level
    const index = this.span.base + (tile.n * TILE_WIDTH + Math.max(0, at)) * span
    // An altered entry alters every tile above it: told once, where it is.
    if (tile.level > 0 && this.findings.isTold(index, index + span)) return
    const what =
      tile.level === 0
        ? `entry ${index} is not the one in its tile`
        : `tile ${tile.level}/${tile.n}${where} does not fit the entries from ${index} on`
    this.findings.fault({ index, what })
  }

  /** Whether the tree that was derived begins with, or is, the one that was signed. */
  compare({ size, root }: Pick<Checkpoint, 'size' | 'root'>, who: string): void {
    const held = this.edge.size
    if (held < size)
      this.findings.fault({
        index: this.span.base + held,
        what: `${who} covers ${size} entries, only ${held} are there`,
      })
    else if (size > 0 && !this.holds({ size, root }))
      this.findings.fault({ what: `the first ${size} entries are not those that ${who} covers` })
  }

  holds({ size, root }: Pick<Checkpoint, 'size' | 'root'>): boolean {
    const derived = size === 0 ? root : this.roots.get(size)
    return derived !== undefined && sameBytes(derived, root)
  }
}

function leafOf(text: string): Partial<Leaf> {
  try {
    return parseLeaf(text)
  } catch {
    return {}
  }
}
