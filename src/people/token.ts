import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { personName } from './person.ts'
import { beginSession, LIFE_HOURS_MAX, type Session, type Visitor } from './session.ts'

/** A token for one's own programs: what it is for, and for how long. */
export const tokenSchema = z.strictObject({
  name: personName,
  hours: z.int().min(1).max(LIFE_HOURS_MAX).default(LIFE_HOURS_MAX),
})

/**
 * Makes a token of a person who sits in front of a browser: a token that made tokens would live for ever.
 *
 * @returns the secret, which is shown once and kept nowhere.
 */
export function makeToken(
  { store, crypto, clock }: Pick<Deps, 'store' | 'crypto' | 'clock'>,
  { person }: Visitor,
  { name, hours }: z.infer<typeof tokenSchema>,
): Promise<{ readonly secret: string; readonly session: Session }> {
  return beginSession(
    { db: store.db, crypto },
    {
      ...{ person: person.id, hours, agent: name },
      ...{ kind: 'token', how: 'token', steppedUpAt: null },
    },
    { now: clock() },
  )
}
