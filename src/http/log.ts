import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { tileReader } from '../log/read.ts'
import { encodeEntryBundle, parseTilePath, TILE_WIDTH, tileWidth } from '../log/tile.ts'
import { requireAuditor } from './proof.ts'

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** c2sp.org/tlog-tiles: what anyone may monitor, and the entries that auditors may read. */
export function logRoutes(deps: Deps): Hono {
  const readTile = tileReader(deps.store, () => deps.log.edge())
  return new Hono()
    .get('/checkpoint', async (c) => {
      const { head } = await deps.log.current().catch(() => ({ head: deps.log.head() }))
      const { checkpoint } = head
      if (checkpoint === '') throw new Refusal('not-found')
      return c.text(checkpoint, 200, { 'Cache-Control': 'no-cache' })
    })
    .get('/tile/:rest{.+}', async (c) => {
      const at = parseTilePath(`tile/${c.req.param('rest')}`)
      if (!at) throw new Refusal('not-found')
      const level = at.level === 'entries' ? 0 : at.level
      // Named by a checkpoint that another node wrote, perhaps: looked at again before it is denied.
      const last = at.n * TILE_WIDTH + at.width - 1
      const { head } = await deps.log.covering(last * TILE_WIDTH ** level)
      if (at.width > tileWidth(head.size, level, at.n)) throw new Refusal('not-found')
      const headers = { 'Content-Type': 'application/octet-stream' }
      if (at.level === 'entries') {
        await requireAuditor(deps, c)
        return c.body(await bundle(deps, at.n, at.width), 200, {
          ...headers,
          'Cache-Control': 'private',
        })
      }
      const hashes = await readTile(level, at.n, at.width)
      return c.body(Uint8Array.from(hashes), 200, { ...headers, 'Cache-Control': IMMUTABLE })
    })
}

async function bundle({ store }: Deps, n: number, width: number): Promise<Uint8Array<ArrayBuffer>> {
  const rows = await store.db
    .selectFrom('entry')
    .select('leaf')
    .where('idx', '>=', n * TILE_WIDTH)
    .where('idx', '<', n * TILE_WIDTH + width)
    .orderBy('idx')
    .execute()
  const encoder = new TextEncoder()
  return Uint8Array.from(encodeEntryBundle(rows.map((row) => encoder.encode(row.leaf))))
}
