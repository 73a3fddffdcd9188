/**
 * What is used of a Durable Object's storage. Written down here because the runtime's own types
 * declare a world (Request, Response, crypto) beside the one that the rest of the code is checked in.
 */
export type DurableStorage = {
  readonly sql: {
    exec(text: string, ...values: readonly unknown[]): { toArray(): Record<string, unknown>[] }
  }
  /** All of it or, where `work` throws, nothing. */
  transactionSync<T>(work: () => T): T
  /** The same for `work` that waits; no event is delivered to the object meanwhile. */
  transaction<T>(work: (open: { rollback(): void }) => Promise<T>): Promise<T>
  /** Epoch milliseconds; one alarm at most. */
  getAlarm(): Promise<number | null>
  setAlarm(at: number): Promise<void>
}

export type DurableState = { readonly storage: DurableStorage }

/** An optional R2 bucket. */
export type Bucket = {
  get(key: string): Promise<{ text(): Promise<string> } | null>
  put(key: string, value: string): Promise<unknown>
}
