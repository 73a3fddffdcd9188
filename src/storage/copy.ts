import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

type Copied = {
  readonly table: keyof Tables
  /** Its primary key: the order in which its rows are read. */
  readonly key: readonly string[]
  readonly columns: readonly string[]
  /** Whole numbers of 64 bits: read as text and written from it, since JavaScript's numbers hold 53. */
  readonly wide?: readonly string[]
  /** Rows that may be large are taken fewer at a time. */
  readonly isLarge?: boolean
}

/**
 * Every table with its columns, but for those in `LEFT_BEHIND`; a test holds this list against the schema. `head` comes last: without
 * it a copy is no log that anybody could go on with.
 */
export const COPIED: readonly Copied[] = [
  { table: 'meta', key: ['key'], columns: ['value'] },
  { table: 'agency', key: ['uscc'], columns: ['doc'] },
  { table: 'system', key: ['id'], columns: ['doc'] },
  {
    table: 'system_key',
    key: ['system', 'kid'],
    columns: ['alg', 'jwk', 'valid_from', 'valid_to', 'revoked_at'],
  },
  { table: 'item', key: ['code', 'version'], columns: ['state', 'doc'] },
  { table: 'contract', key: ['code'], columns: ['doc'] },
  { table: 'agreement', key: ['id'], columns: ['item', 'doc'] },
  { table: 'service', key: ['code'], columns: ['state', 'doc'] },
  { table: 'blacklist', key: ['id'], columns: ['doc'] },
  { table: 'pledge', key: ['agency'], columns: ['doc'] },
  { table: 'calendar', key: ['year'], columns: ['doc'] },
  { table: 'register', key: ['id'], columns: ['doc', 'snapshot'] },
  { table: 'snapshot', key: ['id'], columns: ['register', 'as_of', 'version', 'rows', 'complete'] },
  { table: 'snapshot_row', key: ['snapshot', 'key', 'line'], columns: ['doc'] },
  { table: 'revision', key: ['thing'], columns: ['n'] },
  {
    table: 'proposal',
    key: ['id'],
    columns: [
      ...['kind', 'target', 'agency', 'party', 'state', 'doc', 'base', 'proposer', 'approver'],
      ...['publisher', 'more', 'opened_at', 'changed_at'],
    ],
  },
  { table: 'act', key: ['entry'], columns: ['thing', 'what', 'person', 'at', 'note'] },
  {
    table: 'person',
    key: ['id'],
    columns: ['issuer', 'subject', 'name', 'salt', 'side', 'status', 'created_at'],
  },
  { table: 'person_role', key: ['person', 'role', 'agency'], columns: ['side'] },
  {
    table: 'passkey',
    key: ['id'],
    columns: [
      ...['person', 'public_key', 'counter', 'transports', 'device_type', 'backed_up', 'name'],
      ...['created_at', 'used_at'],
    ],
  },
  { table: 'proof', key: ['key'], columns: ['expires_at'] },
  { table: 'counter', key: ['day', 'key'], columns: ['used'] },
  { table: 'bucket', key: ['name'], columns: ['tokens', 'at', 'granted'] },
  { table: 'probe', key: ['key'], columns: ['day', 'seen'], wide: ['key'] },
  { table: 'retry', key: ['key'], columns: ['idx'], wide: ['key'] },
  {
    table: 'intent',
    key: ['idx'],
    columns: ['key', 'lease_until', 'counter', 'day'],
    wide: ['key'],
  },
  { table: 'entry', key: ['idx'], columns: ['leaf', 'hash'] },
  { table: 'tile', key: ['shard', 'level', 'n'], columns: ['hashes', 'root'], isLarge: true },
  {
    table: 'evidence',
    key: ['idx'],
    columns: [
      ...['sealed', 'data_key', 'kek', 'salt', 'subject', 'case_no', 'official'],
      'erased_at',
    ],
    isLarge: true,
  },
  { table: 'head', key: ['id'], columns: ['size', 'checkpoint', 'time_at', 'shard', 'base'] },
]

/**
 * Left behind: people sign in again at the new place. A session that was ended after a back-up was taken
 * must not live again where it is restored.
 */
export const LEFT_BEHIND = ['session', 'sign_in'] as const satisfies readonly (keyof Tables)[]

