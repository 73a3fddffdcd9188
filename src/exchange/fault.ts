import { CalendarNotLoaded } from '../calendar/calendar-error.ts'
import { faultOf, Refusal } from '../errors.ts'
import { LogUnavailable } from '../log/unavailable.ts'
import { StoreUnavailable } from '../storage/store.ts'
import { EndedElsewhere } from './record.ts'

/**
 * What was thrown, as a refusal of the closed table. Log or database away: nothing is known to have
 * happened, so the same request may be sent again (promise 1). Any other fault is no caller's business:
 * it is reported inside and refused as `internal`.
 */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const isAway = error instanceof LogUnavailable || error instanceof StoreUnavailable
  if (isAway || error instanceof EndedElsewhere)
    return new Refusal('log-unavailable', { retryAfterSeconds: 1, internal: String(error) })
  if (error instanceof CalendarNotLoaded) return new Refusal('no-calendar', { year: error.year })
  return new Refusal('internal', { internal: faultOf(error) })
}
