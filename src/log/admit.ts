import { bits64 } from '../storage/rows.ts'
import type { Act, Draft, Locked, Quota, Standing } from '../storage/store.ts'

/** Why a draft was not written: its daily quota is used up or claimed, or it would guess too much. */
export class OverLimit extends Error {
  override readonly name = 'OverLimit'
  readonly what: 'counter' | 'probe'
  readonly quota: Quota

  constructor(what: 'counter' | 'probe', quota: Quota) {
    super(`${what} is over its limit`)
    this.what = what
    this.quota = quota
  }
}

/** Something that an act was decided on has gone on since: look again, then act again. */
export class StaleRevision extends Error {
  override readonly name = 'StaleRevision'
  readonly thing: string

  constructor(thing: string) {
    super(`${thing} has gone on`)
    this.thing = thing
  }
}

/** What becomes of one draft: another record stands in its way, a limit or a later change does, or it is written. */
export type Fate =
  | { readonly is: 'taken'; readonly index: number }
  | { readonly is: 'refused'; readonly error: OverLimit | StaleRevision }
  /** `quota` as it is once this is written; `seen` for its probe. */
  | { readonly is: 'written'; readonly quota: Quota; readonly seen: string | undefined }

/**
 * Judges the drafts of one batch in their order, each after those before it. Under the head's lock, so
 * the count is true for all nodes together; pure.
 *
 * What ends an intent is not judged again: the intent claimed its place, and its guesses were counted
 * before the provider was asked.
 */
export function admit(drafts: readonly Draft[], standings: Locked['standings']): Fate[] {
  const quotas = new Map<string, Quota>()
  const probes = new Map<bigint, string>()
  const revisions = new Map<string, number>()
  return drafts.map((draft, i): Fate => {
    const { taken, quota: stored, seen: storedSeen, ...found } = standings[i] as Standing
    if (taken !== undefined) return { is: 'taken', index: taken }
    const { counter, probe, ends } = draft
    const counterId = counter && `${counter.day} ${counter.key}`
    const quota = (counterId !== undefined && quotas.get(counterId)) || stored
    if (counter && ends === undefined && quota.used + quota.claimed >= counter.limit)
      return { is: 'refused', error: new OverLimit('counter', quota) }
    const probeId = probe && bits64(probe.key)
    const seen = probe?.join((probeId !== undefined && probes.get(probeId)) || storedSeen)
    if (probe && seen === undefined) return { is: 'refused', error: new OverLimit('probe', quota) }
    const gone = draft.act && goneOn(draft.act, found.revisions, revisions)
    if (gone !== undefined) return { is: 'refused', error: new StaleRevision(gone) }
    const after = counter ? counted(quota, draft) : quota
    if (counterId !== undefined) quotas.set(counterId, after)
    if (probeId !== undefined && seen !== undefined) probes.set(probeId, seen)
    return { is: 'written', quota: after, seen }
  })
}

/** The thing that is not as it was when the act was decided on; where all are, each goes on by one. */
function goneOn(
  { things }: Act,
  stored: readonly number[],
  revisions: Map<string, number>,
): string | undefined {
  const now = things.map(({ name }, i) => revisions.get(name) ?? stored[i] ?? 0)
  const gone = things.find(({ revision }, i) => revision !== now[i])
  if (gone) return gone.name
  things.forEach(({ name }, i) => {
    revisions.set(name, (now[i] as number) + 1)
  })
  return undefined
}

function counted({ used, claimed }: Quota, { leaseUntil, ends }: Draft): Quota {
  if (leaseUntil !== undefined) return { used, claimed: claimed + 1 }
  return { used: used + 1, claimed: ends === undefined ? claimed : Math.max(0, claimed - 1) }
}
