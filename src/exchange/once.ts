import type { Outcome } from './outcome.ts'

type Running = { readonly hash: string; readonly outcome: Promise<Outcome> }

/**
 * Of several sends of one request at once, one executes and the others get its outcome (promise 6).
 * Another request under the same key waits, then meets the record that the first one left.
 */
export function onlyOnce() {
  const running = new Map<string, Running>()

  return async (name: string, hash: string, execute: () => Promise<Outcome>): Promise<Outcome> => {
    for (let before = running.get(name); before; before = running.get(name)) {
      if (before.hash === hash) return before.outcome
      await before.outcome.catch(() => undefined)
    }
    const outcome = execute().finally(() => running.delete(name))
    running.set(name, { hash, outcome })
    return outcome
  }
}
