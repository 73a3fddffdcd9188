import type { Store } from '../storage/store.ts'
import { LogUnavailable } from './unavailable.ts'

/** How far the clocks of a gateway and of the database it shares may be apart. */
const ASTRAY_MILLIS = 5000

/**
 * Whoever signs must not have a clock of his own: leaf times never decrease, so one node an hour ahead
 * would drag the log's time along for all of them, and leases would mean nothing.
 */
export function mustAgree(own: number, shared: number | undefined): void {
  const offset = own - (shared ?? own)
  if (Math.abs(offset) > ASTRAY_MILLIS)
    throw new LogUnavailable(`the clock is ${offset} ms away from the database's`)
}

/** Asks the store that nodes share, if they do. @throws LogUnavailable where the clocks are apart. */
export async function agreeOnTime({ shared }: Pick<Store, 'shared'>, clock: () => number) {
  if (shared) mustAgree(clock(), await shared.now())
}
