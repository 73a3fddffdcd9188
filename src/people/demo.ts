import { base64url } from 'jose'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { personStatements } from './people.ts'
import { personId, personName, type Registered, ROLE_NAMES, sideOf, subjectId } from './person.ts'

/**
 * Who vouches for the invented people: the development identity provider, at whatever address. No provider
 * of a production gateway is called so, since its name is its https address: they cannot sign in there.
 */
export const DEMO_ISSUER = 'demo'

const SALT_BYTES = 16

const file = z.array(
  z.strictObject({
    id: personId,
    subject: subjectId,
    name: personName,
    roles: z.array(z.strictObject({ role: z.enum(ROLE_NAMES), agency: z.string() })).min(1),
  }),
)

/** The people of seed/people.json. @throws ZodError. */
export function readDemoPeople(input: unknown): readonly Registered[] {
  return file.parse(input).map((one) => ({
    ...one,
    issuer: DEMO_ISSUER,
    side: sideOf(one.roles[0]?.role ?? 'officer'),
    status: 'active',
    createdAt: 0,
  }))
}

/** Puts the invented people back to what the file says; whoever was added beside them stays. */
export async function seedPeople(
  { store, crypto, clock }: Pick<Deps, 'store' | 'crypto' | 'clock'>,
  people: readonly Registered[],
): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    for (const person of people) {
      const salt = base64url.encode(crypto.randomBytes(SALT_BYTES))
      const stored = { ...person, createdAt: clock() }
      for (const statement of personStatements(trx, stored, salt)) await trx.executeQuery(statement)
    }
  })
}
