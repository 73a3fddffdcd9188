import { base64url } from 'jose'
import type { Deps } from '../deps.ts'
import { leafText } from '../log/entry.ts'
import { canonicalJson } from '../log/leaf.ts'
import { readRevision } from '../storage/revision.ts'
import { findBySubject, findPerson, personStatements } from './people.ts'
import { type Registered, type Role, type RoleName, sideOf } from './person.ts'

type Needs = Pick<Deps, 'store' | 'log' | 'crypto' | 'clock'>

/** What all changes of people are decided on, one after the other: they are few. */
export const PEOPLE = 'people'

const SALT_BYTES = 16
const ID_BYTES = 16
const ROLES_MAX = 50

export type PersonErrorCode = 'unknown' | 'known' | 'side' | 'has' | 'lacks' | 'already' | 'full'

/** A change of people that may not be made; nothing was recorded or written. */
class PersonError extends Error {
  override readonly name = 'PersonError'
  readonly code: PersonErrorCode

  constructor(code: PersonErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** `entry`: the number of the log entry that says so. */
export type PersonChanged = { readonly person: Registered; readonly entry: number }

export type NewPerson = Pick<Registered, 'issuer' | 'subject' | 'name'> & {
  readonly roles: readonly [Role, ...Role[]]
}

/**
 * Registers somebody with the roles that he begins with; they decide his side.
 *
 * @throws PersonError `known`, `side`, `full`; StaleRevision, LogUnavailable: nothing was written.
 */
export async function addPerson(deps: Needs, wanted: NewPerson): Promise<PersonChanged> {
  const { db } = deps.store
  const revision = await readRevision(deps.store.db, PEOPLE)
  const { issuer, subject, name, roles } = wanted
  if (await findBySubject(db, issuer, subject))
    throw new PersonError('known', 'this issuer and subject are registered already')
  const side = sideOf(roles[0].role)
  const person: Registered = {
    ...{ id: randomText(deps, ID_BYTES), issuer, subject, name, side, roles },
    status: 'active',
    createdAt: deps.clock(),
  }
  mustFit(person)
  return write(deps, { what: 'add', person, salt: randomText(deps, SALT_BYTES), revision })
}

/** @throws PersonError `unknown`, `already`; StaleRevision, LogUnavailable: nothing was written. */
export async function setStatus(
  deps: Needs,
  id: string,
  status: Registered['status'],
): Promise<PersonChanged> {
  return alter(deps, id, (person) => {
    if (person.status === status) throw new PersonError('already', `${id} is ${status}`)
    return { what: status === 'suspended' ? 'suspend' : 'resume', person: { ...person, status } }
  })
}

/** @throws PersonError `unknown`, `has`, `side`, `full`; StaleRevision, LogUnavailable: nothing was written. */
export async function giveRole(deps: Needs, id: string, role: Role): Promise<PersonChanged> {
  return alter(deps, id, (person) => {
    if (person.roles.some((one) => isSame(one, role)))
      throw new PersonError('has', `${id} is ${role.role} of ${role.agency}`)
    // Whoever has no role left may begin on either side.
    const side = person.roles.length === 0 ? sideOf(role.role) : person.side
    const changed = { ...person, side, roles: [...person.roles, role] }
    mustFit(changed)
    return { what: 'give', person: changed }
  })
}

/** @throws PersonError `unknown`, `lacks`; StaleRevision, LogUnavailable: nothing was written. */
export async function takeRole(deps: Needs, id: string, role: Role): Promise<PersonChanged> {
  return alter(deps, id, (person) => {
    const roles = person.roles.filter((one) => !isSame(one, role))
    if (roles.length === person.roles.length)
      throw new PersonError('lacks', `${id} is not ${role.role} of ${role.agency}`)
    return { what: 'take', person: { ...person, roles } }
  })
}

type Altered = { readonly what: string; readonly person: Registered }

async function alter(
  deps: Needs,
  id: string,
  judge: (person: Registered) => Altered,
): Promise<PersonChanged> {
  const revision = await readRevision(deps.store.db, PEOPLE)
  const person = await findPerson(deps.store.db, id)
  if (!person) throw new PersonError('unknown', `there is no person ${id}`)
  return write(deps, { ...judge(person), salt: await saltOf(deps, id), revision })
}

/** The entry and the change in one commit, or neither. */
async function write(
  { store, log, crypto }: Needs,
  { what, person, salt, revision }: Altered & { readonly salt: string; readonly revision: number },
): Promise<PersonChanged> {
  const hash = crypto.digest(canonicalJson({ salt, person: { ...person } }))
  const change = { what: 'person', id: `${person.id}/${what}`, hash }
  const { index } = await log.append({
    leaf: (time) => leafText({ kind: 'registry', change }, time),
    act: {
      things: [{ name: PEOPLE, revision }],
      writes: () => personStatements(store.db, person, salt),
    },
  })
  return { person, entry: index }
}

/** @throws PersonError `side`, `full`. */
function mustFit({ roles, side }: Registered): void {
  const sides = new Set(roles.map(({ role }: { role: RoleName }) => sideOf(role)))
  if (sides.size > 1 || !sides.has(side))
    throw new PersonError('side', 'whoever audits has no other role, and the other way round')
  if (roles.length > ROLES_MAX) throw new PersonError('full', `more than ${ROLES_MAX} roles`)
}

function isSame(one: Role, other: Role): boolean {
  return one.role === other.role && one.agency === other.agency
}

async function saltOf({ store }: Needs, id: string): Promise<string> {
  const row = store.db.selectFrom('person').select('salt').where('id', '=', id)
  return (await row.executeTakeFirstOrThrow()).salt
}

function randomText({ crypto }: Needs, bytes: number): string {
  return base64url.encode(crypto.randomBytes(bytes))
}
