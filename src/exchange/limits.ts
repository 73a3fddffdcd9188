import type { SyncCrypto } from '../crypto.ts'
import { Refusal } from '../errors.ts'
import type { System } from '../registry/documents.ts'
import type { Draft, Store } from '../storage/store.ts'
import type { Grant } from './authorize.ts'
import { secondsToMidnight } from './day.ts'
import { probing } from './probing.ts'
import { rateLimiter } from './rate.ts'

/** What stays of a daily quota, for the RateLimit header. */
export type QuotaState = {
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/**
 * A place in the limits, held while the request is on its way. It is used up by the commit that
 * carries `draft`; `release` gives it back otherwise, and must be called exactly once, with undefined
 * where nobody can tell whether that commit happened.
 */
export type Reservation = {
  readonly draft: Pick<Draft, 'counter' | 'probe'>
  readonly quota: QuotaState
  release(used: boolean | undefined): void
}

export type Limits = {
  /** Check 15. @throws Refusal `rate`, `probing` or `quota`, each with Retry-After. */
  reserve(grant: Grant, subject: string, now: number): Promise<Reservation>
  /** Takes from the budget of refusals. False: this one is counted together with its like. */
  admitRefusal(system: System, now: number): boolean
}

type Needs = {
  readonly store: Pick<Store, 'readCounter' | 'readProbe' | 'forgetProbes'>
  readonly crypto: Pick<SyncCrypto, 'sha256' | 'digest'>
}

/** `settling`: the store is being asked what was used, after a commit of unknown outcome. */
type Usage = { used: number; reserved: number; isDoubtful: boolean; settling?: Promise<void> }

/**
 * The limits of one process. Reservations live in memory and make concurrent requests count truthfully;
 * what was used is persisted in the commit of the answer itself, so a crash neither loses nor invents a use.
 */
export function createLimits({ store, crypto }: Needs): Limits {
  const usage = new Map<string, Promise<Usage>>()
  const requests = rateLimiter()
  const refusals = rateLimiter()
  const probes = probing({ store, crypto })
  let days: readonly [string, string] = ['none', 'none']

  /**
   * Yesterday's guesses go when a new day begins. Its counts stay in memory until the day after, for
   * requests on their way over midnight, or a clock that is set back a little.
   */
  function forget(day: string): void {
    if (days[0] === day || days[1] === day) return
    days = [day, days[0]]
    for (const old of usage.keys())
      if (!days.some((kept) => old.startsWith(kept))) usage.delete(old)
    void probes.forget(day)
  }

  function usageOf(agreement: string, day: string): Promise<Usage> {
    const key = `${day} ${agreement}`
    let found = usage.get(key)
    if (!found) {
      forget(day)
      found = store.readCounter(agreement, day).then((used) => ({
        used,
        reserved: 0,
        isDoubtful: false,
      }))
      found.catch(() => usage.delete(key))
      usage.set(key, found)
    }
    return found
  }

  /** Counted as used while in doubt, so that nobody gets too many; corrected when none is on its way. */
  function settle(current: Usage, agreement: string, day: string): void {
    if (!current.isDoubtful || current.reserved > 0) return
    const correct = (used: number): void => {
      if (current.reserved > 0) return
      current.used = used
      current.isDoubtful = false
    }
    current.settling = store.readCounter(agreement, day).then(correct, () => undefined)
  }

  return {
    admitRefusal: (system, now) => refusals.take(system, now) === 0,
    reserve: async (grant, subject, now) => {
      const { agreement, day, request } = grant
      const wait = requests.take(request.principal.system, now)
      if (wait > 0) throw new Refusal('rate', { retryAfterSeconds: wait })
      const current = await usageOf(agreement.id, day)
      await current.settling
      const resetSeconds = secondsToMidnight(now)
      const free = () => agreement.dailyQuota - current.used - current.reserved
      if (free() <= 0) throw new Refusal('quota', { retryAfterSeconds: resetSeconds })
      current.reserved += 1
      try {
        const probe = await probes.note(grant, subject, resetSeconds)
        return {
          draft: { counter: { key: agreement.id, day }, ...(probe ? { probe: probe.draft } : {}) },
          quota: { limit: agreement.dailyQuota, remaining: free(), resetSeconds },
          release: (used) => {
            current.reserved -= 1
            if (used !== false) current.used += 1
            if (used === undefined) current.isDoubtful = true
            settle(current, agreement.id, day)
            probe?.release()
          },
        }
      } catch (error) {
        current.reserved -= 1
        throw error
      }
    },
  }
}
