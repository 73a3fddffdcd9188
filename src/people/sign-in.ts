import type { Deps } from '../deps.ts'
import { beginAttempt, type NewAttempt, takeAttempt } from './attempt.ts'
import { type Oidc, OidcError } from './oidc.ts'
import { findBySubject } from './people.ts'
import { beginSession, type Visitor } from './session.ts'
import type { WebAuthn } from './webauthn.ts'

/** How people sign in here. */
export type SignIn = {
  /** Where browsers reach this gateway, without a trailing slash: origin of its forms, address of the callback. */
  readonly base: string
  /** Undefined: no identity provider is configured. */
  readonly oidc?: Oidc | undefined
  /** Undefined: passkeys cannot be had, since their packages are not installed. */
  readonly webauthn?: (() => Promise<WebAuthn>) | undefined
}

export const CALLBACK = '/sign-in/callback'

type Needs = Pick<Deps, 'store' | 'crypto' | 'clock' | 'signIn'>

export type SignInErrorCode =
  | OidcError['code']
  | 'off'
  | 'too-many'
  | 'lost'
  | 'other-person'
  | 'passkey'
  | 'full'

/** A sign-in that came to nothing. Nobody was signed in, and who was before still is. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly code: SignInErrorCode

  constructor(code: SignInErrorCode, message: string = code) {
    super(message)
    this.code = code
  }
}

/** `subject` and `realm`: so that he can tell his admin who he is there. */
export type SignedIn =
  | { readonly is: 'in'; readonly secret: string; readonly returnTo: string }
  | { readonly is: 'unknown'; readonly subject: string; readonly realm: string }
  | { readonly is: 'suspended' }

export type Beginning = Pick<NewAttempt, 'browser' | 'address' | 'returnTo'> & {
  /** Whoever proves again who he is. */
  readonly visitor?: Visitor | undefined
}

/**
 * Begins a sign-in at the provider or, with a visitor, a step-up.
 *
 * @returns where the browser goes, and what it holds meanwhile.
 * @throws SignInError `off`, `too-many`, `unavailable`.
 */
export async function beginSignIn(
  { store, crypto, clock, signIn }: Needs,
  { visitor, ...asked }: Beginning,
): Promise<{ readonly url: string; readonly browser: string }> {
  const { oidc, base } = signIn
  if (!oidc) throw new SignInError('off')
  const isStepUp = visitor !== undefined
  const now = clock()
  const attempt = await beginAttempt(
    { db: store.db, crypto },
    { ...asked, kind: 'provider', isStepUp, person: visitor?.person.id },
    now,
  )
  if (!attempt) throw new SignInError('too-many')
  const { browser, ...bound } = attempt
  const redirectUri = `${base}${CALLBACK}`
  const url = await oidc
    .begin({ ...bound, redirectUri, isStepUp, beganAt: now })
    .catch(asSignInError)
  return { url, browser }
}

export type Ending = {
  /** What the browser brought back from the provider. */
  readonly brought: URLSearchParams
  /** What it held meanwhile. */
  readonly browser: string | undefined
  /** The session that it had until now. */
  readonly before: Visitor | undefined
  readonly agent: string
}

/**
 * Ends a sign-in: whoever the provider means gets a new session, if he was registered and is not
 * suspended. Nobody is registered by signing in.
 *
 * @throws SignInError.
 */
export async function finishSignIn(
  { store, crypto, clock, signIn }: Needs,
  { brought, browser, before, agent }: Ending,
): Promise<SignedIn> {
  const { oidc, base } = signIn
  if (!oidc) throw new SignInError('off')
  const { db } = store
  const state = brought.get('state') ?? ''
  const own = browser === undefined ? undefined : { state, browser, kind: 'provider' as const }
  const taken = own && (await takeAttempt({ db, crypto }, own, clock()))
  if (!taken) throw new SignInError('lost')
  const { returnTo, isStepUp, ...bound } = taken
  const redirectUri = `${base}${CALLBACK}`
  const proved = await oidc
    .finish(brought, { ...bound, state, redirectUri, isStepUp })
    .catch(asSignInError)
  const person = await findBySubject(db, oidc.realm, proved.subject)
  if (!person) return { is: 'unknown', subject: proved.subject, realm: oidc.realm }
  if (isStepUp && person.id !== taken.person) throw new SignInError('other-person')
  if (person.status !== 'active') return { is: 'suspended' }
  const { secret } = await beginSession(
    { db, crypto },
    {
      ...{ person: person.id, kind: 'browser', how: 'provider', agent },
      steppedUpAt: proved.provedAt ?? null,
    },
    { now: clock(), instead: before?.session.id },
  )
  return { is: 'in', secret, returnTo }
}

function asSignInError(error: unknown): never {
  if (error instanceof OidcError) throw new SignInError(error.code, error.message)
  throw error
}

const PATH_CHARACTERS_MAX = 512
/** Where somebody goes who did not come from anywhere. */
export const HOME = '/console'

/**
 * A place of this gateway to go on to after signing in: never another site, however it is spelled, and
 * never a sign-in or sign-out again.
 */
export function localPath(asked: string | undefined): string {
  if (asked === undefined || asked.length > PATH_CHARACTERS_MAX) return HOME
  // Browsers drop tabs and line ends, and read a backslash as a slash.
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(asked) || asked.includes('\\')) return HOME
  const base = 'https://here.invalid'
  const { origin, pathname, search } = new URL(asked, base)
  if (origin !== base || /^\/+sign-(in|out)\b/.test(pathname) || pathname.startsWith('//'))
    return HOME
  return `${pathname}${search}`
}
