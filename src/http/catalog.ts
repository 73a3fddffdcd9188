import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { findItems } from '../registry/catalogue.ts'
import { agencySchema, type Item, itemCode, itemSchema, uscc } from '../registry/documents.ts'
import { isPublic } from '../registry/order.ts'
import type { Registry, SystemKey } from '../registry/registry.ts'
import { filter, invalidParameters } from './input.ts'
import { nextPage, pageOf, paging, reply } from './listing.ts'

export const itemParam = z.object({ code: itemSchema.shape.code })

const WORDS_CHARACTERS_MAX = 100

/** The filters of the catalogue, as its page and its JSON take them; a form's empty field is no filter. */
export const itemFilters = {
  q: filter(z.string().max(WORDS_CHARACTERS_MAX)),
  agency: filter(uscc),
  kind: filter(itemSchema.shape.kind),
  sharing: filter(itemSchema.shape.sharing.shape.class),
  state: filter(z.enum(['published', 'suspended'])),
  level: filter(agencySchema.shape.level),
}

export const itemsQuery = z.strictObject({ ...itemFilters, ...paging(itemCode) })

/** What anyone may see: the published items, and who may sign with which public key. */
export function catalogRoutes({ registry }: Pick<Deps, 'registry'>): Hono {
  return new Hono()
    .get('/items', zValidator('query', itemsQuery, invalidParameters), async (c) => {
      const { cursor, limit, ...query } = c.req.valid('query')
      const view = await registry.view()
      const { entries, all } = findItems(view, query)
      const { page, next } = pageOf(entries, { cursor, limit, keyOf: ({ item }) => item.code })
      const items = page.flatMap(({ versions }) => versions.filter(isPublic))
      return reply(c, {
        items: items.map((item) => publicItem(view, item)),
        ...{ total: entries.length, all },
        ...(next === undefined ? {} : { next: nextPage(c, next) }),
      })
    })
    .get('/items/:code', zValidator('param', itemParam, invalidParameters), async (c) => {
      const view = await registry.view()
      const versions = (view.items.get(c.req.valid('param').code) ?? []).filter(isPublic)
      if (versions.length === 0) throw new Refusal('unknown-item')
      return reply(c, { versions: versions.map((item) => publicItem(view, item)) })
    })
    .get('/systems', async (c) => {
      const view = await registry.view()
      const systems = [...view.systems.values()].map(({ id, agency, names, roles, status }) => {
        const keys = [...view.keys.values()].filter((key) => key.system === id)
        return { id, agency, names, roles, status, keys: keys.map(publicKey) }
      })
      return reply(c, { systems })
    })
}

/** An item without how its provider is reached, with its contract's subject and claims. */
function publicItem({ contracts, agencies }: Registry, { connector: _, ...item }: Item) {
  const contract = item.contract === null ? undefined : contracts.get(item.contract)
  const provider = { uscc: item.provider, names: agencies.get(item.provider)?.names }
  return { ...item, provider, contract: contract ? publicContract(contract) : null }
}

function publicContract({
  subject,
  claims,
}: NonNullable<ReturnType<Registry['contracts']['get']>>) {
  const entries = [...claims.values()].map(
    ({ name, title, schema, read, predicates, sensitivity }) => [
      name,
      { title, schema, read, predicates: [...predicates], sensitivity },
    ],
  )
  return { subject: subject.json, claims: Object.fromEntries(entries) }
}

function publicKey({ kid, alg, jwk, validFrom, validTo, revokedAt }: SystemKey) {
  const instant = (millis: number | null) =>
    millis === null ? undefined : new Date(millis).toISOString()
  return {
    kid,
    alg,
    jwk,
    validFrom: instant(validFrom),
    validTo: instant(validTo),
    revokedAt: instant(revokedAt),
  }
}
