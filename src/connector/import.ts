import type { Kysely } from 'kysely'
import { compileSchema } from '../contract/schema.ts'
import type { Register } from '../registry/documents.ts'
import { bumpVersion } from '../registry/registry.ts'
import type { SnapshotTable, Tables } from '../storage/tables.ts'
import type { Row } from './rows.ts'
import { lookupKey } from './snapshot.ts'

/** Four values a row, and a Durable Object binds 100 in one statement at the most. */
const CHUNK_ROWS = 25
const TRANSACTION_CHUNKS = 400
const REMOVED_ROWS = 5000
const FAULTS_SHOWN = 50

/** A row of the register's file; `line` is where it starts, counted from 1. */
export type SourceRow = { readonly line: number; readonly row: Row }

export type RowFault = { readonly line: number; readonly columns: readonly string[] }

/** Nothing of a file with a fault is used. Faults name lines and columns, never values. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly faults: readonly RowFault[]
  readonly count: number

  constructor(register: string, faults: readonly RowFault[], count: number) {
    super(
      count === 0
        ? `${register}: the file has no rows, and an empty register would answer "no record"`
        : `${register}: ${count} rows do not fit the register's schema`,
    )
    this.faults = faults
    this.count = count
  }
}

export type Staged = { readonly id: number; readonly rows: number }

type Options = {
  readonly register: Register
  readonly asOf: number
  readonly version: string
  readonly onProgress?: (rows: number) => void
}

/**
 * Writes a register's rows beside the snapshot that answers now, without touching it: small
 * transactions, so that a serving gateway goes on. A crash leaves rows that nobody reads and the next
 * import removes.
 *
 * @throws ImportError listing the rows that do not fit; what reading the rows throws. Then nothing is kept.
 */
export async function stageSnapshot(
  db: Kysely<Tables>,
  rows: AsyncIterable<SourceRow> | Iterable<SourceRow>,
  options: Options,
): Promise<Staged> {
  const { register, asOf, version } = options
  await removeSnapshots(db, register.id, 'incomplete')
  const { id } = await db
    .insertInto('snapshot')
    .values({ register: register.id, as_of: asOf, version, rows: 0, complete: 0 })
    .returning('id')
    .executeTakeFirstOrThrow()
  try {
    const { count, faults, faultCount } = await writeRows(db, rows, { ...options, snapshot: id })
    if (faultCount > 0 || count === 0) throw new ImportError(register.id, faults, faultCount)
    return { id, rows: count }
  } catch (error) {
    await removeSnapshots(db, register.id, 'incomplete')
    throw error
  }
}

/**
 * From here on the staged snapshot answers; the switch is one transaction. The one that answered until
 * now stays until the next import: requests on their way, and processes that have not yet noticed,
 * still look into it.
 *
 * @throws Error when another import of the register removed what was staged.
 */
export async function switchSnapshot(
  db: Kysely<Tables>,
  register: string,
  { id, rows }: Staged,
): Promise<void> {
  const previous = await db.transaction().execute(async (trx) => {
    const found = trx.selectFrom('register').select('snapshot').where('id', '=', register)
    const before = (await found.executeTakeFirst())?.snapshot ?? id
    const staged = trx.updateTable('snapshot').set({ complete: 1, rows }).where('id', '=', id)
    const { numUpdatedRows } = await staged.executeTakeFirstOrThrow()
    if (numUpdatedRows !== 1n) throw new Error(`another import of ${register} came between`)
    await trx.updateTable('register').set({ snapshot: id }).where('id', '=', register).execute()
    await bumpVersion(trx)
    return before
  })
  await removeSnapshots(db, register, { olderThan: previous })
}

async function writeRows(
  db: Kysely<Tables>,
  rows: AsyncIterable<SourceRow> | Iterable<SourceRow>,
  { register, snapshot, onProgress }: Options & { readonly snapshot: number },
) {
  const schema = compileSchema(register.row, '/row')
  const faults: RowFault[] = []
  let faultCount = 0
  let count = 0
  let waiting: Tables['snapshot_row'][] = []
  const flush = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    if (batch.length > 0 && faultCount === 0) await insertRows(db, batch)
    onProgress?.(count)
  }
  for await (const { line, row } of rows) {
    count += 1
    const problems = schema.problems(row)
    if (problems.length > 0) {
      faultCount += 1
      if (faults.length < FAULTS_SHOWN) faults.push({ line, columns: problems })
      continue
    }
    const doc = JSON.stringify(row)
    for (const column of register.keys) {
      const value = row[column]
      if (value !== undefined) waiting.push({ snapshot, key: lookupKey(column, value), line, doc })
    }
    if (waiting.length >= CHUNK_ROWS * TRANSACTION_CHUNKS) await flush()
  }
  await flush()
  return { count, faults, faultCount }
}

async function insertRows(
  db: Kysely<Tables>,
  rows: readonly Tables['snapshot_row'][],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (let from = 0; from < rows.length; from += CHUNK_ROWS)
      await trx
        .insertInto('snapshot_row')
        .values(rows.slice(from, from + CHUNK_ROWS))
        .execute()
  })
}

type Which = 'incomplete' | { readonly olderThan: SnapshotTable['rows'] }

async function removeSnapshots(db: Kysely<Tables>, register: string, which: Which): Promise<void> {
  let doomed = db.selectFrom('snapshot').select('id').where('register', '=', register)
  doomed =
    which === 'incomplete'
      ? doomed.where('complete', '=', 0)
      : doomed.where('id', '<', which.olderThan)
  const ids = (await doomed.execute()).map((row) => row.id)
  // The snapshot goes before its rows: who finds it still there has read rows that were all there.
  if (ids.length > 0) await db.deleteFrom('snapshot').where('id', 'in', ids).execute()
  await removeOrphans(db)
}

/**
 * Rows whose snapshot is gone: what was just removed, but also what a removal that was cut off left, and what
 * an import went on writing that another one had overtaken. A few thousand at a time: a server's time-out
 * must not undo it all.
 */
async function removeOrphans(db: Kysely<Tables>): Promise<void> {
  for (let after = -1; ; ) {
    const rows = db.selectFrom('snapshot_row').select('snapshot').where('snapshot', '>', after)
    const next = await rows.orderBy('snapshot').limit(1).executeTakeFirst()
    if (!next) return
    after = next.snapshot
    const owner = db.selectFrom('snapshot').select('id').where('id', '=', after)
    if (!(await owner.executeTakeFirst())) await removeRows(db, after)
  }
}

async function removeRows(db: Kysely<Tables>, snapshot: number): Promise<void> {
  const rows = db.selectFrom('snapshot_row').select('key').where('snapshot', '=', snapshot)
  const some = db.deleteFrom('snapshot_row').where('snapshot', '=', snapshot)
  for (let deleted = 1n; deleted > 0n; ) {
    const done = await some.where('key', 'in', rows.limit(REMOVED_ROWS)).executeTakeFirst()
    deleted = done.numDeletedRows
  }
}
