import type { Store } from '../storage/store.ts'
import type { Sha256 } from './merkle.ts'
import { type LogIdentity, loadEdge } from './open.ts'
import { tileReader } from './read.ts'
import { encodeEntryBundle, levelWidth, TILE_WIDTH, tilePath, tileWidth } from './tile.ts'

export type ExportedFile = { readonly path: string; readonly bytes: Uint8Array }

type Needs = {
  readonly store: Store
  readonly identity: LogIdentity
  readonly crypto: { readonly sha256: Sha256 }
}

/** How many files an export of this size has. */
export function exportedFiles(size: number): number {
  let files = 1 + tilesAt(size, 0)
  for (let level = 0; levelWidth(size, level) > 0; level++) files += tilesAt(size, level)
  return files
}

/**
 * The log as static files (c2sp.org/tlog-tiles): entry bundles, tiles, partial ones at the width they
 * have at this size, and last the checkpoint, so that a reader never sees one whose tiles are missing.
 * The caller checks the log first: this copies what is stored.
 *
 * @throws DamagedLog when the right edge does not fit its checkpoint.
 */
export async function* exportLog({ store, identity, crypto }: Needs): AsyncGenerator<ExportedFile> {
  const { head, edge } = await loadEdge({ store, identity, crypto })
  const { size, checkpoint } = head
  for (let n = 0; n < tilesAt(size, 0); n++) {
    const width = tileWidth(size, 0, n)
    const bytes = await entryBundle(store, n, width)
    yield { path: tilePath({ level: 'entries', n, width }), bytes }
  }
  const readTile = tileReader(store, () => edge)
  for (let level = 0; levelWidth(size, level) > 0; level++) {
    for (let n = 0; n < tilesAt(size, level); n++) {
      const width = tileWidth(size, level, n)
      yield { path: tilePath({ level, n, width }), bytes: await readTile(level, n, width) }
    }
  }
  yield { path: 'checkpoint', bytes: new TextEncoder().encode(checkpoint) }
}

async function entryBundle({ db }: Store, n: number, width: number): Promise<Uint8Array> {
  const from = n * TILE_WIDTH
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
