import type { SyncCrypto } from '../crypto.ts'
import {
  type Batch,
  type Draft,
  type Head,
  type Locked,
  type NewEntry,
  type Quota,
  StaleHead,
} from '../storage/store.ts'
import { admit, type Fate, type OverLimit, type StaleRevision } from './admit.ts'
import { mustAgree } from './agree.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type Edge, edgeRoot, extendEdge } from './edge.ts'
import type { NoteSigner } from './note.ts'
import type { LogIdentity } from './open.ts'

/**
 * Where a draft went: its own new number, with the state of its daily quota, or the earlier record that
 * holds its retry key.
 */
export type Appended = {
  readonly index: number
  readonly taken: boolean
  readonly quota?: Quota | undefined
}

/** A committed tree. */
export type Shown = { readonly head: Head; readonly edge: Edge }

export type Placed = Appended | OverLimit | StaleRevision

/** What a batch is built with. */
type Needs = {
  readonly identity: LogIdentity
  readonly noteSigner: NoteSigner
  readonly crypto: SyncCrypto
  readonly clock: () => number
}

/**
 * The edge of the locked head: its own, extended by what other nodes appended. Ed25519 is deterministic
 * (RFC 8032), so signing their tree again must give their checkpoint, byte for byte.
 *
 * @throws StaleHead where it does not: reload, and judge what is stored.
 */
export function caughtUp(deps: Needs, from: Shown, { head, newer }: Locked): Shown {
  if (newer.length === 0 && head.checkpoint === from.head.checkpoint) return from
  const { edge } = extendEdge(deps.crypto.sha256, from.edge, newer)
  if (edge.size !== head.size || signed(deps, edge) !== head.checkpoint)
    throw new StaleHead('what is stored does not follow from what was committed')
  return { head, edge }
}

function signed({ crypto, identity, noteSigner }: Needs, edge: Edge): string {
  const root = edgeRoot(crypto.sha256, edge)
  return signCheckpoint({ origin: identity.origin, size: edge.size, root }, noteSigner)
}

export type Built = { readonly batch: Batch; readonly next: Shown; readonly placed: Placed[] }

/** Pure but for the clock: what one commit writes on top of `from`. */
export function buildBatch(
  deps: Needs,
  from: Shown,
  { drafts, locked }: { drafts: readonly Draft[]; locked: Locked },
): Built {
  const now = deps.clock()
  mustAgree(now, locked.now)
  const { head } = from
  const timeAt = Math.max(now, head.timeAt)
  const time = new Date(timeAt).toISOString()
  const entries: NewEntry[] = []
  const fates = admit(drafts, locked.standings)
  const placed = drafts.map((draft, i): Placed => {
    const fate = fates[i] as Fate
    if (fate.is === 'taken') return { index: fate.index, taken: true }
    if (fate.is === 'refused') return fate.error
    const leaf = draft.leaf(time)
    // RFC 9162 §2.1.1: a leaf is hashed behind a zero byte.
    const hash = deps.crypto.sha256(`\0${leaf}`)
    entries.push({ leaf, hash, draft, seen: fate.seen })
    return { index: head.base + head.size + entries.length - 1, taken: false, quota: fate.quota }
  })
  if (entries.length === 0) return { batch: { head, entries, tiles: [] }, next: from, placed }
  const hashes = entries.map((entry) => entry.hash)
  const { edge, tiles } = extendEdge(deps.crypto.sha256, from.edge, hashes)
  const next = { ...head, size: edge.size, checkpoint: signed(deps, edge), timeAt }
  const own = tiles.map((tile) => ({ ...tile, shard: head.shard }))
  return { batch: { head: next, entries, tiles: own }, next: { head: next, edge }, placed }
}
