import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { agenciesOf, holds, type RoleName } from '../people/person.ts'
import { isSteppedUp, TOKEN_PREFIX, type Visitor, visitorOf } from '../people/session.ts'
import { bearerOf } from './proof.ts'

type Needs = Pick<Deps, 'store' | 'crypto' | 'clock' | 'signIn'>

const SESSION = 'sid'
const SECRET = /^[\w-]{43}$/

/**
 * Who asks: the session of the browser's cookie or, where there is an Authorization header, the token in
 * it and nothing else.
 *
 * @returns undefined for nobody whose session counts now.
 */
export async function findVisitor(deps: Needs, c: Context): Promise<Visitor | undefined> {
  const { store, crypto, clock } = deps
  const shown = shownBy(deps, c)
  if (!shown) return undefined
  return visitorOf({ db: store.quick ?? store.db, crypto }, shown, clock())
}

/** @throws Refusal `signed-out`. */
export async function requireVisitor(deps: Needs, c: Context): Promise<Visitor> {
  const visitor = await findVisitor(deps, c)
  if (!visitor) throw new Refusal('signed-out')
  return visitor
}

/**
 * @param agency USCC; without one the role for any agency will do
 * @throws Refusal `forbidden`.
 */
export function requireRole(
  { person }: Pick<Visitor, 'person'>,
  role: RoleName,
  agency?: string,
): void {
  const has =
    agency === undefined ? agenciesOf(person, role).length > 0 : holds(person, role, agency)
  if (!has) throw new Refusal('forbidden')
}

/** That the person has proved who he is within the last five minutes. @throws Refusal `step-up`. */
export function requireStepUp({ session }: Visitor, now: number): void {
  if (!isSteppedUp(session, now)) throw new Refusal('step-up')
}

/** A person in front of a browser, not a program with his token. @throws Refusal `forbidden`. */
export function requireBrowser({ session }: Visitor): void {
  if (session.kind !== 'browser') throw new Refusal('forbidden')
}

function shownBy(deps: Pick<Deps, 'signIn'>, c: Context) {
  if (c.req.header('authorization') !== undefined) {
    const token = bearerOf(c) ?? ''
    const isToken = token.startsWith(TOKEN_PREFIX) && SECRET.test(token.slice(TOKEN_PREFIX.length))
    return isToken ? ({ secret: token, kind: 'token' } as const) : undefined
  }
  const secret = readCookie(deps, c, SESSION)
  return secret === undefined ? undefined : ({ secret, kind: 'browser' } as const)
}

/** The cookie holds the session's secret and ends with the browser; `__Host-` binds it to this very host. */
export function setSession(deps: Pick<Deps, 'signIn'>, c: Context, secret: string): void {
  writeCookie(deps, c, { name: SESSION, value: secret })
}

export function clearSession({ signIn }: Pick<Deps, 'signIn'>, c: Context): void {
  if (isSecure(signIn)) deleteCookie(c, SESSION, { prefix: 'host', secure: true, path: '/' })
  else deleteCookie(c, SESSION, { path: '/' })
}

type Written = { readonly name: string; readonly value: string; readonly seconds?: number }

/** A cookie that scripts cannot read and no other site's form brings along (RFC 6265bis). */
export function writeCookie(
  { signIn }: Pick<Deps, 'signIn'>,
  c: Context,
  { name, value, seconds }: Written,
): void {
  const age = seconds === undefined ? {} : { maxAge: seconds }
  const common = { httpOnly: true, sameSite: 'Lax', path: '/', ...age } as const
  if (isSecure(signIn)) setCookie(c, name, value, { ...common, prefix: 'host', secure: true })
  else setCookie(c, name, value, common)
}

/** Undefined where it is not one that we set. */
export function readCookie(
  { signIn }: Pick<Deps, 'signIn'>,
  c: Context,
  name: string,
): string | undefined {
  const value = isSecure(signIn) ? getCookie(c, name, 'host') : getCookie(c, name)
  return value !== undefined && SECRET.test(value) ? value : undefined
}

/** Http is for localhost in development only: config.ts. */
function isSecure({ base }: Deps['signIn']): boolean {
  return base.startsWith('https://')
}

/**
 * Forms and the like come from our own pages only. JSON from another site's script does not get here
 * at all: it needs a preflight, which nobody answers.
 *
 * @throws Refusal `cross-site`.
 */
export function ownForms({ signIn }: Pick<Deps, 'signIn'>): MiddlewareHandler {
  const { origin } = new URL(signIn.base)
  const judge = csrf({ origin })
  return async (c, next) => {
    // A token is not something that a browser adds by itself.
    if (c.req.header('authorization') !== undefined) return next()
    let isOwn = false
    try {
      await judge(c, async () => {
        isOwn = true
      })
    } catch (error) {
      if (!(error instanceof HTTPException)) throw error
    }
    if (!isOwn) throw new Refusal('cross-site')
    await next()
  }
}
