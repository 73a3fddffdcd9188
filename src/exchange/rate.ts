import type { System } from '../registry/documents.ts'

type Bucket = { tokens: number; at: number }

/** A token bucket for each system: `perSecond` tokens a second, at most `burst`. Bounded by the registry. */
export function rateLimiter() {
  const buckets = new Map<string, Bucket>()
  return {
    /** 0 when a token was taken, else whole seconds until there is one. */
    take({ id, rate }: Pick<System, 'id' | 'rate'>, now: number): number {
      const bucket = buckets.get(id) ?? { tokens: rate.burst, at: now }
      const refill = (Math.max(0, now - bucket.at) / 1000) * rate.perSecond
      const tokens = Math.min(rate.burst, bucket.tokens + refill)
      const taken = tokens >= 1
      buckets.set(id, { tokens: taken ? tokens - 1 : tokens, at: Math.max(now, bucket.at) })
      return taken ? 0 : Math.max(1, Math.ceil((1 - tokens) / rate.perSecond))
    },
  }
}
