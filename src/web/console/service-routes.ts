import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import { addDays, dayInShanghai } from '../../calendar/day.ts'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { limited } from '../../http/admin-proposals.ts'
import { invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { holdsOn } from '../../proposal/actor.ts'
import { code, uscc } from '../../registry/documents.ts'
import { byCode } from '../../registry/order.ts'
import { offersItems } from '../../registry/pledge.ts'
import type { Service } from '../../registry/service-item.ts'
import { noStore } from '../handle.ts'
import { pagedQuery } from '../paging.ts'
import { SERVICES } from '../texts/service-form.ts'
import { pick } from '../words.ts'
import { type Drawn, drafting, formPage } from './drafting.ts'
import { administered, type Desk, enter, mustAdminister } from './enter.ts'
import { pledgeDocumentForm } from './pledge-form.ts'
import { agencyName } from './proposal-words.ts'
import { serviceDocumentForm } from './service-form.ts'
import { type OwnService, servicesPage } from './service-list.ts'
import { onConsoleError } from './trouble.ts'

export const serviceParam = z.object({ code })
export const pledgeParam = z.object({ uscc })

const HOME = '/console/services'

/** `/console/services`, and the form of an agency's pledge. */
export function servicePages(deps: Deps): Hono {
  const param = zValidator('param', serviceParam, invalidParameters)
  const agency = zValidator('param', pledgeParam, invalidParameters)
  const { opening } = drafting(deps)
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/services', zValidator('query', pagedQuery, invalidParameters), async (c) => {
      const desk = await enter(deps, c)
      const { q, page = 1 } = c.req.valid('query')
      const pledging = administered(desk).filter((one) => !offersItems(desk.registry, one))
      return c.html(servicesPage(desk, ownServices(desk), { q, page, pledging }))
    })
    .get('/services/new', async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, newService(desk)))
    })
    .post('/services/new', limited(), async (c) => {
      const desk = await enter(deps, c)
      return opening(c, desk, newService(desk))
    })
    .get('/services/:code/edit', param, async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, changed(desk, c.req.valid('param').code)))
    })
    .post('/services/:code/edit', limited(), param, async (c) => {
      const desk = await enter(deps, c)
      return opening(c, desk, changed(desk, c.req.valid('param').code))
    })
    .get('/agencies/:uscc/pledge', agency, async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, pledge(desk, c.req.valid('param').uscc)))
    })
    .post('/agencies/:uscc/pledge', limited(), agency, async (c) => {
      const desk = await enter(deps, c)
      return opening(c, desk, pledge(desk, c.req.valid('param').uscc))
    })
}

/** Those that its agencies lead or join; the authority's are those of its region. */
function ownServices({ actor, registry }: Desk): readonly OwnService[] {
  const own = actor.roles.map(({ agency }) => agency)
  return [...registry.services.values()]
    .map((service) => {
      const { lead, coLeads = [] } = service
      const holds = holdsOn(actor, { agency: lead, party: null }, registry.agencies)
      const mayPropose = holds('admin', 'agency')
      const isOwn = [lead, ...coLeads].some((one) => own.includes(one))
      return { service, mayPropose, isShown: isOwn || holds('authority', 'authority') }
    })
    .filter(({ isShown }) => isShown)
    .sort((a, b) => byCode(a.service, b.service))
}

/** @throws Refusal `forbidden` for whoever is no agency's admin. */
function newService(desk: Desk): Drawn {
  const agencies = mustAdminister(desk)
  const title = SERVICES[desk.view.lang].newTitle
  const base: Partial<Service> = {}
  const begun = { title, base, hasCode: false, agencies, back: HOME }
  return { form: serviceDocumentForm, begun }
}

/** @throws Refusal `not-found`; `forbidden` for whoever is no admin of the agency that leads it. */
function changed(desk: Desk, code: string): Drawn {
  const { view, registry } = desk
  const service = registry.services.get(code)
  if (!service) throw new Refusal('not-found')
  if (!administered(desk).includes(service.lead)) throw new Refusal('forbidden')
  const title = SERVICES[view.lang].changeTitle(pick(view.lang, service.names))
  const begun = { title, base: service, hasCode: true, agencies: [service.lead], back: HOME }
  return { form: serviceDocumentForm, begun }
}

/** The pledge that stands, or a year from today. @throws Refusal `forbidden`. */
function pledge(desk: Desk, agency: string): Drawn {
  const { view, registry, now } = desk
  if (!administered(desk).includes(agency)) throw new Refusal('forbidden')
  const today = dayInShanghai(now)
  const fresh = { agency, from: today, to: addDays(today, 365), signedOn: today }
  const base = registry.pledges.get(agency) ?? fresh
  const title = SERVICES[view.lang].pledgeTitle(agencyName(view.lang, registry, agency))
  const begun = { title, base, hasCode: true, agencies: [agency], back: HOME }
  return { form: pledgeDocumentForm, begun }
}
