import type { SyncCrypto } from '../crypto.ts'
import type { Head, Store } from '../storage/store.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { DamagedLog } from './damaged.ts'
import { type Edge, edgeRoot } from './edge.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { inclusionProof, type ReadTile } from './proof.ts'
import { pastTileReader, tileReader } from './read.ts'
import { type LogIdentity, type PastLog, readShardStart, type ShardStart } from './shard.ts'

type Needs = {
  readonly identity: LogIdentity
  readonly store: Store
  readonly crypto: Pick<SyncCrypto, 'sha256'>
}

/** A tree whose checkpoint has been opened. */
type Tree = Pick<Checkpoint, 'size' | 'root'> &
  LogIdentity & { readonly shard: number; readonly base: number; readonly readTile: ReadTile }

/**
 * The shards that are closed, oldest first. Nothing but the entries says so: the first entry of each
 * shard names its predecessor, and is held against that shard's signed tree before it is believed. So
 * the chain hangs on the log's key alone, back to shard 1.
 *
 * @throws DamagedLog where it breaks.
 */
export async function readPast(
  needs: Needs,
  { head, edge }: { readonly head: Head; readonly edge: Edge },
): Promise<readonly PastLog[]> {
  const { identity, store, crypto } = needs
  const past: PastLog[] = []
  let own: Tree = {
    ...identity,
    shard: head.shard,
    base: head.base,
    size: head.size,
    root: edgeRoot(crypto.sha256, edge),
    readTile: tileReader(store, () => ({ head, edge })),
  }
  while (own.shard > 1) {
    const log = await predecessorOf(await startOf(needs, own))
    if (!log) throw new DamagedLog(`the predecessor of ${own.origin} has no checkpoint of its own`)
    past.unshift(log)
    own = { ...log, readTile: pastTileReader(store, log) }
  }
  if (own.base !== 0) throw new DamagedLog(`the numbers of ${own.origin} do not start at 0`)
  return past
}

async function startOf({ store, crypto }: Needs, own: Tree): Promise<ShardStart> {
  const { sha256 } = crypto
  const leaf = await store.readLeaf(own.base)
  const start = leaf === undefined ? undefined : readShardStart(leaf, own)
  if (leaf === undefined || !start)
    throw new DamagedLog(`entry ${own.base} is not the first of ${own.origin}`)
  const { size, root } = own
  const proof = await inclusionProof(sha256, own.readTile, 0, size).catch((cause: unknown) => {
    throw new DamagedLog(`tiles of ${own.origin} are missing`, { cause })
  })
  const hash = leafHash(sha256, new TextEncoder().encode(leaf))
  if (!(await verifyInclusion({ sha256, index: 0, size, leafHash: hash, proof, root })))
    throw new DamagedLog(`entry ${own.base} is not the one that ${own.origin} signed`)
  return start
}

/**
 * The log that a shard goes on from, its held checkpoint opened.
 *
 * @returns undefined where that note is not its own
 */
export async function predecessorOf({
  predecessor,
}: ShardStart): Promise<(PastLog & Pick<Checkpoint, 'root'>) | undefined> {
  const nothing = { size: 0, root: new Uint8Array() }
  if (predecessor.checkpoint === '')
    return predecessor.shard === 1 ? { ...predecessor, ...nothing } : undefined
  const tree = await openCheckpoint(predecessor.checkpoint, predecessor)
  return tree && { ...predecessor, size: tree.size, root: tree.root }
}
