import type Database from 'better-sqlite3'
import type { SqlValue, SyncSql } from '../storage/sync-sql.ts'

/**
 * better-sqlite3 as the engine asks it: each text is prepared once. Transactions are IMMEDIATE: one that
 * has read cannot wait for another process that writes.
 */
export function syncSql(raw: Database.Database): SyncSql {
  const prepared = new Map<string, Database.Statement>()
  const statement = (text: string): Database.Statement => {
    const known = prepared.get(text)
    if (known) return known
    const made = raw.prepare(text)
    prepared.set(text, made)
    return made
  }
  return {
    get: (text, ...values: SqlValue[]) => statement(text).get(...values),
    all: (text, ...values: SqlValue[]) => statement(text).all(...values),
    run: (text, ...values: SqlValue[]) => void statement(text).run(...values),
    transaction: (work) => {
      statement('BEGIN IMMEDIATE').run()
      try {
        const result = work()
        statement('COMMIT').run()
        return result
      } catch (error) {
        if (raw.inTransaction) statement('ROLLBACK').run()
        throw error
      }
    },
    reading: (work) => raw.transaction(work)(),
  }
}
