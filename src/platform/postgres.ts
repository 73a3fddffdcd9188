import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Kysely, PostgresDialect } from 'kysely'
import { Client, type ClientConfig, DatabaseError, Pool, types } from 'pg'
import { ConfigError } from '../config.ts'
import { migrate } from '../storage/migrations/index.ts'
import { POSTGRES_WORDS } from '../storage/migrations/words.ts'
import {
  type Postgres,
  postgresStore,
  type Result,
  type Statement,
  type Wire,
} from '../storage/postgres.ts'
import { type Store, StoreUnavailable } from '../storage/store.ts'
import type { Tables } from '../storage/tables.ts'

/** 17 brought `transaction_timeout`, by which a stalled node is cut off. */
const VERSION_MIN = 170_000
const CONNECT_MILLIS = 3000
const QUERY_MILLIS = 5000
/** A little longer than the server lets a transaction of the log take, or one that a request reads by. */
const APPEND_MILLIS = 3000
const READ_MILLIS = 4000
/** What a closing connection is waited for, before it is dropped. */
const CLOSE_MILLIS = 1000
/** Before the system asks a silent server whether it is still there. */
const ALIVE_MILLIS = 10_000
const POOL_SIZE = 4
const CLOCK = '(extract(epoch from clock_timestamp()) * 1000)::bigint'
const BIGINT = 20
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
  patienceMillis = PATIENCE_MILLIS,
}: PostgresOptions): Promise<Store> {
  const reader = link({ ...common(url), options: READING }, READ_MILLIS)
  const writer = link({ ...common(url), options: APPENDING }, APPEND_MILLIS)
  const db = kyselyOn(poolOf({ ...common(url), options: ORDINARY }))
  const quick = kyselyOn(poolOfOne(reader))
  const close = async () => {
    await Promise.all([reader.close(), writer.close(), db.destroy()])
  }
  try {
    await checkVersion(reader)
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
  return postgresStore({ db, quick, reader, writing, clock, patienceMillis, close })
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
  const shared = { clock: CLOCK, patienceMillis: 0 }
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

/** What every connection of ours has in common. */
export function common(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'mianzheng',
    connectionTimeoutMillis: CONNECT_MILLIS,
    keepAlive: true,
    keepAliveInitialDelayMillis: ALIVE_MILLIS,
    types: { getTypeParser },
  }
}

/** Counts and instants are numbers here; keys of 64 bits are only ever read as text. */
function getTypeParser(oid: number, format?: unknown): (value: string) => unknown {
  if (oid === BIGINT) return Number
  return types.getTypeParser(oid, format as 'text')
}

async function checkVersion(reader: Wire): Promise<void> {
  const { rows } = await reader.query('SHOW server_version_num')
  const version = Number((rows[0] as { server_version_num: string }).server_version_num)
  if (version < VERSION_MIN)
    throw new ConfigError(
      `DATABASE_URL：需要 PostgreSQL 17 或更高版本。PostgreSQL 17 or newer is needed, not ${Math.floor(version / 10_000)}.`,
    )
}

/**
 * One transaction on one connection, never continued on another. Rolled back for certain where `work`
 * throws before it commits: the server ends what a cut connection leaves open.
 */
async function inTransaction<T>(writer: Link, work: (wire: Wire) => Promise<T>): Promise<T> {
  const wire = await writer.hold()
  try {
    return await work(wire)
  } catch (error) {
    await wire.query('ROLLBACK').catch(() => writer.cut())
    throw error
  }
}

type Link = Wire & {
  /** This very connection, and no other after it was lost. */
  hold(): Promise<Wire>
  /** Drops the connection; the next question opens another. */
  cut(): Promise<void>
  close(): Promise<void>
}

/** One connection, opened when it is first asked and again after it was lost. */
export function link(config: ClientConfig, queryMillis = QUERY_MILLIS): Link {
  const sockets = socketsOf()
  let connected: Promise<Client> | undefined
  let isClosed = false

  function opened(): Promise<Client> {
    if (isClosed) return Promise.reject(new StoreUnavailable('the store is closed'))
    if (connected) return connected
    const forget = () => {
      if (connected === opening) connected = undefined
    }
    const opening = connect({ ...config, stream: sockets.open, query_timeout: queryMillis }, forget)
    opening.catch(forget)
    connected = opening
    return opening
  }

  async function cut(): Promise<void> {
    const old = connected
    connected = undefined
    const client = await old?.catch(() => undefined)
    await sockets.destroyAfter(client?.end())
  }

  return {
    query: async (statement, values) => ask(opened(), statement, values),
    hold: async () => {
      const client = opened()
      await client.catch((error) => {
        throw storeFault(error)
      })
      return { query: (statement, values) => ask(client, statement, values) }
    },
    cut,
    close: async () => {
      isClosed = true
      await cut()
    },
  }
}

/**
 * The sockets of some connections, so that they can be dropped: an honest goodbye waits for what was asked
 * before it, and over a network that delivers nothing for ever.
 */
function socketsOf() {
  const sockets = new Set<Socket>()
  return {
    open: (): Socket => {
      const socket = new Socket()
      sockets.add(socket)
      return socket.once('close', () => sockets.delete(socket))
    },
    destroyAfter: async (goodbye: Promise<unknown> | undefined): Promise<void> => {
      const doomed = [...sockets]
      const said = goodbye?.catch(() => {})
      await Promise.race([said, pause(CLOSE_MILLIS, undefined, { ref: false })])
      for (const socket of doomed) socket.destroy()
    },
  }
}

async function connect(config: ClientConfig, onLost: () => void): Promise<Client> {
  const client = new Client({ ...config, pipeline: true })
  client.on('error', onLost)
  client.on('end', onLost)
  await client.connect()
  return client
}

async function ask(
  client: Promise<Client>,
  statement: Statement | string,
  values: readonly unknown[] = [],
): Promise<Result> {
  try {
    const connected = await client
    if (typeof statement === 'string') return await connected.query(statement)
    return await connected.query({ ...statement, values: [...values] })
  } catch (error) {
    throw storeFault(error)
  }
}

function kyselyOn(pool: object): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
}

