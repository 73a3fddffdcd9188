import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { leafText } from '../log/entry.ts'
import { allSessionsOf, findPerson } from '../people/people.ts'
import { agenciesOf, type Person, personId } from '../people/person.ts'
import { holdsOn } from '../proposal/actor.ts'
import type { Registry } from '../registry/registry.ts'
import { invalidParameters } from './input.ts'
import { ownForms, requireVisitor } from './visitor.ts'

export const personParam = z.object({ id: personId })

/**
 * DELETE /v1/admin/people/:id/sessions: puts out somebody who left, everywhere and at once. The entry that
 * says who did it and the end of the sessions are one commit.
 */
export function peopleRoutes(deps: Deps): Hono {
  const { store, log, registry } = deps
  return new Hono()
    .use(ownForms(deps))
    .delete('/:id/sessions', zValidator('param', personParam, invalidParameters), async (c) => {
      const { person: by } = await requireVisitor(deps, c)
      const of = await findPerson(store.db, c.req.valid('param').id)
      const { agencies } = await registry.view()
      // Who exists is not for those who may not touch him.
      if (!of || !mayEndSessionsOf(by, of, agencies)) throw new Refusal('forbidden')
      const act = { what: 'person.end-sessions', id: of.id, by: by.id }
      const { index } = await log.append({
        leaf: (time) => leafText({ kind: 'act', act }, time),
        act: { things: [], writes: () => [allSessionsOf(store.db, of.id).compile()] },
      })
      return c.json({ entry: index })
    })
}

/**
 * Whoever left must be put out by those who stayed: an admin ends the sessions of his own agency's people,
 * the authority those of every agency that it is competent for, and of somebody who has no role any more.
 */
function mayEndSessionsOf(
  by: Pick<Person, 'roles'>,
  of: Pick<Person, 'roles'>,
  agencies: Registry['agencies'],
): boolean {
  if (of.roles.length === 0) return agenciesOf(by, 'authority').length > 0
  return of.roles.some(({ agency }) => {
    const holds = holdsOn(by, { agency, party: null }, agencies)
    return holds('admin', 'agency') || holds('authority', 'authority')
  })
}
