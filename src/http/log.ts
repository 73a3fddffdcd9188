import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import type { ReadTile } from '../log/proof.ts'
import { pastTileReader, tileReader } from '../log/read.ts'
import { shardName } from '../log/shard.ts'
import { encodeEntryBundle, parseTilePath, TILE_WIDTH, tileWidth } from '../log/tile.ts'
import { requireAuditor } from './proof.ts'

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** One shard as its readers see it. */
type Readable = {
  /** The number of its first entry. */
  readonly base: number
  checkpoint(): Promise<string>
  /** The size of a tree that holds the leaf of that index, or as much as there is. */
  sizeFor(index: number): Promise<number>
  readonly readTile: ReadTile
}

/**
 * c2sp.org/tlog-tiles, each shard under its own name: what anyone may monitor, and the entries that
 * auditors may read.
 */
export function logRoutes(deps: Deps): Hono {
  const routes = new Hono().route(
    `/${shardName(deps.log.head().shard)}`,
    routesOf(deps, current(deps)),
  )
  for (const past of deps.log.past) {
    const { base, size, checkpoint, shard } = past
    const closed: Readable = {
      base,
      checkpoint: async () => checkpoint,
      sizeFor: async () => size,
      readTile: pastTileReader(deps.store, past),
    }
    routes.route(`/${shardName(shard)}`, routesOf(deps, closed))
  }
  return routes
}

function current({ log, store }: Deps): Readable {
  const { base } = log.head()
  return {
    base,
    checkpoint: async () => {
      const { head } = await log.current().catch(() => ({ head: log.head() }))
      return head.checkpoint
    },
    // Named by a checkpoint that another node wrote, perhaps: looked at again before it is denied.
    sizeFor: async (index) => (await log.covering(base + index)).head.size,
    readTile: tileReader(store, () => ({ head: log.head(), edge: log.edge() })),
  }
}

function routesOf(deps: Deps, shard: Readable): Hono {
  return new Hono()
    .get('/checkpoint', async (c) => {
      const checkpoint = await shard.checkpoint()
      if (checkpoint === '') throw new Refusal('not-found')
      return c.text(checkpoint, 200, { 'Cache-Control': 'no-cache' })
    })
    .get('/tile/:rest{.+}', async (c) => {
      const at = parseTilePath(`tile/${c.req.param('rest')}`)
      if (!at) throw new Refusal('not-found')
      const level = at.level === 'entries' ? 0 : at.level
      const last = at.n * TILE_WIDTH + at.width - 1
      const size = await shard.sizeFor(last * TILE_WIDTH ** level)
      if (at.width > tileWidth(size, level, at.n)) throw new Refusal('not-found')
      const headers = { 'Content-Type': 'application/octet-stream' }
      if (at.level === 'entries') {
        await requireAuditor(deps, c)
        const from = shard.base + at.n * TILE_WIDTH
        return c.body(await bundle(deps, from, at.width), 200, {
          ...headers,
          'Cache-Control': 'private',
        })
      }
      const hashes = await shard.readTile(level, at.n, at.width)
      return c.body(Uint8Array.from(hashes), 200, { ...headers, 'Cache-Control': IMMUTABLE })
    })
}

async function bundle(
  { store }: Deps,
  from: number,
  width: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const rows = await store.db
    .selectFrom('entry')
    .select('leaf')
    .where('idx', '>=', from)
    .where('idx', '<', from + width)
    .orderBy('idx')
    .execute()
  const encoder = new TextEncoder()
  return Uint8Array.from(encodeEntryBundle(rows.map((row) => encoder.encode(row.leaf))))
}
