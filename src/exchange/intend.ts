import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { leafText, parseLeaf } from '../log/entry.ts'
import type { Store } from '../storage/store.ts'
import type { Grant } from './authorize.ts'
import type { Uses } from './limits.ts'
import { type Progress, record } from './record.ts'

/** Longer than any provider may take (connector/http), shorter than a caller's patience. */
const LEASE_MILLIS = 60_000

/**
 * Says, durably, that a provider's machine is about to be asked, and claims the request: whoever meets
 * the claim waits for its end or, when the lease is over, closes it. So no provider is asked without a
 * trace, and none by two nodes at once (promises 1 and 6). A crash after this leaves an orphan: the
 * provider may or may not have been asked, which is what its `interrupted` entry will say.
 *
 * The intent also claims the daily quota and counts the guesses: both hold while the provider thinks.
 *
 * @throws LogUnavailable; OverLimit; EndedElsewhere.
 */
export async function intend(
  deps: Pick<Deps, 'crypto' | 'log' | 'clock'>,
  progress: Progress,
  { grant, uses }: { grant: Grant; uses: Uses },
): Promise<number> {
  const leaf = { kind: 'intent', agreement: grant.agreement.id } as const
  const more = { ...uses.draft, leaseUntil: deps.clock() + LEASE_MILLIS }
  const { index } = await record(deps, progress, { leaf, more, claimsJti: true })
  progress.intent = index
  return index
}

/** Until when an intent of this time claims its request, in epoch milliseconds. */
export function leaseOf(time: string): number {
  return Date.parse(time) + LEASE_MILLIS
}

/**
 * Ends an orphan that its own retry has met. The retry is then judged from the start and may ask again:
 * a provider is idempotent by the request's hash.
 *
 * @throws Refusal `in-progress` while the lease holds; LogUnavailable.
 */
export async function interrupt(
  log: Pick<Deps['log'], 'append'>,
  { index, leaf }: { readonly index: number; readonly leaf: string },
  now: number,
): Promise<void> {
  const { time, caller } = parseLeaf(leaf)
  const leaseUntil = leaseOf(time)
  if (now <= leaseUntil) {
    const retryAfterSeconds = Math.ceil((leaseUntil - now + 1) / 1000)
    throw new Refusal('in-progress', { retryAfterSeconds })
  }
  await close(log, index, caller)
}

/**
 * Closes what was cut off: at the start of a node that alone holds the store, every open intent; later
 * and elsewhere, those whose lease is over. @returns how many.
 *
 * @throws LogUnavailable where the log cannot be written: the next sweep goes on.
 */
export async function closeOrphans(
  { store, log, report }: Pick<Deps, 'log' | 'report'> & { store: Store },
  before: number,
): Promise<number> {
  let closed = 0
  for (;;) {
    const open = await store.openIntents(before)
    if (open.length === 0) break
    for (const index of open) {
      const leaf = await store.readLeaf(index)
      await close(log, index, leaf === undefined ? undefined : parseLeaf(leaf).caller)
      closed += 1
    }
  }
  if (closed > 0) report('intents-interrupted', { closed })
  return closed
}

async function close(
  log: Pick<Deps['log'], 'append'>,
  intent: number,
  caller: string | undefined,
): Promise<void> {
  const fields = { kind: 'interrupted' as const, intent, ...(caller ? { caller } : {}) }
  await log.append({ leaf: (time) => leafText(fields, time), ends: intent })
}
