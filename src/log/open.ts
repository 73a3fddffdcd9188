import type { SyncCrypto } from '../crypto.ts'
import type { Head, Store, StoredEdge } from '../storage/store.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { DamagedLog } from './damaged.ts'
import { type Edge, edgeFrom, edgeRoot, emptyEdge } from './edge.ts'
import { parseLeaf } from './entry.ts'
import { leafHash, sameBytes } from './merkle.ts'
import { readPast } from './past.ts'
import { rootAt } from './proof.ts'
import { tileReader } from './read.ts'
import { type LogIdentity, type PastLog, shardName } from './shard.ts'

export type { LogIdentity }
export { DamagedLog }

/**
 * The last checkpoint, kept outside the database, so that a database restored from an old back-up is
 * found. Restoring both together is undetectable without a witness. Each shard has its own.
 */
export type Anchor = {
  read(): Promise<string | undefined>
  /** Which shards after this one have an anchor. */
  later(): Promise<readonly number[]>
  /** Keeps the note to be written; at most one write a second. Only committed checkpoints come here. */
  offer(checkpoint: string): void
  flush(): Promise<void>
}

type Report = (event: string, fields: Readonly<Record<string, number>>) => void

type Needs = {
  readonly identity: LogIdentity
  readonly store: Store
  readonly crypto: Pick<SyncCrypto, 'sha256'>
}

/**
 * The start-up self-check: the right edge against its signed checkpoint, the chain of closed shards,
 * then the database against the anchor. Damage deeper down is found by `log check`.
 *
 * @throws DamagedLog saying what does not hold.
 */
export async function openLog(
  deps: Needs & { readonly anchor: Anchor; readonly report: Report },
): Promise<{ head: Head; edge: Edge; past: readonly PastLog[] }> {
  // Read before the edge: another process may append between the two, and its anchor would be ahead.
  const anchored = await deps.anchor.read()
  const loaded = await loadEdge(deps)
  const [later] = await deps.anchor.later()
  if (later !== undefined)
    throw new DamagedLog(
      `the database ends with ${deps.identity.origin}, but /${shardName(later)} was signed: it was rolled back`,
    )
  if (anchored !== undefined) await mustContain(deps, loaded, anchored, 'the anchor')
  // Whoever rolls the database back may also delete the anchor: its absence is for people to judge.
  else if (loaded.head.size > 0) deps.report('anchor-missing', { size: loaded.head.size })
  return { ...loaded, past: await readPast(deps, loaded) }
}

/** Reads the right edge and checks it against the last signed checkpoint. @throws DamagedLog. */
export async function loadEdge({
  identity,
  store,
  crypto,
}: Needs): Promise<{ head: Head; edge: Edge }> {
  const stored = await store.readEdge()
  const { head } = stored
  if (head.checkpoint === '') {
    if (stored.lastLeaves.length > 0)
      throw new DamagedLog('there are entries but no signed checkpoint')
    return { head, edge: emptyEdge }
  }
  const tree = await openOwn(identity, head.checkpoint, 'the stored checkpoint')
  if (tree.size !== head.size)
    throw new DamagedLog(`the head says ${head.size} entries, its checkpoint ${tree.size}`)
  const edge = rebuild(crypto, stored)
  if (!sameBytes(edgeRoot(crypto.sha256, edge), tree.root))
    throw new DamagedLog(
      `the last entries do not give the root that was signed at size ${tree.size}`,
    )
  if (stored.lastLeaf && Date.parse(parseLeaf(stored.lastLeaf).time) !== head.timeAt)
    throw new DamagedLog('the head does not have the time of the last entry')
  return { head, edge }
}

async function openOwn(identity: LogIdentity, note: string, what: string): Promise<Checkpoint> {
  const tree = await openCheckpoint(note, identity)
  if (!tree) throw new DamagedLog(`${what} is not a checkpoint signed by ${identity.origin}`)
  return tree
}

function rebuild(crypto: Needs['crypto'], { head, lastLeaves, partial }: StoredEdge): Edge {
  const encoder = new TextEncoder()
  const hashes = lastLeaves.map((leaf) => leafHash(crypto.sha256, encoder.encode(leaf)))
  const stored = partial[0] ?? new Uint8Array()
  hashes.forEach((hash, i) => {
    if (!sameBytes(hash, stored.subarray(i * 32, i * 32 + 32)))
      throw new DamagedLog(`entry ${head.base + head.size - hashes.length + i} was altered`)
  })
  try {
    return edgeFrom(crypto.sha256, head.size, partial)
  } catch (cause) {
    throw new DamagedLog('entries or tiles of the right edge are missing', { cause })
  }
}

/** Whether a stored tree still holds what was committed before. @throws DamagedLog. */
export async function mustContain(
  { identity, store, crypto }: Needs,
  loaded: { head: Head; edge: Edge },
  checkpoint: string,
  what = 'the last checkpoint',
): Promise<void> {
  if (checkpoint === loaded.head.checkpoint) return
  const before = await openOwn(identity, checkpoint, what)
  if (before.size > loaded.head.size)
    throw new DamagedLog(
      `the database holds ${loaded.head.size} entries, but ${before.size} were signed: it was rolled back`,
    )
  const readTile = tileReader(store, () => loaded)
  if (!sameBytes(await rootAt(crypto.sha256, readTile, before.size), before.root))
    throw new DamagedLog(`the first ${before.size} entries are not those that were signed`)
}
