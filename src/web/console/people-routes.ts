import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { proposingBy } from '../../http/admin-proposals.ts'
import { invalidParameters } from '../../http/input.ts'
import { limitBody } from '../../http/limits.ts'
import { ownForms } from '../../http/visitor.ts'
import { findPerson, listPeople } from '../../people/people.ts'
import { personId, personName, subjectId } from '../../people/person.ts'
import { move, open } from '../../proposal/act.ts'
import { uscc } from '../../registry/documents.ts'
import { noStore, send } from '../handle.ts'
import { PEOPLE } from '../texts/people.ts'
import { type Desk, enter } from './enter.ts'
import { peopleOf, peoplePage, personForm } from './people.ts'
import { proposesFor } from './people-agencies.ts'
import { onConsoleError } from './trouble.ts'

const BODY_BYTES_MAX = 16 * 1024
const DESKS: readonly string[] = ['admin', 'approver', 'authority']

export const personQuery = z.object({ id: personId.optional(), agency: uscc.optional() })

/** `/console/people`: who has which role; a change is proposed here and decided on its own page. */
export function peoplePages(deps: Deps): Hono {
  const own = proposingBy(deps)
  const { db } = deps.store
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .use(limitBody(BODY_BYTES_MAX))
    .get('/', async (c) => {
      const desk = await enter(deps, c)
      if (!desk.actor.roles.some(({ role }) => DESKS.includes(role))) throw new Refusal('forbidden')
      return c.html(peoplePage(desk, peopleOf(desk, await listPeople(db))))
    })
    .get('/new', zValidator('query', personQuery, invalidParameters), async (c) => {
      const desk = await proposer(deps, c)
      const { id, agency = proposesFor(desk)[0] ?? '' } = c.req.valid('query')
      const found = id === undefined ? undefined : await findPerson(db, id)
      const [person] = found ? peopleOf(desk, [found]) : []
      if (id !== undefined && !person) throw new Refusal('not-found')
      const { name = '', issuer = '', subject = '' } = person ?? {}
      const held = person?.roles.filter((one) => one.agency === agency) ?? []
      const values = { id: id ?? '', agency, name, issuer, subject }
      return c.html(personForm(desk, { values, roles: held.map(({ role }) => role), faults: {} }))
    })
    .post('/new', async (c) => {
      const desk = await proposer(deps, c)
      const { roles = [], ...rest } = await c.req.parseBody({ all: true })
      const chosen = [roles].flat().map(String)
      const values = Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, String(v).trim()]))
      const again = (faults: Record<string, string>) =>
        send(c, personForm(desk, { values, roles: chosen, faults }), 400)
      const faults = faultsOf(desk, values)
      if (Object.keys(faults).length > 0) return again(faults)
      const { id, agency, issuer, subject, name } = values
      const doc = { agency, issuer, subject, name, roles: chosen, ...(id ? { id } : {}) }
      try {
        const opened = await open(own, desk.actor, { kind: 'person', verb: 'open', doc })
        const { id: proposal, revision } = opened.proposal
        await move(own, desk.actor, { id: proposal, verb: 'submit', revision })
        return c.redirect(`/console/proposals/${proposal}?done=submit`, 303)
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'parameters') throw error
        return again({ roles: PEOPLE[desk.view.lang].faults.roles })
      }
    })
}

function faultsOf({ view }: Desk, values: Readonly<Record<string, string>>) {
  const says = PEOPLE[view.lang].faults
  return {
    ...(personName.safeParse(values.name).success ? {} : { name: says.name }),
    ...(values.issuer ? {} : { issuer: says.issuer }),
    ...(subjectId.safeParse(values.subject).success ? {} : { subject: says.subject }),
  }
}

/** @throws Refusal `forbidden` unless somebody proposes for an agency. */
async function proposer(deps: Deps, c: Context): Promise<Desk> {
  const desk = await enter(deps, c)
  if (proposesFor(desk).length === 0) throw new Refusal('forbidden')
  return desk
}
