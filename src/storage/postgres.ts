import type { Kysely } from 'kysely'
import { lockHead, mustBeSameLife } from './postgres-lock.ts'
import { writeBatch } from './postgres-write.ts'
import { keyText, partialTiles } from './rows.ts'
import {
  type Head,
  NO_HEAD,
  type Recorded,
  type Shared,
  type Store,
  type StoredEdge,
} from './store.ts'
import type { Tables } from './tables.ts'
import { together } from './together.ts'
import { upkeep } from './upkeep.ts'

/** A statement with a name is prepared once a connection. */
export type Statement = { readonly name?: string; readonly text: string }

export type Result = {
  readonly rows: readonly unknown[]
  readonly rowCount: number | null
  readonly command: string
}

/** One connection; what is asked of it in one turn travels together. @throws StoreUnavailable. */
export type Wire = {
  query(statement: Statement | string, values?: readonly unknown[]): Promise<Result>
}

/** How the engine reaches its server; platform/ knows how to connect. */
export type Postgres = {
  readonly db: Kysely<Tables>
  readonly quick: Kysely<Tables>
  readonly reader: Wire
  /** A connection for one transaction. Whatever `work` throws, the connection is cut: so it is rolled back. */
  writing<T>(work: (wire: Wire) => Promise<T>): Promise<T>
  /** SQL for epoch milliseconds by the server's clock. */
  readonly clock: string
  readonly patienceMillis: number
  /** Which life of the server this is: SQL for it, and what it was when the store was opened. */
  readonly timeline: { readonly sql: string; readonly opened: string }
  close(): Promise<void>
}

/**
 * The engine for many nodes: the server sequences. Whoever holds the head's row lock builds, signs and
 * commits; the others wait for the row. A holder that stalls is cut off by the server (time-outs of the
 * session), and whoever sees a commit fail reloads before it signs again.
 */
export function postgresStore(postgres: Postgres): Store {
  const { db, quick, reader } = postgres
  const first = async <Row>(statement: Statement, ...values: unknown[]) =>
    (await reader.query(statement, values)).rows[0] as Row | undefined
  const findRetry = together((keys: readonly string[]) => byKey<Recorded>(reader, Q.retry, keys))
  const findProbe = together((keys: readonly string[]) =>
    byKey<{ seen: string }>(reader, Q.probe, keys),
  )
  const findRows = together((keys: readonly RowKey[]) => rowsOf(reader, keys))
  return {
    db,
    quick,
    append: (drafts, from, build) =>
      postgres.writing(async (wire) => {
        const locked = await lockHead(wire, drafts, { from, ...postgres })
        const batch = build(locked)
        await writeBatch(wire, locked.head, batch)
        return batch
      }),
    readHead: async () => (await first<Head>(Q.head)) ?? NO_HEAD,
    readEdge: async () => edgeOf(await first<EdgeRow>(Q.edge)),
    readTile: async (shard, level, n) =>
      (await first<{ hashes: Uint8Array }>(Q.tile, shard, level, n))?.hashes,
    readLeaf: async (index) => (await first<{ leaf: string }>(Q.leaf, index))?.leaf,
    findRetry: (key) => findRetry(keyText(key)),
    readProbe: async (key) => (await findProbe(keyText(key)))?.seen,
    ...upkeep(db),
    snapshotRows: async (snapshot, key) => {
      const docs = await findRows({ snapshot, key })
      // No rows mean "no record" only while the snapshot is there (promise 7).
      if (!docs && !(await first(Q.snapshot, snapshot))) return undefined
      return docs ?? []
    },
    shared: sharedBy(postgres),
    close: () => postgres.close(),
  }
}

/** The shard's full tiles whose roots stand in the partial tile above them. */
const IN_PARTIAL =
  'tile.shard = head.shard AND n >= size / (256::numeric ^ (level + 1))::bigint / 256 * 256'

