export type SqlValue = string | number | bigint | Uint8Array | null

/**
 * SQLite, asked synchronously: what the embedded engines have in common. Integers beyond 2^53 are bound
 * (as bigint) but never read back; blobs come back as Uint8Array.
 */
export type SyncSql = {
  get(text: string, ...values: readonly SqlValue[]): unknown
  all(text: string, ...values: readonly SqlValue[]): unknown[]
  run(text: string, ...values: readonly SqlValue[]): void
  /** All of it, durable when it returns, or nothing when `work` throws; no other writer comes between. */
  transaction<T>(work: () => T): T
  /** One state of the database for all that `work` reads. */
  reading<T>(work: () => T): T
}
