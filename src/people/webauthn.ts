import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { type Attempt, beginAttempt, type NewAttempt, type Taken, takeAttempt } from './attempt.ts'
import { SignInError } from './sign-in.ts'

/** What is used of `@simplewebauthn/server`, an optional package. */
export type WebAuthn = Pick<
  typeof import('@simplewebauthn/server'),
  | 'generateRegistrationOptions'
  | 'verifyRegistrationResponse'
  | 'generateAuthenticationOptions'
  | 'verifyAuthenticationResponse'
>

export type PasskeyNeeds = Pick<Deps, 'store' | 'log' | 'crypto' | 'clock' | 'signIn' | 'look'>

/** Options for a browser, as JSON, and what it holds until it comes back. */
export type Begun = { readonly options: string; readonly browser: string }

/** What a browser brings back. */
export type Brought = {
  /** JSON, as the browser's script wrote it. */
  readonly answer: string
  readonly browser: string | undefined
}

const text = z.string().max(8192)
const credential = {
  ...{ id: text, rawId: text, type: z.literal('public-key') },
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.looseObject({}).default({}),
}

/** What `navigator.credentials.create` gave, as JSON (WebAuthn Level 3 §5.1.8). */
export const created = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(z.string().max(32)).max(8).optional(),
  }),
})

/** The same of `navigator.credentials.get`. */
export const got = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: text.optional(),
  }),
})

/** @throws SignInError `passkey` for what is not such an answer. */
export function readAnswer<T extends z.ZodType>(schema: T, answer: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(answer))
  } catch {
    throw new SignInError('passkey')
  }
}

/** The library, and who we are to it. @throws SignInError `off` where it is not installed. */
export async function relyingParty({ signIn }: Pick<Deps, 'signIn'>) {
  if (!signIn.webauthn) throw new SignInError('off')
  const { hostname, origin } = new URL(signIn.base)
  return { library: await signIn.webauthn(), hostname, origin }
}

/** The library's messages quote what was sent: they go no further. @throws SignInError. */
export function refused(error: unknown): never {
  throw error instanceof SignInError ? error : new SignInError('passkey')
}

/** A challenge, bound to this browser. @throws SignInError `too-many`. */
export async function beginChallenge(
  { store, crypto, clock }: PasskeyNeeds,
  asked: Omit<NewAttempt, 'isStepUp'>,
): Promise<Attempt> {
  const wanted = { ...asked, isStepUp: false }
  const begun = await beginAttempt({ db: store.db, crypto }, wanted, clock())
  if (!begun) throw new SignInError('too-many')
  return begun
}

/**
 * The challenge that comes back, once.
 *
 * @throws SignInError `lost`: of another browser, too long ago, or used before.
 */
export async function takeChallenge(
  { store, crypto, clock }: PasskeyNeeds,
  { state, browser, kind }: Pick<NewAttempt, 'kind' | 'browser'> & { readonly state: string },
): Promise<Taken> {
  const own = browser === undefined ? undefined : { state, browser, kind }
  const taken = own && (await takeAttempt({ db: store.db, crypto }, own, clock()))
  if (!taken) throw new SignInError('lost')
  return taken
}
