import { ConfigError } from '../config.ts'
import { migrate } from '../storage/migrations/index.ts'
import { POSTGRES_WORDS } from '../storage/migrations/words.ts'
import { type Postgres, postgresStore, type Wire } from '../storage/postgres.ts'
import { type Store, StoreUnavailable } from '../storage/store.ts'
import { common, inTransaction, link } from './postgres-link.ts'
import { kyselyOn, poolOf, poolOfOne } from './postgres-pool.ts'

/** 17 brought `transaction_timeout`, by which a stalled node is cut off. */
const VERSION_MIN = 170_000
/** A little longer than the server lets a transaction of the log take, or one that a request reads by. */
const APPEND_MILLIS = 3000
const READ_MILLIS = 4000
/** The server's timeline is the first part of its log file's name; a promotion begins another. */
const TIMELINE = `left(pg_walfile_name(pg_current_wal_lsn()), 8)`
const CLOCK = '(extract(epoch from clock_timestamp()) * 1000)::bigint'
/** Longer than a provider may take, shorter than a caller waits. */
const PATIENCE_MILLIS = 20_000
const HOUR_MILLIS = 3_600_000

/**
 * A node that stalls while it holds the head is cut off, and the others go on; also one that takes no more
 * of what the server sends it (the last: no statement's time-out interrupts that).
 */
const APPENDING =
  '-c synchronous_commit=on -c idle_in_transaction_session_timeout=1500 -c transaction_timeout=2000 -c tcp_user_timeout=3000'
/**
 * A statement of which only half arrived holds its locks, and no time-out but the transaction's ends that:
 * a node that stops there must not keep a bucket from the others.
 */
const READING =
  '-c default_transaction_read_only=off -c transaction_timeout=3000 -c tcp_user_timeout=5000'
/** Imports and the like: small transactions, but not that small. */
const ORDINARY =
  '-c synchronous_commit=on -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000 -c transaction_timeout=120000 -c tcp_user_timeout=20000'

export type PostgresOptions = {
  readonly url: string
  /** SQL for epoch milliseconds, where a test stops the clock. */
  readonly clock?: string | undefined
  /** SQL for the server's timeline, where a test promotes it. */
  readonly timeline?: string | undefined
  /** How long a request waits for another node that has claimed it. */
  readonly patienceMillis?: number | undefined
}

/**
 * Opens a database that several gateways share, creating its tables when absent.
 *
 * @throws ConfigError where it is no PostgreSQL 17 or newer; StoreUnavailable where nobody answers.
 */
export async function openPostgres({
  url,
  clock = CLOCK,
  timeline = TIMELINE,
  patienceMillis = PATIENCE_MILLIS,
}: PostgresOptions): Promise<Store> {
  const reader = link({ ...common(url), options: READING }, READ_MILLIS)
  const writer = link({ ...common(url), options: APPENDING }, APPEND_MILLIS)
  const db = kyselyOn(poolOf({ ...common(url), options: ORDINARY }))
  const quick = kyselyOn(poolOfOne(reader))
  const close = async () => {
    await Promise.all([reader.close(), writer.close(), db.destroy()])
  }
  let opened: string
  try {
    await checkVersion(reader)
    opened = await timelineOf(reader, timeline)
    await migrate(db, POSTGRES_WORDS)
    // There must be a row to lock; size 0 without a checkpoint is a log that never signed.
    await db
      .insertInto('head')
      .values({ id: 1, size: 0, checkpoint: '', time_at: 0 })
      .onConflict((on) => on.doNothing())
      .execute()
  } catch (error) {
    await close()
    throw error
  }
  const writing: Postgres['writing'] = (work) => inTransaction(writer, work)
  const life = { timeline: { sql: timeline, opened }, clock, patienceMillis }
  return postgresStore({ db, quick, reader, writing, ...life, close })
}

/**
 * The same store for reading only, as it is at one moment however long that takes: for checks and copies
 * while gateways go on. Its tables must be there. @throws StoreUnavailable.
 */
export async function readPostgres(url: string): Promise<Store> {
  const one = link({ ...common(url), options: '-c default_transaction_read_only=on' }, HOUR_MILLIS)
  const wire = await one.hold()
  await wire.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  return storeOn(wire, () => one.close())
}

/** A store whose every question goes through one connection, and so into the transaction that is open on it. */
export function storeOn(wire: Wire, end: () => Promise<void>): Store {
  const db = kyselyOn(poolOfOne(wire))
  const writing = () => Promise.reject(new StoreUnavailable('nothing is appended here'))
  const timeline = { sql: `''`, opened: '' }
  const shared = { clock: CLOCK, timeline, patienceMillis: 0 }
  // Kysely ends no pool that it never asked.
  const close = () => db.destroy().then(end)
  return postgresStore({ db, quick: db, reader: wire, writing, ...shared, close })
}

/**
 * Erased columns stand in dead rows until this, and in the server's write-ahead log and its archive for as
 * long as those are kept (docs/operations).
 *
 * @returns false where it did not come to an end in time.
 */
export async function vacuum(url: string): Promise<boolean> {
  const one = link({ ...common(url), options: '-c lock_timeout=2000' })
  try {
    await one.query('VACUUM evidence')
    return true
  } catch {
    return false
  } finally {
    await one.close()
  }
}

const STARTING = 0x6d7a

/**
 * One node starts at a time: tables, keys and the demo city are made once. The server gives the lock back
 * with the connection, however this process ends.
 *
 * @throws StoreUnavailable when another node takes longer than a minute.
 */
export async function holdStart(url: string): Promise<{ release(): Promise<void> }> {
  const one = link({ ...common(url), options: '-c lock_timeout=60000' }, 61_000)
  try {
    await one.query(`SELECT pg_advisory_lock(${STARTING})`)
  } catch (error) {
    await one.close()
    throw error
  }
  return { release: () => one.close() }
}

async function timelineOf(reader: Wire, timeline: string): Promise<string> {
  const { rows } = await reader.query(`SELECT ${timeline} AS timeline`)
  return (rows[0] as { timeline: string }).timeline
}

async function checkVersion(reader: Wire): Promise<void> {
  const { rows } = await reader.query('SHOW server_version_num')
  const version = Number((rows[0] as { server_version_num: string }).server_version_num)
  if (version < VERSION_MIN)
    throw new ConfigError(
      `DATABASE_URL：需要 PostgreSQL 17 或更高版本。PostgreSQL 17 or newer is needed, not ${Math.floor(version / 10_000)}.`,
    )
}
