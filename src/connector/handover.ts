import type { Log } from '../log/append.ts'
import { recordChange } from '../log/change.ts'
import type { Register } from '../registry/documents.ts'
import type { Store } from '../storage/store.ts'
import { type SourceRow, stageSnapshot, switchSnapshot } from './import.ts'

/** A register's rows as they are read, once. */
export type RowSource = {
  readonly rows: AsyncIterable<SourceRow> | Iterable<SourceRow>
  /** base64url SHA-256 of the bytes as they were read; only once all rows were. */
  digest(): string
}

export type HandedOver = {
  readonly rows: number
  readonly version: string
  /** Where it was recorded. */
  readonly entry: number
}

/**
 * Takes a register over from its provider, all or nothing: staged beside the snapshot that answers,
 * recorded, then switched. A crash on the way leaves the old snapshot answering.
 *
 * @param asOf when the data was true, in epoch milliseconds
 * @throws ImportError; LogUnavailable; whatever reading the rows throws. Then nothing was switched.
 */
export async function handOver(
  { log, store }: { readonly log: Pick<Log, 'append'>; readonly store: Pick<Store, 'db'> },
  register: Register,
  {
    source,
    asOf,
    onProgress,
  }: {
    readonly source: RowSource
    readonly asOf: number
    readonly onProgress?: (rows: number) => void
  },
): Promise<HandedOver> {
  const version = new Date(asOf).toISOString()
  const options = { register, asOf, version, ...(onProgress ? { onProgress } : {}) }
  const staged = await stageSnapshot(store.db, source.rows, options)
  const change = { what: 'snapshot', id: register.id, hash: source.digest() }
  const entry = await recordChange(log, change)
  await switchSnapshot(store.db, register.id, staged)
  return { rows: staged.rows, version, entry }
}