const Q = {
  head: {
    name: 'head',
    text: 'SELECT size, checkpoint, time_at AS "timeAt", shard, base FROM head WHERE id = 1',
  },
  tile: {
    name: 'tile',
    text: 'SELECT hashes FROM tile WHERE shard = $1 AND level = $2 AND n = $3',
  },
  leaf: { name: 'leaf', text: 'SELECT leaf FROM entry WHERE idx = $1' },
  retry: {
    name: 'retry',
    text: `SELECT key::text AS "keyText", retry.idx AS index, leaf, sealed, data_key AS "dataKey", kek
      FROM retry JOIN entry ON entry.idx = retry.idx LEFT JOIN evidence ON evidence.idx = retry.idx
      WHERE retry.key = ANY($1::bigint[])`,
  },
  probe: {
    name: 'probe',
    text: 'SELECT key::text AS "keyText", seen FROM probe WHERE key = ANY($1::bigint[])',
  },
  snapshot: {
    name: 'snapshot',
    text: 'SELECT id FROM snapshot WHERE id = $1 AND complete = 1',
  },
  snapshotRows: {
    name: 'snapshot-rows',
    text: `SELECT snapshot, key, doc FROM snapshot_row
      JOIN (SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[])) AS asked (snapshot, key)
        USING (snapshot, key)
      ORDER BY line`,
  },
  // One statement sees one state: another node may append meanwhile.
  edge: {
    name: 'edge',
    text: `SELECT size, checkpoint, time_at AS "timeAt", shard, base,
      (SELECT leaf FROM entry WHERE idx = base + size - 1) AS "lastLeaf",
      (SELECT coalesce(array_agg(leaf ORDER BY idx), '{}') FROM entry WHERE idx >= base + size - size % 256)
        AS "lastLeaves",
      (SELECT coalesce(array_agg(hash ORDER BY idx), '{}') FROM entry WHERE idx >= base + size - size % 256)
        AS hashes,
      (SELECT coalesce(array_agg(level::int ORDER BY level, n), '{}') FROM tile WHERE ${IN_PARTIAL})
        AS levels,
      (SELECT coalesce(array_agg(root ORDER BY level, n), '{}') FROM tile WHERE ${IN_PARTIAL})
        AS roots
      FROM head WHERE id = 1`,
  },
} as const satisfies Record<string, Statement>

/** The rows of the keys that were asked for, in the keys' order. */
async function byKey<Row>(
  reader: Wire,
  statement: Statement,
  keys: readonly string[],
): Promise<(Row | undefined)[]> {
  const { rows } = await reader.query(statement, [keys])
  const found = new Map(
    (rows as (Row & { keyText: string })[]).map(({ keyText, ...row }) => [keyText, row as Row]),
  )
  return keys.map((key) => found.get(key))
}

type RowKey = { readonly snapshot: number; readonly key: string }

async function rowsOf(reader: Wire, keys: readonly RowKey[]): Promise<(string[] | undefined)[]> {
  const columns = [keys.map(({ snapshot }) => snapshot), keys.map(({ key }) => key)]
  const { rows } = await reader.query(Q.snapshotRows, columns)
  const found = new Map<string, string[]>()
  for (const { snapshot, key, doc } of rows as (RowKey & { doc: string })[]) {
    const docs = found.get(`${snapshot} ${key}`)
    if (docs) docs.push(doc)
    else found.set(`${snapshot} ${key}`, [doc])
  }
  return keys.map(({ snapshot, key }) => found.get(`${snapshot} ${key}`))
}

type EdgeRow = Head & {
  readonly lastLeaf: string | null
  readonly lastLeaves: readonly string[]
  readonly hashes: readonly Uint8Array[]
  readonly levels: readonly number[]
  readonly roots: readonly Uint8Array[]
}

function edgeOf(row: EdgeRow | undefined): StoredEdge {
  if (!row) return { head: NO_HEAD, lastLeaves: [], lastLeaf: undefined, partial: [] }
  const { lastLeaf, lastLeaves, hashes, levels, roots, ...head } = row
  // The statement gave of each level only the roots in its partial tile.
  const partial = partialTiles(head.size, hashes, (level) =>
    roots.filter((_, i) => levels[i] === level),
  )
  return { head, lastLeaves, lastLeaf: lastLeaf ?? undefined, partial }
}

function sharedBy({ reader, clock, patienceMillis, timeline }: Postgres): Shared {
  const now = { name: 'now', text: `SELECT ${clock} AS now, ${timeline.sql} AS timeline` }
  // What has run in since, and what is taken of it, in the one statement that holds the row's lock.
  const filled = `least($3::float8, bucket.tokens + greatest(0, ${clock} - bucket.at) * $2::float8 / 1000)`
  const borrow = {
    name: 'borrow',
    text: `INSERT INTO bucket (name, tokens, at, granted)
      VALUES ($1, $3::float8 - least($4::float8, floor($3::float8)), ${clock}, least($4::float8, floor($3::float8)))
      ON CONFLICT (name) DO UPDATE SET
        tokens = ${filled} - least($4::float8, floor(${filled})),
        granted = least($4::float8, floor(${filled})),
        at = greatest(bucket.at, ${clock})
      RETURNING granted`,
  }
  return {
    patienceMillis,
    now: async () => {
      const told = (await reader.query(now)).rows[0] as { now: number; timeline: string }
      mustBeSameLife(told.timeline, timeline.opened)
      return told.now
    },
    borrow: async (bucket, { perSecond, burst }, want) => {
      const { rows } = await reader.query(borrow, [bucket, perSecond, burst, want])
      return (rows[0] as { granted: number }).granted
    },
  }
}
