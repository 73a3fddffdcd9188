import { Kysely } from 'kysely'
import { durableDialect } from '../../../src/platform/durable-dialect.ts'
import { durableSql } from '../../../src/platform/durable-sql.ts'
import type { DurableState, DurableStorage } from '../../../src/platform/durable-storage.ts'
import { migrate } from '../../../src/storage/migrations/index.ts'
import { SQLITE_WORDS } from '../../../src/storage/migrations/words.ts'
import { sqliteStore } from '../../../src/storage/sqlite.ts'
import type { Tables } from '../../../src/storage/tables.ts'

type Around = { readonly storage: DurableStorage; readonly db: Kysely<Tables> }

const agency = (uscc: string) => ({ uscc, doc: '{}' })

/** What stands in the store, for each case that the test names. */
const CASES: Readonly<Record<string, (around: Around) => Promise<unknown>>> = {
  'transaction-fails': async ({ db }) => {
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('agency').values(agency('LOST-1')).execute()
      await trx.insertInto('agency').values(agency('LOST-2')).execute()
      await trx.insertInto('agency').values(agency('LOST-1')).execute()
    })
    const error = await failing.then(() => 'none', String)
    return { error, left: await usccs(db) }
  },
  'transaction-thrown': async ({ db }) => {
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto('agency').values(agency('LOST-3')).execute()
      await Promise.resolve()
      throw new Error('changed my mind')
    })
    return { error: await failing.then(() => 'none', String), left: await usccs(db) }
  },
  'transaction-holds': async ({ db }) => {
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('agency').values(agency('KEPT-1')).execute()
      await trx.insertInto('agency').values(agency('KEPT-2')).execute()
    })
    return usccs(db)
  },
  'transactions-take-turns': async ({ db }) => {
    const steps: string[] = []
    const one = (name: string) =>
      db.transaction().execute(async (trx) => {
        steps.push(`${name} begins`)
        await trx.selectFrom('agency').selectAll().execute()
        await Promise.resolve()
        steps.push(`${name} ends`)
      })
    await Promise.all([one('a'), one('b'), one('c')])
    return steps
  },
  'append-fails': async ({ storage, db }) => {
    const store = sqliteStore(durableSql(storage), db)
    const draft = { leaf: () => 'leaf' }
    const hash = new Uint8Array(32)
    const build = () => {
      const head = { shard: 1, base: 0, size: 2, checkpoint: 'signed', timeAt: 1 }
      const entries = [1, 2].map(() => ({ leaf: 'leaf', hash, draft }))
      // The same tile twice breaks the batch after its entries were written.
      const tile = { shard: 1, level: 0, n: 0, hashes: hash, root: hash }
      return { head, entries, tiles: [tile, tile] }
    }
    const error = await store.append([draft, draft], 0, build).then(() => 'none', String)
    const entries = await db.selectFrom('entry').selectAll().execute()
    return { error, entries: entries.length, head: await store.readHead() }
  },
  'wide-keys': async ({ db, storage }) => {
    const keys = [-(2n ** 63n), -1n, 0n, 2n ** 53n + 1n, 2n ** 63n - 1n]
    for (const [idx, key] of keys.entries())
      await db.insertInto('retry').values({ key, idx }).execute()
    const sql = durableSql(storage)
    const asked = 'SELECT typeof(key) AS t, CAST(key AS TEXT) AS k, idx FROM retry WHERE key = ?'
    return keys.map((key) => sql.get(asked, key))
  },
  blobs: async ({ db }) => {
    const hashes = new Uint8Array([0, 1, 254, 255]).subarray(1)
    await db.insertInto('tile').values({ shard: 1, level: 9, n: 9, hashes, root: hashes }).execute()
    const row = await db
      .selectFrom('tile')
      .select('hashes')
      .where('level', '=', 9)
      .executeTakeFirst()
    return { isBytes: row?.hashes instanceof Uint8Array, bytes: [...(row?.hashes ?? [])] }
  },
  counts: async ({ db }) => {
    const insert = (uscc: string) =>
      db
        .insertInto('agency')
        .values(agency(uscc))
        .onConflict((on) => on.doNothing())
        .executeTakeFirst()
    const first = await insert('COUNTED')
    const again = await insert('COUNTED')
    const updated = await db.updateTable('agency').set({ doc: '[]' }).executeTakeFirst()
    const inserted = db.insertInto('snapshot').returning('id')
    const row = { register: 'r', as_of: 1, version: 'v', rows: 0, complete: 0 }
    const { id } = await inserted.values(row).executeTakeFirstOrThrow()
    return {
      first: Number(first.numInsertedOrUpdatedRows),
      again: Number(again.numInsertedOrUpdatedRows),
      updated: Number(updated.numUpdatedRows),
      id,
    }
  },
}

async function usccs(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db.selectFrom('agency').select('uscc').orderBy('uscc').execute()
  return rows.map(({ uscc }) => uscc)
}

/** One object a case, so that none meets another's rows. */
export class Probe {
  readonly #storage: DurableStorage

  constructor({ storage }: DurableState) {
    this.#storage = storage
  }

  async fetch(request: Request): Promise<Response> {
    const storage = this.#storage
    const db = new Kysely<Tables>({ dialect: durableDialect(storage) })
    // Twice: an object that wakes up meets its own tables, and those of the runtime.
    await storage.transaction(() => migrate(db, SQLITE_WORDS))
    await storage.transaction(() => migrate(db, SQLITE_WORDS))
    const named = CASES[new URL(request.url).pathname.slice(1)]
    return named ? Response.json(await named({ storage, db })) : new Response('ok')
  }
}

type Env = {
  readonly PROBE: {
    idFromName(name: string): unknown
    get(id: unknown): { fetch(request: Request): Promise<Response> }
  }
}

export default {
  fetch: (request: Request, { PROBE }: Env) =>
    PROBE.get(PROBE.idFromName(new URL(request.url).pathname)).fetch(request),
}
