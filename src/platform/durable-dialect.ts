import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TableMetadata,
} from 'kysely'
import { runSql } from './durable-sql.ts'
import type { DurableStorage } from './durable-storage.ts'

const CHANGING: readonly string[] = ['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode']

/** Kysely over a Durable Object's SQLite. */
export function durableDialect(storage: DurableStorage): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => durableDriver(storage),
    createIntrospector: (db) => new TableNames(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

type Open = { end(isGood: boolean): Promise<void> }

/**
 * One connection, one user at a time. A transaction is the runtime's own, held open between begin and
 * commit: BEGIN is not allowed here. The object takes no event meanwhile, so within it there may be
 * queries and computing, but no waiting for the world outside.
 */
function durableDriver(storage: DurableStorage): Driver {
  const connection = durableConnection(storage)
  let free: Promise<void> = Promise.resolve()
  let giveBack: () => void = () => {}
  let open: Open | undefined
  const end = async (isGood: boolean): Promise<void> => {
    const ending = open
    open = undefined
    await ending?.end(isGood)
  }
  return {
    init: async () => {},
    acquireConnection: async () => {
      const before = free
      const { promise, resolve } = Promise.withResolvers<void>()
      free = promise
      await before
      giveBack = resolve
      return connection
    },
    releaseConnection: async () => giveBack(),
    beginTransaction: async () => {
      open = await hold(storage)
    },
    commitTransaction: () => end(true),
    rollbackTransaction: () => end(false),
    destroy: async () => {},
  }
}

function hold(storage: DurableStorage): Promise<Open> {
  return new Promise((resolve, reject) => {
    const ended = Promise.withResolvers<boolean>()
    const done = storage.transaction(async (transaction) => {
      const end = (isGood: boolean) => {
        ended.resolve(isGood)
        return done
      }
      resolve({ end })
      if (!(await ended.promise)) transaction.rollback()
    })
    done.catch(reject)
  })
}

function durableConnection(storage: DurableStorage): DatabaseConnection {
  const execute = (text: string, values: readonly unknown[]) => runSql(storage, text, values)
  return {
    executeQuery: async <R>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      const rows = execute(sql, parameters) as R[]
      if (!CHANGING.includes(query.kind)) return { rows }
      const [counted] = execute('SELECT changes() AS n', [])
      return { rows, numAffectedRows: BigInt(counted?.n as number) }
    },
    // biome-ignore lint/correctness/useYield: the port asks for a generator
    streamQuery: async function* () {
      throw new Error('nothing is streamed here')
    },
  }
}

/** The migrator asks which tables there are; the runtime's own ones (`_cf_…`) may not be looked into. */
class TableNames extends SqliteIntrospector implements DatabaseIntrospector {
  readonly #db: Kysely<unknown>

  constructor(db: Kysely<unknown>) {
    super(db)
    this.#db = db
  }

  override async getTables(): Promise<TableMetadata[]> {
    const { rows } = await this.#db.executeQuery<{ name: string }>(
      CompiledQuery.raw("SELECT name FROM sqlite_master WHERE type = 'table'"),
    )
    return rows.map(({ name }) => ({ name, isView: false, isForeign: false, columns: [] }))
  }
}
