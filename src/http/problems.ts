import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { type Code, ERRORS, Refusal } from '../errors.ts'
import { send } from '../web/handle.ts'
import { problemPage, problemsPage } from '../web/public/problems.ts'
import { viewOf } from '../web/view.ts'

/** One page for each code of the closed table: where `type` of a problem leads. */
export function problemRoutes(deps: Pick<Deps, 'look' | 'signIn'>): Hono {
  return new Hono()
    .get('/', (c) => send(c, problemsPage(viewOf(c, deps))))
    .get('/:code', (c) => {
      const code = c.req.param('code')
      if (!Object.hasOwn(ERRORS, code)) throw new Refusal('not-found')
      return send(c, problemPage(viewOf(c, deps), code as Code))
    })
}
