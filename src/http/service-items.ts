import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'
import { z } from 'zod'
import { normalizeName } from '../contract/name.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { answersNow, countAll, countMaterials, standingOf } from '../registry/counts.ts'
import { notDemandable, QUERY_CHARACTERS_MIN } from '../registry/not-demandable.ts'
import type { Registry } from '../registry/registry.ts'
import { itemsOf, type Service, serviceSchema } from '../registry/service-item.ts'
import { invalidParameters } from './input.ts'

/** The catalogue may be this old; an ETag tells whether it is. */
const CACHE = { 'Cache-Control': 'public, max-age=300' }
const QUERY_CHARACTERS_MAX = 100

export const serviceParam = z.object({ code: serviceSchema.shape.code })

export const proofQuery = z.strictObject({
  q: z
    .string()
    .max(QUERY_CHARACTERS_MAX)
    .refine((asked) => normalizeName(asked).length >= QUERY_CHARACTERS_MIN),
})

/** What a citizen brings to a service, what agencies ask each other instead, and which proofs are over. */
export function serviceRoutes({ registry }: Pick<Deps, 'registry'>): Hono {
  return new Hono()
    .use('/services/*', etag())
    .use('/not-demandable', etag())
    .get('/services', async (c) => reply(c, listed(await registry.view())))
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

function reply(c: Context, body: object): Response {
  return c.json(body, 200, CACHE)
}

function isPublic({ state }: Service): boolean {
  return state === 'published' || state === 'suspended'
}

function listed(view: Registry) {
  const stands = answersNow(view.items)
  const services = [...view.services.values()].filter(isPublic)
  return {
    services: services.map((service) => ({
      ...heading(view, service),
      counts: countMaterials(service, stands),
    })),
    total: countAll(services, stands),
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

function heading({ agencies }: Registry, { code, names, state, lead, coLeads = [] }: Service) {
  const named = (uscc: string) => ({ uscc, names: agencies.get(uscc)?.names })
  return { code, names, state, lead: named(lead), coLeads: coLeads.map(named) }
}

/** The version in service, or the newest there is. */
function publicItem({ items }: Registry, code: string) {
  const versions = items.get(code) ?? []
  const item = versions.find(({ state }) => state === 'published') ?? versions[0]
  return { code, names: item?.names, kind: item?.kind, state: item?.state }
}