const ROWS_MAX = 500
const LARGE_MAX = 64

type Row = Record<string, unknown>

/**
 * Copies every row of a gateway into empty tables, a bounded batch at a time, each batch committed by
 * itself: whoever calls this marks the target as unfinished before and as complete after.
 *
 * @param from must show one state for as long as this takes
 * @param to has the same schema; its `meta` and `head` may hold rows of its own, which are replaced
 * @returns the number of rows
 */
export async function copyTables(
  from: Kysely<Tables>,
  to: Kysely<Tables>,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<number> {
  let total = 0
  for (const { table } of COPIED) total += await countOf(from, table)
  let done = 0
  for (const copied of COPIED) {
    for await (const rows of batchesOf(from, copied)) {
      await writeRows(to, copied, rows)
      done += rows.length
      onProgress(done, total)
    }
  }
  return done
}

/**
 * Whether nobody has used a database yet, of whatever version: no tables of ours, or nothing in them but
 * the head of size 0 that an engine may keep to be locked.
 */
export async function isEmpty(db: Kysely<Tables>): Promise<boolean> {
  const there = new Set((await db.introspection.getTables()).map(({ name }) => name))
  for (const { table } of COPIED) {
    if (!there.has(table)) continue
    const used = table === 'head' ? sql`WHERE size > 0` : sql``
    const found = await sql`SELECT 1 FROM ${sql.table(table)} ${used} LIMIT 1`.execute(db)
    if (found.rows.length > 0) return false
  }
  return true
}

/** Tables of two versions do not fit each other. @returns the names of the migrations that were run. */
export async function schemaOf(db: Kysely<Tables>): Promise<string> {
  const ran = sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`
  return (await ran.execute(db)).rows.map(({ name }) => name).join()
}

async function countOf(db: Kysely<Tables>, table: string): Promise<number> {
  const counted = sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)}`
  return (await counted.execute(db)).rows[0]?.n ?? 0
}

/** By key, each batch behind the last row of the one before: no cursor, the same on every engine. */
async function* batchesOf(db: Kysely<Tables>, copied: Copied): AsyncGenerator<Row[]> {
  const { table, key, columns, wide = [], isLarge } = copied
  const limit = isLarge ? LARGE_MAX : ROWS_MAX
  const read = (column: string) =>
    wide.includes(column)
      ? sql`CAST(${sql.ref(column)} AS TEXT) AS ${sql.ref(column)}`
      : sql.ref(column)
  const names = sql.join([...key, ...columns].map(read))
  // Qualified: the bare name would mean the text that is selected, and texts have another order.
  const order = sql.join(key.map((column) => sql.ref(`${table}.${column}`)))
  for (let last: Row | undefined; ; ) {
    const values = key.map((column) => cellOf(copied, last ?? {}, column))
    const behind = last ? sql`WHERE (${order}) > (${sql.join(values)})` : sql``
    const query = sql<Row>`SELECT ${names} FROM ${sql.table(table)} ${behind} ORDER BY ${order} LIMIT ${sql.lit(limit)}`
    const { rows } = await query.execute(db)
    if (rows.length > 0) yield rows
    if (rows.length < limit) return
    last = rows.at(-1) as Row
  }
}

async function writeRows(db: Kysely<Tables>, copied: Copied, rows: readonly Row[]): Promise<void> {
  const { table, key, columns } = copied
  const all = [...key, ...columns]
  const tuples = rows.map((row) => sql`(${sql.join(all.map((one) => cellOf(copied, row, one)))})`)
  const isOwn = table === 'meta' || table === 'head'
  const news = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`)
  const replace = isOwn
    ? sql`ON CONFLICT (${sql.join(key.map((one) => sql.ref(one)))}) DO UPDATE SET ${sql.join(news)}`
    : sql``
  const names = sql.join(all.map((one) => sql.ref(one)))
  await sql`INSERT INTO ${sql.table(table)} (${names}) VALUES ${sql.join(tuples)} ${replace}`.execute(
    db,
  )
}

function cellOf({ wide = [] }: Copied, row: Row, column: string) {
  const value = row[column]
  return wide.includes(column) ? sql`CAST(${value} AS BIGINT)` : sql`${value}`
}
