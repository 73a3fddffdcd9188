import type { SqlValue, SyncSql } from '../storage/sync-sql.ts'
import type { DurableStorage } from './durable-storage.ts'

/**
 * A Durable Object's SQLite as the engine asks it. What a transaction wrote is durable before anything
 * leaves the object: the runtime holds back every reply and every call until the write is confirmed
 * (the output gate), and starts the object anew where it cannot be.
 */
export function durableSql(storage: DurableStorage): SyncSql {
  const all = (text: string, ...values: readonly SqlValue[]) => runSql(storage, text, values)
  return {
    get: (text, ...values) => all(text, ...values)[0],
    all,
    run: (text, ...values) => void all(text, ...values),
    transaction: (work) => storage.transactionSync(work),
    // One thread, and nothing waits within `work`: nobody writes between its statements.
    reading: (work) => work(),
  }
}

/** Runs one statement to its end. */
export function runSql(
  { sql }: Pick<DurableStorage, 'sql'>,
  text: string,
  values: readonly unknown[],
): Record<string, unknown>[] {
  const rows = sql.exec(text, ...values.map(bound)).toArray()
  for (const row of rows)
    for (const [column, value] of Object.entries(row))
      if (value instanceof ArrayBuffer) row[column] = new Uint8Array(value)
  return rows
}

/** No bigint is bound here; its decimal text in an INTEGER column is the same 64 bits (sqlite.org/datatype3 §3). */
function bound(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
