import { ProviderFailure } from './connector.ts'

/** Requests on their way to one provider: a slow one may not hold everybody's memory and sockets. */
const PROVIDER_MAX = 128
/**
 * A caller may hold so many times what is free: one that is alone gets 96 places, and a few
 * of them never take all (dynamic thresholds, as switches share their buffers).
 */
const TIMES_FREE = 3

/**
 * Counts who is waiting for which provider, in this process. `enter` gives what to call at the end.
 *
 * @throws ProviderFailure `down` where the provider's places, or the caller's share of them, are taken.
 */
export function inFlight(): { enter(provider: string, caller: string): () => void } {
  const running = new Map<string, number>()
  const add = (key: string, by: number) => {
    const count = (running.get(key) ?? 0) + by
    if (count === 0) running.delete(key)
    else running.set(key, count)
  }
  return {
    enter: (provider, caller) => {
      // Ids of systems hold no space.
      const own = `${provider} ${caller}`
      const free = PROVIDER_MAX - (running.get(provider) ?? 0)
      if (free <= 0) throw new ProviderFailure('down', `${provider} has too many to answer`)
      if ((running.get(own) ?? 0) >= TIMES_FREE * free)
        throw new ProviderFailure('down', `${provider} has too many of ${caller}'s to answer`)
      add(provider, 1)
      add(own, 1)
      return () => {
        add(provider, -1)
        add(own, -1)
      }
    },
  }
}
