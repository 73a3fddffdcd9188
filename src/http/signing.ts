import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Deps } from '../deps.ts'
import { type SignedIn, SignInError } from '../people/sign-in.ts'
import { faultPage, suspendedPage, unknownPage } from '../web/session/sign-in.ts'
import { viewOf } from '../web/view.ts'
import type { Html } from '../web/words.ts'
import { readCookie, setSession, writeCookie } from './visitor.ts'

/** What a browser holds between leaving for the provider, or its key, and coming back. */
const UNDER_WAY = 'sign-in'
const UNDER_WAY_SECONDS = 600

const STATUSES: Readonly<Record<SignInError['code'], ContentfulStatusCode>> = {
  unavailable: 503,
  off: 503,
  'too-many': 429,
  denied: 403,
  'other-person': 403,
  passkey: 403,
  full: 409,
  invalid: 400,
  lost: 400,
}

type Needs = Pick<Deps, 'signIn' | 'report' | 'look' | 'issuer'>

export function underWay(deps: Needs, c: Context): string | undefined {
  return readCookie(deps, c, UNDER_WAY)
}

export function setUnderWay(deps: Needs, c: Context, value: string): void {
  writeCookie(deps, c, { name: UNDER_WAY, value, seconds: UNDER_WAY_SECONDS })
}

/** A page that nobody keeps: it is about one person, or one attempt. */
export function sendOnce(c: Context, page: Html, status: ContentfulStatusCode = 200) {
  c.header('Cache-Control', 'no-store')
  return c.html(page, status)
}

/** Whoever was signed in goes on; whoever was not is told why. */
export function sendSignedIn(deps: Needs, c: Context, done: SignedIn) {
  if (done.is === 'unknown') return sendOnce(c, unknownPage(viewOf(c, deps), done), 403)
  if (done.is === 'suspended') return sendOnce(c, suspendedPage(viewOf(c, deps)), 403)
  setSession(deps, c, done.secret)
  c.header('Cache-Control', 'no-store')
  return c.redirect(done.returnTo, 303)
}

/**
 * Says why a sign-in came to nothing, and where to begin again. The operator's line names the fault and
 * nobody. @throws whatever is no SignInError.
 */
export function sendFault(deps: Needs, c: Context, error: unknown, again: string) {
  if (!(error instanceof SignInError)) throw error
  const { code, message } = error
  deps.report('sign-in-failed', { code, why: message })
  if (code === 'too-many') c.header('Retry-After', String(UNDER_WAY_SECONDS))
  const passkey = deps.signIn.webauthn && code === 'unavailable' ? '/sign-in/passkey' : undefined
  return sendOnce(c, faultPage(viewOf(c, deps), code, { again, passkey }), STATUSES[code])
}
