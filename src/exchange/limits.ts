import { secondsToMidnight } from '../calendar/day.ts'
import type { SyncCrypto } from '../crypto.ts'
import { Refusal } from '../errors.ts'
import type { OverLimit } from '../log/admit.ts'
import type { System } from '../registry/documents.ts'
import type { Draft, Quota, Store } from '../storage/store.ts'
import type { Grant } from './authorize.ts'
import { probeOf } from './probing.ts'
import { rateLimiter } from './rate.ts'

/** What stays of a daily quota, for the RateLimit header. */
export type QuotaState = {
  readonly limit: number
  readonly remaining: number
  readonly resetSeconds: number
}

/** What a request takes of the limits. */
export type Uses = {
  /**
   * For the draft of the intent where the provider is remote, else of the answer: the commit that carries
   * it decides, for all nodes together, so a crash neither loses nor invents a use.
   */
  readonly draft: {
    readonly counter: NonNullable<Draft['counter']>
    readonly probe?: NonNullable<Draft['probe']>
  }
  /** What stays after that commit. */
  remaining(quota: Quota | undefined): QuotaState
}

export type Limits = {
  /** Check 15, as far as it can be judged before anything is written. @throws Refusal `rate`, `quota`, `probing`. */
  admit(grant: Grant, subject: string, now: number): Promise<Uses>
  /** The refusal of a draft that its commit found over a limit. */
  refusalOf(over: OverLimit, grant: Grant | undefined, now: number): Refusal
  /** Takes from the budget of refusals. False: this one is counted together with its like. */
  admitRefusal(system: System, now: number): Promise<boolean>
}

type Needs = {
  readonly store: Pick<Store, 'readProbe' | 'forgetProbes' | 'shared'>
  readonly crypto: Pick<SyncCrypto, 'sha256' | 'digest'>
}

const FORGET_PAUSE_MILLIS = 50

/** Rates, and a memory of quotas that are used up, so that a flood beyond one costs no answers. */
export function createLimits({ store, crypto }: Needs): Limits {
  /** At least so many uses are committed: never too many, since uses are not given back. */
  const used = new Map<string, number>()
  const requests = rateLimiter('request', store.shared)
  const refusals = rateLimiter('refusal', store.shared)
  let today = ''

  function noteUsed(agreement: string, day: string, quota: Quota | undefined): void {
    if (day !== today) beginDay(day)
    const known = used.get(`${day} ${agreement}`) ?? 0
    if (quota && quota.used > known) used.set(`${day} ${agreement}`, quota.used)
  }

  /** Yesterday's counts and guesses go, a few at a time so that requests go on meanwhile. */
  function beginDay(day: string): void {
    today = day
    used.clear()
    void forgetProbes(day)
  }

  async function forgetProbes(day: string): Promise<void> {
    while ((await store.forgetProbes(day).catch(() => 0)) > 0)
      await new Promise((resolve) => setTimeout(resolve, FORGET_PAUSE_MILLIS))
  }

  return {
    admitRefusal: async (system, now) => (await refusals.take(system, now)) === 0,
    refusalOf: ({ what, quota }, grant, now) => {
      if (what === 'counter' && grant) noteUsed(grant.agreement.id, grant.day, quota)
      const retryAfterSeconds = secondsToMidnight(now)
      return new Refusal(what === 'counter' ? 'quota' : 'probing', { retryAfterSeconds })
    },
    admit: async (grant, subject, now) => {
      const { agreement, day, request } = grant
      const retryAfterSeconds = await requests.take(request.principal.system, now)
      if (retryAfterSeconds > 0) throw new Refusal('rate', { retryAfterSeconds })
      const resetSeconds = secondsToMidnight(now)
      const limit = agreement.dailyQuota
      if ((used.get(`${day} ${agreement.id}`) ?? 0) >= limit)
        throw new Refusal('quota', { retryAfterSeconds: resetSeconds })
      const probe = probeOf(crypto, grant, subject)
      if (probe && probe.join((await store.readProbe(probe.key)) ?? '') === undefined)
        throw new Refusal('probing', { retryAfterSeconds: resetSeconds })
      const counter = { key: agreement.id, day, limit }
      return {
        draft: probe ? { counter, probe } : { counter },
        remaining: (quota) => {
          noteUsed(agreement.id, day, quota)
          const taken = quota ? quota.used + quota.claimed : limit
          return { limit, remaining: Math.max(0, limit - taken), resetSeconds }
        },
      }
    },
  }
}
