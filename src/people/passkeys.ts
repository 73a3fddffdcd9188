import { base64url } from 'jose'
import type { CompiledQuery } from 'kysely'
import type { Deps } from '../deps.ts'
import { leafText } from '../log/entry.ts'
import { readRevision } from '../storage/revision.ts'
import type { PasskeyTable } from '../storage/tables.ts'
import { PEOPLE } from './change.ts'
import type { Visitor } from './session.ts'
import { type Beginning, SignInError } from './sign-in.ts'
import {
  type Begun,
  type Brought,
  beginChallenge,
  created,
  type PasskeyNeeds,
  readAnswer,
  refused,
  relyingParty,
  takeChallenge,
} from './webauthn.ts'

/** Of one person: one gets lost, so two should be there; of more than five nobody keeps account. */
const PASSKEYS_MAX = 5

/** EdDSA, ES256, and RS256 for computers whose own chip has no other (IANA COSE Algorithms). */
const ALGORITHMS = [-8, -7, -257] as const

export type Passkey = {
  readonly id: string
  readonly name: string
  /** Kept by the owner's cloud as well, not in one device alone. */
  readonly isBackedUp: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly usedAt: number | null
}

/** A person's passkeys, oldest first. */
export async function listPasskeys(
  { store }: Pick<Deps, 'store'>,
  person: string,
): Promise<readonly Passkey[]> {
  const own = store.db.selectFrom('passkey').selectAll().where('person', '=', person)
  const rows = await own.orderBy('created_at').orderBy('id').execute()
  return rows.map(({ id, name, backed_up, created_at, used_at }) => ({
    ...{ id, name, createdAt: created_at, usedAt: used_at },
    isBackedUp: backed_up === 1,
  }))
}

/**
 * Begins the registration of a passkey by a person who has just proved who he is.
 *
 * @throws SignInError `off`, `full`, `too-many`.
 */
export async function beginPasskey(
  deps: PasskeyNeeds,
  { person }: Visitor,
  asked: Pick<Beginning, 'browser' | 'address'>,
): Promise<Begun> {
  const { library, hostname } = await relyingParty(deps)
  const own = await roomFor(deps, person.id)
  const wanted = { ...asked, kind: 'registration', returnTo: '', person: person.id } as const
  const { state, browser } = await beginChallenge(deps, wanted)
  const options = await library.generateRegistrationOptions({
    ...{ rpName: deps.look.names.zh, rpID: hostname },
    ...{ userName: person.name, userDisplayName: person.name },
    userID: new TextEncoder().encode(person.id),
    challenge: new Uint8Array(base64url.decode(state)),
    attestationType: 'none',
    excludeCredentials: own.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: [...ALGORITHMS],
  })
  return { options: JSON.stringify(options), browser }
}

/**
 * Registers the passkey that this person began in this browser. The entry and the key are one commit.
 *
 * @throws SignInError `off`, `full`, `lost`, `passkey`; StaleRevision, LogUnavailable.
 */
export async function addPasskey(
  deps: PasskeyNeeds,
  { person }: Visitor,
  { answer, browser, name }: Brought & { readonly name: string },
): Promise<void> {
  const { library, hostname, origin } = await relyingParty(deps)
  const revision = await readRevision(deps.store.db, PEOPLE)
  await roomFor(deps, person.id)
  const verified = await library
    .verifyRegistrationResponse({
      response: readAnswer(created, answer) as never,
      expectedChallenge: async (state) => {
        const taken = await takeChallenge(deps, { state, browser, kind: 'registration' })
        return taken.person === person.id
      },
      ...{ expectedOrigin: origin, expectedRPID: hostname, requireUserVerification: true },
      supportedAlgorithmIDs: [...ALGORITHMS],
    })
    .catch(refused)
  if (!verified.verified) throw new SignInError('passkey')
  const { credential, credentialDeviceType, credentialBackedUp } = verified.registrationInfo
  const row: PasskeyTable = {
    ...{ id: credential.id, person: person.id, name, counter: credential.counter },
    public_key: credential.publicKey,
    transports: JSON.stringify(credential.transports ?? []),
    device_type: credentialDeviceType,
    backed_up: credentialBackedUp ? 1 : 0,
    created_at: deps.clock(),
    used_at: null,
  }
  const { db } = deps.store
  const same = db.selectFrom('passkey').select('id').where('id', '=', row.id)
  if (await same.executeTakeFirst()) throw new SignInError('passkey')
  const writes = [db.insertInto('passkey').values(row).compile()]
  await recordPasskey(deps, { what: 'person.add-passkey', id: person.id, revision, writes })
}

/**
 * Takes a passkey away.
 *
 * @returns false where the person has none of that id. @throws StaleRevision, LogUnavailable.
 */
export async function removePasskey(
  deps: PasskeyNeeds,
  { person }: Visitor,
  id: string,
): Promise<boolean> {
  const revision = await readRevision(deps.store.db, PEOPLE)
  if (!(await listPasskeys(deps, person.id)).some((one) => one.id === id)) return false
  const own = deps.store.db.deleteFrom('passkey').where('person', '=', person.id)
  const writes = [own.where('id', '=', id).compile()]
  await recordPasskey(deps, { what: 'person.remove-passkey', id: person.id, revision, writes })
  return true
}

/** @throws SignInError `full`. */
async function roomFor(deps: PasskeyNeeds, person: string): Promise<readonly Passkey[]> {
  const own = await listPasskeys(deps, person)
  if (own.length >= PASSKEYS_MAX) throw new SignInError('full')
  return own
}

type Recorded = {
  readonly what: `person.${string}`
  /** The person's, who acts himself. */
  readonly id: string
  /** Of PEOPLE, where the act rests on how many keys there are. */
  readonly revision?: number
  readonly writes: readonly CompiledQuery[]
}

/** What somebody does with his own keys, and its entry, in one commit. */
export async function recordPasskey(
  { log }: Pick<Deps, 'log'>,
  { what, id, revision, writes }: Recorded,
): Promise<void> {
  await log.append({
    leaf: (time) => leafText({ kind: 'act', act: { what, id, by: id } }, time),
    act: {
      things: revision === undefined ? [] : [{ name: PEOPLE, revision }],
      writes: () => writes,
    },
  })
}
