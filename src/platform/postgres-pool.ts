import { Kysely, PostgresDialect } from 'kysely'
import { type ClientConfig, DatabaseError, Pool } from 'pg'
import type { Wire } from '../storage/postgres.ts'
import type { Tables } from '../storage/tables.ts'
import { socketsOf, storeFault } from './postgres-link.ts'

const POOL_SIZE = 4

export function kyselyOn(pool: object): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as never }) })
}

/** What Kysely takes for a pool: one wire, for single statements only. Who opened it closes it. */
export function poolOfOne(wire: Wire) {
  const query = (text: string, values: readonly unknown[]) => wire.query({ text }, values)
  return { connect: async () => ({ query, release: () => {} }), end: async () => {} }
}

/** The pool that Kysely asks, whose faults are the store's. */
export function poolOf(config: ClientConfig) {
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
