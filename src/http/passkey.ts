import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { beginBreakGlass, breakGlass } from '../people/break-glass.ts'
import { localPath } from '../people/sign-in.ts'
import { breakGlassPage } from '../web/session/passkey.ts'
import { viewOf } from '../web/view.ts'
import { addressOf } from './address.ts'
import { invalidParameters } from './input.ts'
import { limitBody } from './limits.ts'
import { sendFault, sendOnce, sendSignedIn, setUnderWay, underWay } from './signing.ts'
import { findVisitor, ownForms } from './visitor.ts'

const BODY_BYTES_MAX = 32 * 1024

/** What the page's script puts into its form. */
const answerForm = z.object({ answer: z.string().min(1) })

export const passkeyBody = limitBody(BODY_BYTES_MAX)

/** `/sign-in/passkey`: for when the identity provider is away. Where the packages are missing it says so. */
export function passkeyRoutes(deps: Deps): Hono {
  return new Hono()
    .get('/', async (c) => {
      const returnTo = localPath(c.req.query('return'))
      try {
        const asked = { browser: underWay(deps, c), address: addressOf(c), returnTo }
        const { options, browser } = await beginBreakGlass(deps, asked)
        setUnderWay(deps, c, browser)
        return sendOnce(c, breakGlassPage(viewOf(c, deps), options))
      } catch (error) {
        return sendFault(deps, c, error, '/sign-in')
      }
    })
    .post(
      '/',
      ownForms(deps),
      passkeyBody,
      zValidator('form', answerForm, invalidParameters),
      async (c) => {
        try {
          const done = await breakGlass(deps, {
            answer: c.req.valid('form').answer,
            browser: underWay(deps, c),
            before: await findVisitor(deps, c),
            agent: c.req.header('user-agent') ?? '',
          })
          return sendSignedIn(deps, c, done)
        } catch (error) {
          return sendFault(deps, c, error, '/sign-in/passkey')
        }
      },
    )
}
