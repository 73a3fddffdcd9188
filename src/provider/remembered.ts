/**
 * The statements that were given, by request hash. A provider keeps them at least as long as it takes the
 * request in a forward (its exp + 90 s), better a day, beside the register and durably: without it, a
 * repeat after a restart is answered anew, from what the register says then.
 */
export type Remembered = {
  get(requestHash: string): Promise<string | undefined>
  /** Resolves when the statement is kept; only then does it leave. */
  put(requestHash: string, statement: string): Promise<void>
}

const KEPT_MAX = 10_000

/** In memory: for demonstrations and tests. The oldest are forgotten first. */
export function inMemory(max = KEPT_MAX): Remembered {
  const kept = new Map<string, string>()
  return {
    get: async (requestHash) => kept.get(requestHash),
    put: async (requestHash, statement) => {
      const [oldest] = kept.keys()
      if (kept.size >= max && oldest !== undefined) kept.delete(oldest)
      kept.set(requestHash, statement)
    },
  }
}
