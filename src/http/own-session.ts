import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { addPasskey, beginPasskey, listPasskeys, removePasskey } from '../people/passkeys.ts'
import { personName } from '../people/person.ts'
import {
  endSession,
  endSessions,
  isSteppedUp,
  listSessions,
  type Visitor,
} from '../people/session.ts'
import { makeToken, tokenSchema } from '../people/token.ts'
import { enter } from '../web/console/enter.ts'
import { confirmAt } from '../web/console/proposal-acts.ts'
import { onConsoleError } from '../web/console/trouble.ts'
import { ownSessionPage, tokenPage } from '../web/session/own.ts'
import { newPasskeyPage } from '../web/session/passkey.ts'
import { addressOf } from './address.ts'
import { sessionParam } from './admin-me.ts'
import { invalidParameters } from './input.ts'
import { passkeyBody } from './passkey.ts'
import { sendFault, sendOnce, setUnderWay, underWay } from './signing.ts'
import { ownForms, requireBrowser, requireStepUp, requireVisitor } from './visitor.ts'

const HOME = '/console/session'

const endForm = z.object({ id: z.union([z.literal('others'), sessionParam.shape.id]) })
const tokenForm = z.object({
  name: tokenSchema.shape.name,
  hours: z.coerce.number().pipe(tokenSchema.shape.hours.unwrap()),
})
const keyForm = z.object({ id: z.string().min(1).max(1024) })
const newKeyForm = z.object({ name: personName, answer: z.string().min(1) })

/** `/console/session`: one's own roles, sessions, tokens and passkeys. */
export function ownSessionRoutes(deps: Deps): Hono {
  const { store, signIn, clock } = deps
  const form = <T extends z.ZodType>(schema: T) => zValidator('form', schema, invalidParameters)

  /** Tokens do not look at pages. */
  async function person(c: Context): Promise<Visitor> {
    const visitor = await requireVisitor(deps, c)
    requireBrowser(visitor)
    return visitor
  }

  const own = new Hono()
  own.onError(onConsoleError)
  return own
    .use(ownForms(deps))
    .use(passkeyBody)
    .get('/', async (c) => {
      const { person: me, session } = await person(c)
      const desk = await enter(deps, c)
      const sessions = await listSessions(store.db, me.id, desk.now)
      const passkeys = signIn.webauthn ? await listPasskeys(deps, me.id) : undefined
      const isDone = c.req.query('done') !== undefined
      return sendOnce(c, ownSessionPage(desk, { session, sessions, passkeys, isDone }))
    })
    .post('/', form(endForm), async (c) => {
      const { person: me, session } = await person(c)
      const { id } = c.req.valid('form')
      if (id === 'others') await endSessions(store.db, me.id, session.id)
      else await endSession(store.db, me.id, id)
      return c.redirect(`${HOME}?done`, 303)
    })
    .post('/tokens', form(tokenForm), async (c) => {
      const visitor = await person(c)
      const { secret, session } = await makeToken(deps, visitor, c.req.valid('form'))
      return sendOnce(c, tokenPage(await enter(deps, c), secret, session), 201)
    })
    .get('/passkeys', async (c) => {
      const visitor = await person(c)
      if (!isSteppedUp(visitor.session, clock())) return c.redirect(confirmAt(c.req.path), 303)
      try {
        const asked = { browser: underWay(deps, c), address: addressOf(c) }
        const { options, browser } = await beginPasskey(deps, visitor, asked)
        setUnderWay(deps, c, browser)
        return sendOnce(c, newPasskeyPage(await enter(deps, c), options))
      } catch (error) {
        return sendFault(deps, c, error, HOME)
      }
    })
    .post('/passkeys', form(newKeyForm), async (c) => {
      const visitor = await person(c)
      requireStepUp(visitor, clock())
      try {
        await addPasskey(deps, visitor, { ...c.req.valid('form'), browser: underWay(deps, c) })
        return c.redirect(HOME, 303)
      } catch (error) {
        return sendFault(deps, c, error, `${HOME}/passkeys`)
      }
    })
    .post('/passkeys/remove', form(keyForm), async (c) => {
      const visitor = await person(c)
      requireStepUp(visitor, clock())
      await removePasskey(deps, visitor, c.req.valid('form').id)
      return c.redirect(HOME, 303)
    })
}
