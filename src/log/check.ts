import type { SyncCrypto } from '../crypto.ts'
import type { Head, Store } from '../storage/store.ts'
import { encodeBase64 } from './base64.ts'
import { type Checkpoint, claimedBy, openCheckpoint } from './checkpoint.ts'
import { edgeRoot } from './edge.ts'
import { sameBytes } from './merkle.ts'
import { predecessorOf } from './past.ts'
import { type LogIdentity, readShardStart } from './shard.ts'
import { TILE_WIDTH } from './tile.ts'
import { Findings, type LogFault, type Span, Walk } from './walk.ts'

export type LogReport = {
  readonly ok: boolean
  /** As the heads of all shards say it. */
  readonly size: number
  /** Entries that were read and hashed. */
  readonly checked: number
  /** base64, of the tree that the current shard's entries give. */
  readonly root: string
  readonly firstBad?: number
  readonly faults: readonly LogFault[]
  /** Oldest first. */
  readonly shards: readonly ShardReport[]
}

type ShardReport = Pick<Span, 'origin' | 'base' | 'size'> & {
  readonly checked: number
  readonly root: string
}

type Needs = {
  readonly store: Store
  readonly identity: LogIdentity
  readonly crypto: Pick<SyncCrypto, 'sha256'>
  /** The checkpoint kept outside the database, or one that somebody else kept: of whichever shard. */
  readonly anchor?: string
  /** Others that were kept, such as the anchors of closed shards. */
  readonly others?: readonly string[]
}

/** A checkpoint from outside, opened. */
type Kept = Checkpoint & { readonly note: string }

/**
 * Derives the trees of all shards again from the entries and holds them against everything that was
 * stored or signed: each entry's hash, each tile, each checkpoint and the anchors (promise 3). Reads
 * only; works on a damaged log, and goes on after the first fault as far as faults are worth listing.
 */
export async function checkLog(
  needs: Needs,
  onProgress: (done: number, size: number) => void = () => {},
): Promise<LogReport> {
  const findings = new Findings()
  const { spans, seen } = await spansOf(needs, await needs.store.readHead(), findings)
  const size = spans.reduce((sum, span) => sum + span.size, 0)
  const kept = await keptBySpan(spans, needs)
  const shards: ShardReport[] = []
  let done = 0
  for (const span of spans) {
    const about = { kept: kept.get(span) ?? [], seen, findings }
    const { checked, root } = await checkShard(needs, span, {
      ...about,
      onProgress: (own) => onProgress(done + own, size),
    })
    done += checked
    const { origin, base } = span
    shards.push({ origin, base, size: span.size, checked, root: encodeBase64(root) })
  }
  for (const { note } of kept.get(undefined) ?? [])
    if (!isOnRecord(note, seen)) findings.fault({ what: foreign(note, spans) })
  for (const index of findings.unsealed)
    findings.fault({
      index,
      what: `the evidence of entry ${index} is gone, and no erasure says so`,
    })
  const { faults } = findings
  const bad = faults.flatMap(({ index }) => (index === undefined ? [] : [index]))
  return {
    ok: faults.length === 0,
    size,
    checked: done,
    root: shards.at(-1)?.root ?? '',
    ...(bad.length > 0 ? { firstBad: Math.min(...bad) } : {}),
    faults,
    shards,
  }
}

/** The shards, oldest first, as far back as the first entry of each leads to its predecessor. */
async function spansOf(
  { store, identity }: Needs,
  head: Head,
  findings: Findings,
): Promise<{ spans: Span[]; seen: string[] }> {
  const { shard, base, size, checkpoint } = head
  let oldest: Span = { ...identity, shard, base, size, checkpoint, next: undefined }
  const spans = [oldest]
  const seen: string[] = []
  while (oldest.shard > 1) {
    const leaf = await store.readLeaf(oldest.base)
    const start = leaf === undefined ? undefined : readShardStart(leaf, oldest)
    const log = start && (await predecessorOf(start))
    if (!start || !log) {
      const what = `entry ${oldest.base} does not say what ${oldest.origin} goes on from`
      findings.fault({ index: oldest.base, what })
      break
    }
    seen.push(...start.seen)
    oldest = { ...log, next: oldest.base }
    spans.unshift(oldest)
  }
  if (oldest.base !== 0)
    findings.fault({ what: `what stands before entry ${oldest.base} was not checked` })
  return { spans, seen }
}

