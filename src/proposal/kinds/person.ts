import { base64url } from 'jose'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { Refusal } from '../../errors.ts'
import { PEOPLE } from '../../people/change.ts'
import { findBySubject, findPerson } from '../../people/people.ts'
import {
  personId,
  personName,
  type Registered,
  ROLE_NAMES,
  type RoleName,
  sideOf,
  subjectId,
} from '../../people/person.ts'
import { uscc } from '../../registry/documents.ts'
import type { Tables } from '../../storage/tables.ts'
import type { Kind } from '../kind.ts'
import type { Move } from '../move.ts'
import { personEffect } from './person-effect.ts'

const ID_BYTES = 16
const SALT = z.string().regex(/^[\w-]{22}$/)

const schema = z.strictObject({
  /** Of somebody who is registered; a new person gets one. */
  id: personId.optional(),
  /** Hides in the log's hash who is meant: a name could be guessed. Made anew with each edit. */
  salt: SALT.optional(),
  agency: uscc,
  issuer: subjectId,
  subject: subjectId,
  name: personName,
  /** All that he shall be at this agency; none: he leaves. */
  roles: z.array(z.enum(ROLE_NAMES)).max(ROLE_NAMES.length),
  /** What he is there now: written by us, so that whoever decides knows what is taken away. */
  was: z.array(z.enum(ROLE_NAMES)).optional(),
})

/** What somebody is at one agency; what he is at others is not touched. */
export type PersonDoc = z.infer<typeof schema>

const PROPOSERS = [
  { role: 'admin', of: 'agency' },
  { role: 'authority', of: 'authority' },
] as const
const HEAD = [{ role: 'approver', of: 'agency' }] as const
const AUTHORITY = [{ role: 'authority', of: 'authority' }] as const

/**
 * The agency's head decides on its people; the authority decides where there is none yet, and alone on who
 * watches over other agencies.
 */
const APPOINTING: readonly Move[] = [
  { verb: 'open', from: ['new'], to: 'draft', by: PROPOSERS, edits: true },
  { verb: 'edit', from: ['draft'], by: PROPOSERS, edits: true },
  { verb: 'submit', from: ['draft'], to: 'submitted', by: PROPOSERS, isChecked: true },
  { verb: 'withdraw', from: ['draft', 'submitted'], to: 'withdrawn', by: PROPOSERS },
  {
    ...{ verb: 'return', from: ['submitted'], to: 'draft', by: [...HEAD, ...AUTHORITY] },
    needsReason: true,
  },
  {
    ...{ verb: 'approve', from: ['submitted'], to: 'published', by: HEAD },
    ...{ signs: 'approver', takesEffect: true },
  },
  {
    ...{ verb: 'grant', from: ['submitted'], to: 'published', by: AUTHORITY },
    ...{ signs: 'approver', takesEffect: true },
  },
]

/** Roles that reach beyond the own agency. */
const FAR: readonly RoleName[] = ['authority', 'auditor']

export const personKind: Kind<PersonDoc> = {
  name: 'person',
  thing: () => PEOPLE,
  schema,
  moves: APPOINTING,
  place: ({ id = '', agency }) => ({ target: id, agency }),
  // People stand in no view of the registry.
  current: async ({ doc: { id = '', issuer, subject, agency } }, { db }) => {
    const person = (await findPerson(db, id)) ?? (await findBySubject(db, issuer, subject))
    return person && standing(person, agency)
  },
  prepare: async (doc, { agencies }, db) => {
    if (!agencies.has(doc.agency)) throw new Refusal('parameters', { pointers: ['/doc/agency'] })
    const known = await knownAs(db, doc)
    const side = sideFor(doc, known)
    if (side === undefined) throw new Refusal('parameters', { pointers: ['/doc/roles'] })
    const roles = ROLE_NAMES.filter((role) => doc.roles.includes(role))
    const { id = random(), issuer, subject, name } = known ?? doc
    const was = known ? standing(known, doc.agency).roles : []
    return { id, salt: random(), agency: doc.agency, issuer, subject, name, roles, was }
  },
  check: () => [],
  bar: ({ verb, signs }, { proposal, person }) => {
    if (signs && proposal.target === person) return 'own-proposal'
    const { roles, was = [] } = proposal.doc as PersonDoc
    const isFar = [...roles, ...was].some((role) => FAR.includes(role))
    return verb === 'approve' && isFar ? 'forbidden' : undefined
  },
  effect: (doc, { db, timeAt }) => personEffect(db, doc, timeAt),
}

/** In the form of a proposal's document, so that both compare. */
function standing({ id, issuer, subject, name, roles }: Registered, agency: string): PersonDoc {
  const own = roles.filter((one) => one.agency === agency).map(({ role }) => role)
  return { id, agency, issuer, subject, name, roles: ROLE_NAMES.filter((one) => own.includes(one)) }
}

/** By id or by what the provider calls him: whoever is registered keeps both, and his name. */
async function knownAs(
  db: Kysely<Tables>,
  { id, issuer, subject }: PersonDoc,
): Promise<Registered | undefined> {
  const bySubject = await findBySubject(db, issuer, subject)
  const byId = id === undefined ? undefined : await findPerson(db, id)
  if (byId && bySubject && byId.id !== bySubject.id)
    throw new Refusal('parameters', { pointers: ['/doc/subject'] })
  return byId ?? bySubject
}

/** Whoever works does not audit, here or elsewhere. Undefined: the roles do not go together. */
function sideFor({ roles, agency }: PersonDoc, known: Registered | undefined) {
  const elsewhere = known?.roles.filter((one) => one.agency !== agency) ?? []
  const sides = new Set([...roles, ...elsewhere.map(({ role }) => role)].map(sideOf))
  if (sides.size > 1) return undefined
  return [...sides][0] ?? known?.side ?? 'duty'
}

function random(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(ID_BYTES)))
}
