import type { Deps } from '../deps.ts'
import { Refusal, UNRECORDED } from '../errors.ts'
import type { Outcome } from './outcome.ts'
import type { Progress } from './record.ts'
import { sealRefusal } from './seal.ts'

/** Repeats of `rate` are counted this long before they are recorded and released together. */
const COUNTING_MILLIS = 1000

type Counting = { count: number; readonly outcome: Promise<Outcome> }

/**
 * Every refusal of a known caller is signed, recorded, then released. A flood is the exception in
 * form only: past a system's refusal budget all become `rate`, and those of one second are counted in
 * one entry, released to all of them once it is durable. So a caller can neither fill the log with
 * its own refusals nor get one that is not on record.
 */
export function refuse(deps: Deps) {
  const counting = new Map<string, Counting>()

  function countRate(progress: Progress, refusal: Refusal, now: number): Promise<Outcome> {
    const { id } = progress.principal.system
    progress.arrived()
    const current = counting.get(id)
    if (current) {
      current.count += 1
      return current.outcome
    }
    const outcome = new Promise((resolve) => setTimeout(resolve, COUNTING_MILLIS)).then(() => {
      counting.delete(id)
      return sealRefusal(deps, bare(progress), { refusal, now, count: started.count })
    })
    const started: Counting = { count: 1, outcome }
    counting.set(id, started)
    return outcome
  }

  return async (progress: Progress, refusal: Refusal, now: number): Promise<Outcome> => {
    const { internal } = refusal.more
    if (internal) deps.report('refused', { code: refusal.code, internal, ...named(progress.trace) })
    if (UNRECORDED.includes(refusal.code)) throw refusal
    // An intent must be ended by what became of it; the rate of requests bounds how many there are.
    if (progress.intent !== undefined) return sealRefusal(deps, progress, { refusal, now })
    const isFlood = !(await deps.limits.admitRefusal(progress.principal.system, now))
    if (isFlood) return countRate(progress, new Refusal('rate', { retryAfterSeconds: 1 }), now)
    if (refusal.code === 'rate') return countRate(progress, refusal, now)
    return sealRefusal(deps, progress, { refusal, now })
  }
}

/** The trace that an operator's line belongs to. */
function named(trace: Progress['trace']): { readonly trace?: string } {
  return trace ? { trace: trace().id } : {}
}

/** An entry that stands for several requests says nothing about any one of them. */
function bare({ principal, key, arrived }: Progress): Progress {
  return { principal, key, arrived }
}