/** What Kysely takes for a pool: one wire, for single statements only. Who opened it closes it. */
function poolOfOne(wire: Wire) {
  const query = (text: string, values: readonly unknown[]) => wire.query({ text }, values)
  return { connect: async () => ({ query, release: () => {} }), end: async () => {} }
}

/** The pool that Kysely asks, whose faults are the store's. */
function poolOf(config: ClientConfig) {
  const sockets = socketsOf()
  const pool = new Pool({ ...config, stream: sockets.open, max: POOL_SIZE, query_timeout: 60_000 })
  pool.on('error', () => {})
  return {
    end: () => sockets.destroyAfter(pool.end()),
    connect: async () => {
      const client = await pool.connect().catch((error) => {
        throw storeFault(error)
      })
      // One that is lost while somebody has it: its question fails, and nothing else may.
      if (client.listenerCount('error') === 0) client.on('error', () => {})
      let isLost = false
      return {
        // One that did not answer would be given to the next, who would wait behind the old question.
        release: () => client.release(isLost),
        query: (...asked: unknown[]) =>
          (client.query as (...asked: unknown[]) => Promise<never>)(...asked).catch((error) => {
            isLost ||= !(error instanceof DatabaseError)
            throw storeFault(error)
          }),
      }
    },
  }
}

/** SQLSTATE classes: connection, resources, locks, operator, system; and transactions that were cut off. */
const UNAVAILABLE = /^(08|53|55|57|58|40|25P0[234])/

/**
 * A database that is away, going or coming, is StoreUnavailable; anything else is a fault of ours. The
 * server's messages quote statements and values: only the SQLSTATE is passed on.
 */
function storeFault(error: unknown): Error {
  if (error instanceof DatabaseError) {
    const code = error.code ?? ''
    return UNAVAILABLE.test(code) || error.severity === 'FATAL'
      ? new StoreUnavailable(`SQLSTATE ${code}`)
      : Object.assign(new Error(`SQLSTATE ${code}`), { code, constraint: error.constraint })
  }
  if (error instanceof StoreUnavailable) return error
  const { code } = error as { code?: string }
  return new StoreUnavailable(code ?? 'the connection was lost')
}
