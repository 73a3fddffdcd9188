import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, type ClientConfig, DatabaseError, types } from 'pg'
import type { Result, Statement, Wire } from '../storage/postgres.ts'
import { StoreUnavailable } from '../storage/store.ts'

const CONNECT_MILLIS = 3000
const QUERY_MILLIS = 5000
/** What a closing connection is waited for, before it is dropped. */
const CLOSE_MILLIS = 1000
/** Before the system asks a silent server whether it is still there. */
const ALIVE_MILLIS = 10_000
const BIGINT = 20

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

/**
 * One transaction on one connection, never continued on another. Rolled back for certain where `work`
 * throws before it commits: the server ends what a cut connection leaves open.
 */
export async function inTransaction<T>(writer: Link, work: (wire: Wire) => Promise<T>): Promise<T> {
  const wire = await writer.hold()
  try {
    return await work(wire)
  } catch (error) {
    await wire.query('ROLLBACK').catch(() => writer.cut())
    throw error
  }
}

export type Link = Wire & {
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
export function socketsOf() {
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

/** SQLSTATE classes: connection, resources, locks, operator, system; and transactions that were cut off. */
const UNAVAILABLE = /^(08|53|55|57|58|40|25P0[234])/

/**
 * A database that is away, going or coming, is StoreUnavailable; anything else is a fault of ours. The
 * server's messages quote statements and values: only the SQLSTATE is passed on.
 */
export function storeFault(error: unknown): Error {
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
