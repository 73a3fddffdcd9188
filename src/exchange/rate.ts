import type { System } from '../registry/documents.ts'
import type { Rate, Shared } from '../storage/store.ts'

type Limited = Pick<System, 'id' | 'rate'>

export type RateLimiter = {
  /** 0 when a token was taken, else whole seconds until there may be one. */
  take(system: Limited, now: number): number | Promise<number>
}

/**
 * A token bucket for each system: `perSecond` tokens a second, at most `burst`. Bounded by the registry.
 * Where nodes share a store they share the buckets too.
 *
 * @param name what the tokens are for: requests, refusals
 */
export function rateLimiter(name: string, shared: Shared | undefined): RateLimiter {
  return shared ? sharedBuckets(name, shared) : ownBuckets()
}

type Bucket = { tokens: number; at: number }

function ownBuckets(): RateLimiter {
  const buckets = new Map<string, Bucket>()
  return {
    take: ({ id, rate }, now) => {
      const bucket = buckets.get(id) ?? { tokens: rate.burst, at: now }
      const refill = (Math.max(0, now - bucket.at) / 1000) * rate.perSecond
      const tokens = Math.min(rate.burst, bucket.tokens + refill)
      const taken = tokens >= 1
      buckets.set(id, { tokens: taken ? tokens - 1 : tokens, at: Math.max(now, bucket.at) })
      return taken ? 0 : secondsUntil(1 - tokens, rate)
    },
  }
}

const PURSE_MILLIS = 1000
const PURSES_A_SECOND = 10

/** Tokens that this node took out for the next moment; what it does not spend lapses. */
type Purse = { tokens: number; until: number; filling?: Promise<number> | undefined }

/**
 * A tenth of a second's tokens at a time: the sum over all nodes is exact. While a bucket has tokens a node
 * asks about ten times a second; where it is empty, once for each request that it refuses.
 */
function sharedBuckets(name: string, shared: Shared): RateLimiter {
  const purses = new Map<string, Purse>()

  async function fill(purse: Purse, { id, rate }: Limited, now: number): Promise<number> {
    const want = Math.max(1, Math.ceil(rate.perSecond / PURSES_A_SECOND))
    const granted = await shared.borrow(`${name} ${id}`, rate, want)
    purse.tokens = granted
    purse.until = now + PURSE_MILLIS
    return granted
  }

  return {
    take: async (system, now) => {
      const { id, rate } = system
      const purse = purses.get(id) ?? { tokens: 0, until: now }
      purses.set(id, purse)
      if (now >= purse.until) purse.tokens = 0
      // Whoever waited for a filling may find it spent by those before him.
      while (purse.tokens < 1) {
        const isMine = purse.filling === undefined
        purse.filling ??= fill(purse, system, now).finally(() => {
          purse.filling = undefined
        })
        const granted = await purse.filling
        // Not by what is left: where this node stood still, the purse may have lapsed again by now.
        if (isMine && granted < 1) return secondsUntil(1, rate)
      }
      purse.tokens -= 1
      return 0
    },
  }
}

function secondsUntil(tokens: number, { perSecond }: Rate): number {
  return Math.max(1, Math.ceil(tokens / perSecond))
}