/** Where a later shard's anchor is there and the shard is not, what it speaks for was rolled back. */
function foreign(note: string, spans: readonly Span[]): string {
  const what = 'the anchor is not a checkpoint of this log'
  const origin = claimedBy(note)?.origin
  if (origin === undefined || spans.some((span) => span.origin === origin)) return what
  return `${what}: it speaks for ${origin}, which is not here`
}

/** Whose checkpoint each note is; under undefined, those of no shard that is here. */
async function keptBySpan(spans: readonly Span[], { anchor, others = [] }: Needs) {
  const kept = new Map<Span | undefined, Kept[]>()
  for (const note of new Set(anchor === undefined ? others : [anchor, ...others])) {
    let found: Span | undefined
    let opened: Checkpoint | undefined
    for (const span of spans) {
      opened ??= await openCheckpoint(note, span)
      if (opened && !found) found = span
    }
    const nothing = { origin: '', size: 0, root: new Uint8Array() }
    kept.set(found, [...(kept.get(found) ?? []), { ...(opened ?? nothing), note }])
  }
  return kept
}

type About = {
  readonly kept: readonly Kept[]
  /** Notes whose loss, or whose contradiction, a later shard has put on record. */
  readonly seen: readonly string[]
  readonly findings: Findings
  readonly onProgress: (done: number) => void
}

async function checkShard(
  needs: Needs,
  span: Span,
  { kept, seen, findings, onProgress }: About,
): Promise<{ checked: number; root: Uint8Array }> {
  const signed = span.checkpoint === '' ? undefined : await openCheckpoint(span.checkpoint, span)
  const walk = new Walk(needs, { span, findings, marks: kept.map(({ size }) => size) })
  for (let read = -1; read !== 0; ) {
    read = await walk.chunk()
    onProgress(walk.edge.size)
  }
  if (walk.edge.size === span.size) await walk.checkPartialTiles()
  const root = edgeRoot(needs.crypto.sha256, walk.edge)
  if (span.checkpoint === '' ? walk.edge.size > 0 : !signed)
    findings.fault({ what: `the stored checkpoint is not signed by ${span.origin}` })
  if (signed && signed.size > walk.edge.size) walk.compare(signed, 'the checkpoint')
  if (signed && signed.size === walk.edge.size && !sameBytes(signed.root, root))
    findings.fault({ what: rootFault(span, signed, findings) })
  for (const one of kept)
    if (!walk.holds(one) && !isOnRecord(one.note, seen, span.size)) walk.compare(one, 'the anchor')
  return { checked: walk.edge.size, root }
}

/**
 * Whether the first entry of a later shard names this note, or one of the same log that covers as much
 * and more than is held: what it proves is known to be lost.
 */
function isOnRecord(note: string, seen: readonly string[], held = 0): boolean {
  const own = claimedBy(note)
  return seen.some((other) => {
    if (other === note) return true
    const named = claimedBy(other)
    return own && named?.origin === own.origin && own.size > held && named.size >= own.size
  })
}

function rootFault({ base, origin, next }: Span, { size }: Checkpoint, { faults }: Findings) {
  const from = base + size - (size % TILE_WIDTH)
  const where = faults.length > 0 ? '' : `; what was altered is among the entries from ${from} on`
  const whose = next === undefined ? '' : ` by ${origin}`
  return `the entries do not give the root that was signed${whose} at size ${size}${where}`
}
