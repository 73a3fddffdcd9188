import type { SyncCrypto } from '../crypto.ts'
import { type Batch, type Head, StaleHead, type Store } from '../storage/store.ts'
import { mustAgree } from './agree.ts'
import { claimedBy, openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { type Edge, edgeRoot, emptyEdge, extendEdge } from './edge.ts'
import { leafText } from './entry.ts'
import { leafHash, sameBytes } from './merkle.ts'
import type { NoteSigner } from './note.ts'
import { rootAt } from './proof.ts'
import { tileReader } from './read.ts'
import { type LogIdentity, type ShardStart, shardOf } from './shard.ts'
import { tilesAtEdge } from './tile.ts'

const REASON_LENGTH_MAX = 200
/** What a leaf has room for: 65,535 bytes. */
const SEEN_MAX = 8
const NOTE_LENGTH_MAX = 4096
/** A partial tile is no subtree of its own. */
const NO_ROOT = new Uint8Array()

/** `seen`: a checkpoint that proves nothing here; `reason`: not a line of text; `moved`: plan again. */
export class ShardError extends Error {
  override readonly name = 'ShardError'
  readonly code: 'seen' | 'reason' | 'moved'

  constructor(code: ShardError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** What a checkpoint from outside proves to have been signed and is not in the database. */
export type Lost = {
  readonly origin: string
  readonly shard: number
  /** Size of the tree that was signed. */
  readonly size: number
  /** Entries that are missing at the least; 0 where as many are held, but others. */
  readonly entries: number
}

/** What the next shard will be. */
export type ShardPlan = {
  readonly shard: number
  /** The number of its first entry: no number that is known to have been given is given again. */
  readonly base: number
  readonly lost: readonly Lost[]
  /** The notes that prove it. */
  readonly seen: readonly string[]
  /** What it is built on: the current shard as it is held. */
  readonly held: Held
}

export type Held = LogIdentity & { readonly head: Head; readonly edge: Edge }

type Reads = {
  readonly store: Store
  readonly crypto: Pick<SyncCrypto, 'sha256'>
  /** Whose checkpoints those of a shard are. */
  readonly identityOf: (shard: number) => LogIdentity
}

/**
 * Judges what is known outside against what is held. The next shard's name is one that was never signed
 * under, also where an old back-up has forgotten a shard: two logs of one name would be a fork.
 *
 * @param held a right edge that fits its own checkpoint
 * @param notes checkpoints kept outside: anchors of this shard and of later ones, and what somebody saw
 * @throws ShardError `seen` for a note that is not of this gateway's current log, or of a later one
 */
export async function planNextShard(
  { store, crypto, identityOf }: Reads,
  held: Held,
  notes: readonly string[],
): Promise<ShardPlan> {
  const { head } = held
  const lost: Lost[] = []
  const seen: string[] = []
  for (const note of new Set(notes)) {
    const { shard, origin, size, root } = await openSeen(note, { identityOf, current: head.shard })
    if (shard === head.shard && size <= head.size) {
      const own = await rootAt(
        crypto.sha256,
        tileReader(store, () => held),
        size,
      )
      if (sameBytes(own, root)) continue
    }
    const entries = shard === head.shard ? Math.max(0, size - head.size) : size
    lost.push({ origin, shard, size, entries })
    seen.push(note)
  }
  if (seen.length > SEEN_MAX)
    throw new ShardError('seen', `more than ${SEEN_MAX} checkpoints are ahead of the database`)
  const last = Math.max(head.shard, ...lost.map(({ shard }) => shard))
  return { shard: last + 1, base: head.base + head.size + missing(lost), lost, seen, held }
}

/** How many numbers were given after the last held one, at the least: of each shard the largest tree. */
function missing(lost: readonly Lost[]): number {
  const byShard = new Map<number, number>()
  for (const { shard, entries } of lost)
    byShard.set(shard, Math.max(entries, byShard.get(shard) ?? 0))
  return [...byShard.values()].reduce((sum, entries) => sum + entries, 0)
}

async function openSeen(
  note: string,
  { identityOf, current }: Pick<Reads, 'identityOf'> & { readonly current: number },
) {
  const origin = claimedBy(note)?.origin
  const shard = origin === undefined ? undefined : shardOf(origin, identityOf(1).origin)
  const tree = shard === undefined ? undefined : await openCheckpoint(note, identityOf(shard))
  if (shard === undefined || !tree)
    throw new ShardError('seen', 'it is not a checkpoint that this log signed')
  if (shard < current)
    throw new ShardError(
      'seen',
      `it is of ${origin}, which is closed: see "log check --checkpoint"`,
    )
  if (note.length > NOTE_LENGTH_MAX)
    throw new ShardError('seen', `it is longer than ${NOTE_LENGTH_MAX} characters`)
  return { shard, ...tree }
}

type Writes = Pick<Reads, 'store' | 'crypto'> & {
  readonly clock: () => number
  /** Whose the next shard is, and its name's signer: the log's one key. */
  readonly next: LogIdentity & { readonly signer: NoteSigner }
}

export type Opened = { readonly head: Head; readonly start: ShardStart }

/** @throws ShardError `reason` unless it is one line of 1 to 200 characters. */
export function mustBeReason(reason: string): void {
  const isLine = !/\p{Cc}/u.test(reason) && reason.isWellFormed() && reason.trim() !== ''
  if (!isLine || reason.length > REASON_LENGTH_MAX)
    throw new ShardError('reason', `the reason is one line of 1 to ${REASON_LENGTH_MAX} characters`)
}

/**
 * Closes the current shard and begins the next, in one transaction: a crash leaves the one or the
 * other. The first entry names the predecessor with its last held checkpoint, and what is known lost.
 *
 * @throws ShardError `reason`; `moved` when somebody appended since the plan, and nothing was written.
 */
export async function openNextShard(
  { store, crypto, clock, next }: Writes,
  { shard, base, seen, held }: ShardPlan,
  reason: string,
): Promise<Opened> {
  mustBeReason(reason)
  const { head, edge, origin, vkey } = held
  const predecessor = {
    base: head.base,
    checkpoint: head.checkpoint,
    origin,
    shard: head.shard,
    vkey,
  }
  const start = { base, origin: next.origin, predecessor, reason, seen: [...seen], shard }
  const draft = { leaf: (time: string) => leafText({ kind: 'shard', shard: start }, time) }
  const build = (locked: { head: Head; now?: number }): Batch => {
    if (locked.head.checkpoint !== head.checkpoint)
      throw new StaleHead('the log went on since it was looked at')
    const now = clock()
    mustAgree(now, locked.now)
    const timeAt = Math.max(now, head.timeAt)
    const leaf = draft.leaf(new Date(timeAt).toISOString())
    const hash = leafHash(crypto.sha256, new TextEncoder().encode(leaf))
    const first = extendEdge(crypto.sha256, emptyEdge, [hash]).edge
    const tree = { origin: next.origin, size: first.size, root: edgeRoot(crypto.sha256, first) }
    const checkpoint = signCheckpoint(tree, next.signer)
    return {
      head: { size: first.size, checkpoint, timeAt, shard, base },
      entries: [{ leaf, hash, draft }],
      tiles: tilesAtEdge(edge).map((tile) => ({ ...tile, shard: head.shard, root: NO_ROOT })),
    }
  }
  try {
    const batch = await store.append([draft], head.size, build)
    return { head: batch.head, start }
  } catch (error) {
    if (error instanceof StaleHead) throw new ShardError('moved', error.message)
    throw error
  }
}
