import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import { normalizeName } from '../contract/name.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { answersNow, countAll, countMaterials, standingOf } from '../registry/counts.ts'
import { code } from '../registry/documents.ts'
import { findServices } from '../registry/guide.ts'
import { notDemandable, QUERY_CHARACTERS_MIN } from '../registry/not-demandable.ts'
import { currentVersion, isPublic } from '../registry/order.ts'
import type { Registry } from '../registry/registry.ts'
import { itemsOf, type Service, serviceSchema } from '../registry/service-item.ts'
import { filter, invalidParameters } from './input.ts'
import { nextPage, pageOf, paging, reply } from './listing.ts'

const QUERY_CHARACTERS_MAX = 100

export const serviceParam = z.object({ code: serviceSchema.shape.code })

export const servicesQuery = z.strictObject({
  q: filter(z.string().max(QUERY_CHARACTERS_MAX)),
  ...paging(code),
})

export const proofQuery = z.strictObject({
  q: z
    .string()
    .max(QUERY_CHARACTERS_MAX)
    .refine((asked) => normalizeName(asked).length >= QUERY_CHARACTERS_MIN),
})

/** What a citizen brings to a service, what agencies ask each other instead, and which proofs are over. */
export function serviceRoutes({ registry }: Pick<Deps, 'registry'>): Hono {
  return new Hono()
    .get('/services', zValidator('query', servicesQuery, invalidParameters), async (c) => {
      const { q, cursor, limit } = c.req.valid('query')
      const view = await registry.view()
      const found = findServices(view, q)
      const { page, next } = pageOf(found, { cursor, limit, keyOf: ({ code }) => code })
      const more = next === undefined ? {} : { next: nextPage(c, next) }
      return reply(c, { ...listed(view, found, page), ...more })
    })
    .get('/services/:code', zValidator('param', serviceParam, invalidParameters), async (c) => {
      const view = await registry.view()
      const service = view.services.get(c.req.valid('param').code)
      if (!service || !isPublic(service)) throw new Refusal('not-found')
      return reply(c, detailed(view, service))
    })
    .get('/not-demandable', zValidator('query', proofQuery, invalidParameters), async (c) =>
      reply(c, notDemandable(await registry.view(), c.req.valid('query').q)),
    )
}

/** @returns the page's services, and the papers of all that were found, each where it was defined. */
function listed(view: Registry, found: readonly Service[], page: readonly Service[]) {
  const stands = answersNow(view.items)
  return {
    services: page.map((service) => ({
      ...heading(view, service),
      counts: countMaterials(service, stands),
    })),
    total: countAll(found, stands),
  }
}

function detailed(view: Registry, service: Service) {
  const stands = answersNow(view.items)
  return {
    ...heading(view, service),
    law: service.law,
    counts: countMaterials(service, stands),
    materials: service.materials.map((material) => ({
      ...material,
      standing: standingOf(material, stands),
      items: itemsOf(material).map((code) => publicItem(view, code)),
    })),
  }
}

/** `adopts`: it was defined at a higher level, and counts there. */
function heading(
  { agencies }: Registry,
  { code, names, state, lead, coLeads = [], adopts }: Service,
) {
  const named = (uscc: string) => ({ uscc, names: agencies.get(uscc)?.names })
  return {
    ...{ code, names, state, lead: named(lead), coLeads: coLeads.map(named) },
    ...(adopts ? { adopts } : {}),
  }
}

/** The version in service, or the newest there is. */
function publicItem({ items }: Registry, code: string) {
  const item = currentVersion(items.get(code) ?? [])
  return { code, names: item?.names, kind: item?.kind, state: item?.state }
}
