import { base64url } from 'jose'
import type { z } from 'zod'
import type { PasskeyTable } from '../storage/tables.ts'
import { recordPasskey } from './passkeys.ts'
import { findPerson } from './people.ts'
import { beginSession, type Visitor } from './session.ts'
import { type Beginning, type SignedIn, SignInError } from './sign-in.ts'
import {
  type Begun,
  type Brought,
  beginChallenge,
  got,
  type PasskeyNeeds,
  readAnswer,
  refused,
  relyingParty,
  takeChallenge,
} from './webauthn.ts'

/**
 * Begins a sign-in by passkey, for when the provider is away. Which person it will be, the key says.
 *
 * @throws SignInError `off`, `too-many`.
 */
export async function beginBreakGlass(
  deps: PasskeyNeeds,
  asked: Pick<Beginning, 'browser' | 'address' | 'returnTo'>,
): Promise<Begun> {
  const { library, hostname } = await relyingParty(deps)
  const { state, browser } = await beginChallenge(deps, { ...asked, kind: 'passkey' })
  const options = await library.generateAuthenticationOptions({
    rpID: hostname,
    challenge: new Uint8Array(base64url.decode(state)),
    userVerification: 'required',
  })
  return { options: JSON.stringify(options), browser }
}

export type BreakingGlass = Brought & {
  /** The session that the browser had until now. */
  readonly before: Visitor | undefined
  readonly agent: string
}

/**
 * Signs in whoever holds a registered key and has proved to it that he is there. It is recorded first: a
 * sign-in past the provider that nobody sees would be a back door. A crash after that leaves an entry, and
 * no session.
 *
 * @throws SignInError `off`, `lost`, `passkey`; LogUnavailable: then nobody was signed in.
 */
export async function breakGlass(
  deps: PasskeyNeeds,
  { answer, browser, before, agent }: BreakingGlass,
): Promise<SignedIn> {
  const { db } = deps.store
  const response = readAnswer(got, answer)
  const found = db.selectFrom('passkey').selectAll().where('id', '=', response.id)
  const key = await found.executeTakeFirst()
  const person = key && (await findPerson(db, key.person))
  // The user handle that a key was registered with is its person's id; a key need not tell it.
  const { userHandle = key && base64url.encode(key.person) } = response.response
  if (!person || userHandle !== base64url.encode(person.id)) throw new SignInError('passkey')
  const { returnTo, counter, isBackedUp } = await judge(deps, { response, key, browser })
  if (person.status !== 'active') return { is: 'suspended' }
  const now = deps.clock()
  const used = db
    .updateTable('passkey')
    .set({ counter, backed_up: isBackedUp ? 1 : 0, used_at: now })
    .where('id', '=', key.id)
  const writes = [used.compile()]
  await recordPasskey(deps, { what: 'person.break-glass', id: person.id, writes })
  const { secret } = await beginSession(
    { db, crypto: deps.crypto },
    { ...{ person: person.id, kind: 'browser', how: 'passkey', agent }, steppedUpAt: now },
    { now, instead: before?.session.id },
  )
  return { is: 'in', secret, returnTo }
}

type Judged = {
  readonly response: z.infer<typeof got>
  readonly key: PasskeyTable
  readonly browser: string | undefined
}

/** A signature over a challenge of ours, by this key, with the person's own presence (PIN, fingerprint). */
async function judge(deps: PasskeyNeeds, { response, key, browser }: Judged) {
  const { library, hostname, origin } = await relyingParty(deps)
  const { id, counter, transports } = key
  let returnTo = ''
  const { verified, authenticationInfo } = await library
    .verifyAuthenticationResponse({
      response: response as never,
      expectedChallenge: async (state) => {
        returnTo = (await takeChallenge(deps, { state, browser, kind: 'passkey' })).returnTo
        return true
      },
      ...{ expectedOrigin: origin, expectedRPID: hostname, requireUserVerification: true },
      credential: {
        ...{ id, counter, transports: JSON.parse(transports) },
        publicKey: new Uint8Array(key.public_key),
      },
    })
    .catch(refused)
  if (!verified) throw new SignInError('passkey')
  const { newCounter, credentialBackedUp } = authenticationInfo
  return { returnTo, counter: newCounter, isBackedUp: credentialBackedUp }
}
