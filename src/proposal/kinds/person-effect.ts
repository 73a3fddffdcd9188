import { base64url } from 'jose'
import { type Compilable, type Kysely, sql } from 'kysely'
import { sideOf } from '../../people/person.ts'
import type { Tables } from '../../storage/tables.ts'
import type { PersonDoc } from './person.ts'

const SALT_BYTES = 16

/**
 * Makes somebody at one agency what the document says. Each statement finds nothing to do, rather than
 * failing, where the people are not what they were when it was judged: a failure would take every other
 * entry of the commit along.
 */
export function personEffect(
  db: Kysely<Tables>,
  { id = '', agency, issuer, subject, name, roles }: PersonDoc,
  timeAt: number,
): Compilable[] {
  const [first] = roles
  const side = first && sideOf(first)
  const salt = base64url.encode(crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
  const row = { id, issuer, subject, name, salt, side: side ?? 'duty' } as const
  return [
    db
      .insertInto('person')
      .values({ ...row, status: 'active', created_at: timeAt })
      .onConflict((on) => on.doNothing()),
    db.deleteFrom('person_role').where('person', '=', id).where('agency', '=', agency),
    ...(side ? [sideOfNobody(db, id, side)] : []),
    ...roles.map((role) =>
      db
        .insertInto('person_role')
        .columns(['person', 'side', 'role', 'agency'])
        .expression((from) =>
          from
            .selectFrom('person')
            .select(['id', 'side', sql.lit(role).as('role'), sql.val(agency).as('agency')])
            .where('id', '=', id)
            .where('side', '=', sideOf(role)),
        )
        .onConflict((on) => on.doNothing()),
    ),
  ]
}

/** Whoever has no role left may begin on either side. */
function sideOfNobody(db: Kysely<Tables>, id: string, side: 'duty' | 'audit') {
  const held = db.selectFrom('person_role').select('person').where('person', '=', id)
  return db
    .updateTable('person')
    .set({ side })
    .where('id', '=', id)
    .where(({ not, exists }) => not(exists(held)))
}
