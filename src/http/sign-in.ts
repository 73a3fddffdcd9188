import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Deps } from '../deps.ts'
import { endSession } from '../people/session.ts'
import { beginSignIn, finishSignIn, localPath, SignInError } from '../people/sign-in.ts'
import {
  faultPage,
  signedOutPage,
  signInPage,
  suspendedPage,
  unknownPage,
} from '../web/session/sign-in.ts'
import { viewOf } from '../web/view.ts'
import type { Html } from '../web/words.ts'
import { addressOf } from './address.ts'
import {
  clearSession,
  findVisitor,
  ownForms,
  readCookie,
  requireVisitor,
  setSession,
  writeCookie,
} from './visitor.ts'

/** What the browser holds between leaving for the provider and coming back. */
const UNDER_WAY = 'sign-in'
const UNDER_WAY_SECONDS = 600

const STATUSES: Readonly<Record<SignInError['code'], ContentfulStatusCode>> = {
  unavailable: 503,
  off: 503,
  'too-many': 429,
  denied: 403,
  'other-person': 403,
  invalid: 400,
  lost: 400,
}

/** `/sign-in`, the way to the identity provider and back, and `/sign-out`. */
export function signInRoutes(deps: Deps): Hono {
  const { signIn, store, report } = deps

  const returnTo = (c: Context) => localPath(c.req.query('return'))
  const start = (path: string) => `/sign-in/start?return=${encodeURIComponent(path)}`

  /** Says why, and where to begin again. The operator's line names the fault and nobody. */
  function failed(c: Context, error: unknown): Response | Promise<Response> {
    if (!(error instanceof SignInError)) throw error
    const { code, message } = error
    report('sign-in-failed', { code, why: message })
    const again = `/sign-in?return=${encodeURIComponent(returnTo(c))}`
    if (code === 'too-many') c.header('Retry-After', String(UNDER_WAY_SECONDS))
    return send(c, faultPage(viewOf(c, deps), code, again), STATUSES[code])
  }

  return new Hono()
    .get('/sign-in', async (c) => {
      if (await findVisitor(deps, c)) return c.redirect(returnTo(c), 303)
      const way = signIn.oidc ? start(returnTo(c)) : undefined
      return send(c, signInPage(viewOf(c, deps), way))
    })
    .get('/sign-in/start', async (c) => {
      const elsewhere = otherPlace(deps, c)
      if (elsewhere) return c.redirect(elsewhere, 302)
      const isStepUp = c.req.query('step-up') !== undefined
      const visitor = isStepUp ? await requireVisitor(deps, c) : undefined
      try {
        const asked = { browser: readCookie(deps, c, UNDER_WAY), address: addressOf(c), visitor }
        const { url, browser } = await beginSignIn(deps, { ...asked, returnTo: returnTo(c) })
        writeCookie(deps, c, { name: UNDER_WAY, value: browser, seconds: UNDER_WAY_SECONDS })
        c.header('Cache-Control', 'no-store')
        return c.redirect(url, 302)
      } catch (error) {
        return failed(c, error)
      }
    })
    .get('/sign-in/callback', async (c) => {
      try {
        const done = await finishSignIn(deps, {
          brought: new URL(c.req.url).searchParams,
          browser: readCookie(deps, c, UNDER_WAY),
          before: await findVisitor(deps, c),
          agent: c.req.header('user-agent') ?? '',
        })
        if (done.is === 'unknown') return send(c, unknownPage(viewOf(c, deps), done), 403)
        if (done.is === 'suspended') return send(c, suspendedPage(viewOf(c, deps)), 403)
        setSession(deps, c, done.secret)
        c.header('Cache-Control', 'no-store')
        return c.redirect(done.returnTo, 303)
      } catch (error) {
        return failed(c, error)
      }
    })
    .post('/sign-out', ownForms(deps), async (c) => {
      const visitor = await findVisitor(deps, c)
      if (visitor) await endSession(store.db, visitor.person.id, visitor.session.id)
      clearSession(deps, c)
      return c.redirect('/sign-out', 303)
    })
    .get('/sign-out', async (c) => {
      const there = await signIn.oidc?.signOutAt(`${signIn.base}/sign-out`)
      return send(c, signedOutPage(viewOf(c, deps), there))
    })
}

/**
 * The same address where the provider will send the browser back to, if a developer opened another one
 * (127.0.0.1 for localhost): cookies do not follow. Https is a proxy's, whose Host says nothing here.
 */
function otherPlace({ signIn }: Pick<Deps, 'signIn'>, c: Context): string | undefined {
  const { origin, pathname, search } = new URL(c.req.url)
  if (!signIn.base.startsWith('http://') || origin === new URL(signIn.base).origin) return undefined
  return `${signIn.base}${pathname}${search}`
}

function send(c: Context, page: Html, status: ContentfulStatusCode = 200) {
  c.header('Cache-Control', 'no-store')
  return c.html(page, status)
}
