import type { Store } from '../storage/store.ts'
import type { Sha256 } from './merkle.ts'
import { type LogIdentity, loadEdge } from './open.ts'
import { readPast } from './past.ts'
import type { ReadTile } from './proof.ts'
import { pastTileReader, tileReader } from './read.ts'
import { type PastLog, shardName } from './shard.ts'
import { encodeEntryBundle, levelWidth, TILE_WIDTH, tilePath, tileWidth } from './tile.ts'

export type ExportedFile = { readonly path: string; readonly bytes: Uint8Array }

type Needs = {
  readonly store: Store
  readonly identity: LogIdentity
  readonly crypto: { readonly sha256: Sha256 }
}

type Tree = Pick<PastLog, 'shard' | 'base' | 'size' | 'checkpoint'> & {
  readonly readTile: ReadTile
}

/** How many files an export of a shard of this size has. */
export function exportedFiles(size: number): number {
  if (size === 0) return 0
  let files = 1 + tilesAt(size, 0)
  for (let level = 0; levelWidth(size, level) > 0; level++) files += tilesAt(size, level)
  return files
}

/**
 * The log as static files (c2sp.org/tlog-tiles): entry bundles, tiles, partial ones at the width they
 * have at this size, and last the checkpoint, so that a reader never sees one whose tiles are missing.
 * Shard 1 stands at the top, each later one in a folder of its name, so that no path ever moves.
 * The caller checks the log first: this copies what is stored.
 *
 * @throws DamagedLog when the right edge does not fit its checkpoint, or the chain of shards breaks.
 */
export async function* exportLog(needs: Needs): AsyncGenerator<ExportedFile> {
  const { store } = needs
  const { head, edge } = await loadEdge(needs)
  const past = await readPast(needs, { head, edge })
  for (const log of past) yield* exportTree(store, { ...log, readTile: pastTileReader(store, log) })
  yield* exportTree(store, { ...head, readTile: tileReader(store, () => ({ head, edge })) })
}

async function* exportTree(
  store: Store,
  { shard, base, size, checkpoint, readTile }: Tree,
): AsyncGenerator<ExportedFile> {
  if (size === 0) return
  const folder = shard === 1 ? '' : `${shardName(shard)}/`
  for (let n = 0; n < tilesAt(size, 0); n++) {
    const width = tileWidth(size, 0, n)
    const bytes = await entryBundle(store, base + n * TILE_WIDTH, width)
    yield { path: `${folder}${tilePath({ level: 'entries', n, width })}`, bytes }
  }
  for (let level = 0; levelWidth(size, level) > 0; level++) {
    for (let n = 0; n < tilesAt(size, level); n++) {
      const width = tileWidth(size, level, n)
      const bytes = await readTile(level, n, width)
      yield { path: `${folder}${tilePath({ level, n, width })}`, bytes }
    }
  }
  yield { path: `${folder}checkpoint`, bytes: new TextEncoder().encode(checkpoint) }
}

async function entryBundle({ db }: Store, from: number, width: number): Promise<Uint8Array> {
  const rows = await db
    .selectFrom('entry')
    .select('leaf')
    .where('idx', '>=', from)
    .where('idx', '<', from + width)
    .orderBy('idx')
    .execute()
  const encoder = new TextEncoder()
  return encodeEntryBundle(rows.map(({ leaf }) => encoder.encode(leaf)))
}

function tilesAt(size: number, level: number): number {
  return Math.ceil(levelWidth(size, level) / TILE_WIDTH)
}
