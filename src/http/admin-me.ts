import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import type { Person } from '../people/person.ts'
import {
  endOf,
  endSession,
  endSessions,
  isSteppedUp,
  listSessions,
  type Session,
  STEP_UP_MILLIS,
} from '../people/session.ts'
import { makeToken, tokenSchema } from '../people/token.ts'
import { noStore } from '../web/handle.ts'
import { invalidParameters } from './input.ts'
import { limitBody } from './limits.ts'
import { ownForms, requireBrowser, requireVisitor } from './visitor.ts'

const BODY_BYTES_MAX = 4096

export const sessionParam = z.object({ id: z.string().regex(/^[\w-]{43}$/) })

/** GET /v1/admin/me and what is somebody's own: sessions, and tokens for the command line. */
export function meRoutes(deps: Deps): Hono {
  const { store, clock } = deps
  return new Hono()
    .use(ownForms(deps))
    .use(noStore)
    .get('/', async (c) => {
      const { person, session } = await requireVisitor(deps, c)
      return c.json({ person: publicPerson(person), session: publicSession(session, clock()) })
    })
    .get('/sessions', async (c) => {
      const { person, session } = await requireVisitor(deps, c)
      const now = clock()
      const own = await listSessions(store.db, person.id, now)
      const sessions = own.map((one) => ({
        ...publicSession(one, now),
        isCurrent: one.id === session.id,
      }))
      return c.json({ sessions })
    })
    .delete('/sessions', async (c) => {
      const { person, session } = await requireVisitor(deps, c)
      return c.json({ ended: await endSessions(store.db, person.id, session.id) })
    })
    .delete('/sessions/:id', zValidator('param', sessionParam, invalidParameters), async (c) => {
      const { person } = await requireVisitor(deps, c)
      const isEnded = await endSession(store.db, person.id, c.req.valid('param').id)
      if (!isEnded) throw new Refusal('not-found')
      return c.body(null, 204)
    })
    .post(
      '/tokens',
      limitBody(BODY_BYTES_MAX),
      zValidator('json', tokenSchema, invalidParameters),
      async (c) => {
        const visitor = await requireVisitor(deps, c)
        requireBrowser(visitor)
        const { secret, session } = await makeToken(deps, visitor, c.req.valid('json'))
        const now = clock()
        return c.json({ token: secret, session: publicSession(session, now) }, 201)
      },
    )
}

function publicPerson({ id, name, side, roles }: Person) {
  return { id, name, side, roles }
}

/** A session as its person sees it; its id is a hash and opens nothing. */
function publicSession(session: Session, now: number) {
  const { id, kind, how, agent, createdAt, seenAt, steppedUpAt } = session
  const instant = (millis: number) => new Date(millis).toISOString()
  const isFresh = steppedUpAt !== null && isSteppedUp(session, now)
  return {
    ...{ id, kind, how, agent },
    createdAt: instant(createdAt),
    seenAt: instant(seenAt),
    endsAt: instant(endOf(session)),
    ...(isFresh ? { steppedUpUntil: instant(steppedUpAt + STEP_UP_MILLIS) } : {}),
  }
}
