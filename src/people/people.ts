import type { CompiledQuery, Kysely } from 'kysely'
import type { PersonTable, Tables } from '../storage/tables.ts'
import type { Person, Registered, Role } from './person.ts'

type Db = Kysely<Tables>

/** Undefined for an id that nobody has. */
export async function findPerson(db: Db, id: string): Promise<Registered | undefined> {
  const row = await db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()
  return row && registered(row, await rolesOf(db, id))
}

/** Whom an identity provider means; undefined: nobody was registered for it. */
export async function findBySubject(
  db: Db,
  issuer: string,
  subject: string,
): Promise<Registered | undefined> {
  const named = db.selectFrom('person').selectAll().where('issuer', '=', issuer)
  const row = await named.where('subject', '=', subject).executeTakeFirst()
  return row && registered(row, await rolesOf(db, row.id))
}

/** Everybody, by name; with an agency those who have a role there. */
export async function listPeople(db: Db, agency?: string): Promise<readonly Registered[]> {
  const rows = await db.selectFrom('person').selectAll().orderBy('name').orderBy('id').execute()
  const roles = await db
    .selectFrom('person_role')
    .selectAll()
    .orderBy('agency')
    .orderBy('role')
    .execute()
  const of = Map.groupBy(roles, ({ person }) => person)
  return rows
    .map((row) => registered(row, (of.get(row.id) ?? []) as readonly Role[]))
    .filter((one) => agency === undefined || one.roles.some((role) => role.agency === agency))
}

/** Of the persons who are registered, by their ids. */
export async function namesOf(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const known = db.selectFrom('person').select(['id', 'name'])
  const rows = await known.where('id', 'in', [...new Set(ids)]).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** A person's roles as they are stored: the table's own check says which names there are. */
export async function rolesOf(db: Db, person: string): Promise<readonly Role[]> {
  const rows = await db
    .selectFrom('person_role')
    .select(['role', 'agency'])
    .where('person', '=', person)
    .orderBy('agency')
    .orderBy('role')
    .execute()
  return rows as readonly Role[]
}

function registered(row: PersonTable, roles: readonly Role[]): Registered {
  const { id, issuer, subject, name, side, status, created_at: createdAt } = row
  const own = roles.map(({ role, agency }): Role => ({ role, agency }))
  return {
    ...{ id, issuer, subject, name, createdAt, roles: own },
    side: side as Person['side'],
    status: status as Registered['status'],
  }
}

/**
 * The statements that make the stored person this one, for a commit together with the entry that says so.
 * Whoever is suspended has no session from then on.
 *
 * @param salt of a person who is new; it never changes afterwards
 */
export function personStatements(db: Db, person: Registered, salt: string): CompiledQuery[] {
  const { id, issuer, subject, name, side, status, createdAt, roles } = person
  const row = { id, issuer, subject, name, salt, side, status, created_at: createdAt }
  const gone = status === 'suspended' ? [allSessionsOf(db, id).compile()] : []
  return [
    // Its roles first: they name the side.
    db.deleteFrom('person_role').where('person', '=', id).compile(),
    db
      .insertInto('person')
      .values(row)
      .onConflict((on) => on.column('id').doUpdateSet({ issuer, subject, name, side, status }))
      .compile(),
    ...roles.map(({ role, agency }) =>
      db.insertInto('person_role').values({ person: id, side, role, agency }).compile(),
    ),
    ...gone,
  ]
}

/** The statement that ends every session of a person. */
export function allSessionsOf(db: Db, person: string) {
  return db.deleteFrom('session').where('person', '=', person)
}
