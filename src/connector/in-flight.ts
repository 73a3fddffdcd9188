import { ProviderFailure } from './connector.ts'

/** Requests on their way to one provider: a slow one may not hold everybody's memory and sockets. */
const PROVIDER_MAX = 64
/** Of these, one caller's: it may not take a slow provider away from the others. */
const CALLER_MAX = 16

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
      if ((running.get(provider) ?? 0) >= PROVIDER_MAX)
        throw new ProviderFailure('down', `${provider} has too many to answer`)
      if ((running.get(own) ?? 0) >= CALLER_MAX)
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
