import { type Context, Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { endSession } from '../people/session.ts'
import { beginSignIn, finishSignIn, localPath } from '../people/sign-in.ts'
import { signedOutPage, signInPage } from '../web/session/sign-in.ts'
import { viewOf } from '../web/view.ts'
import { addressOf } from './address.ts'
import { sendFault, sendOnce, sendSignedIn, setUnderWay, underWay } from './signing.ts'
import { clearSession, findVisitor, ownForms, requireVisitor } from './visitor.ts'

/** `/sign-in`, the way to the identity provider and back, and `/sign-out`. */
export function signInRoutes(deps: Deps): Hono {
  const { signIn, store } = deps
  const returnTo = (c: Context) => localPath(c.req.query('return'))
  const at = (path: string, c: Context) => `${path}?return=${encodeURIComponent(returnTo(c))}`

  return new Hono()
    .get('/sign-in', async (c) => {
      if (await findVisitor(deps, c)) return c.redirect(returnTo(c), 303)
      const ways = {
        start: signIn.oidc && at('/sign-in/start', c),
        passkey: signIn.webauthn && at('/sign-in/passkey', c),
      }
      return sendOnce(c, signInPage(viewOf(c, deps), ways))
    })
    .get('/sign-in/start', async (c) => {
      const elsewhere = otherPlace(deps, c)
      if (elsewhere) return c.redirect(elsewhere, 302)
      const isStepUp = c.req.query('step-up') !== undefined
      const visitor = isStepUp ? await requireVisitor(deps, c) : undefined
      try {
        const asked = { browser: underWay(deps, c), address: addressOf(c), visitor }
        const { url, browser } = await beginSignIn(deps, { ...asked, returnTo: returnTo(c) })
        setUnderWay(deps, c, browser)
        c.header('Cache-Control', 'no-store')
        return c.redirect(url, 302)
      } catch (error) {
        return sendFault(deps, c, error, at('/sign-in', c))
      }
    })
    .get('/sign-in/callback', async (c) => {
      try {
        const done = await finishSignIn(deps, {
          brought: new URL(c.req.url).searchParams,
          browser: underWay(deps, c),
          before: await findVisitor(deps, c),
          agent: c.req.header('user-agent') ?? '',
        })
        return sendSignedIn(deps, c, done)
      } catch (error) {
        return sendFault(deps, c, error, '/sign-in')
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
      return sendOnce(c, signedOutPage(viewOf(c, deps), there))
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
