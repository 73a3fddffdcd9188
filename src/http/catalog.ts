import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { type Item, itemSchema } from '../registry/documents.ts'
import type { Registry, SystemKey } from '../registry/registry.ts'
import { invalidParameters } from './input.ts'

export const itemParam = z.object({ code: itemSchema.shape.code })

/** What anyone may see: the published items, and who may sign with which public key. */
export function catalogRoutes({ registry }: Pick<Deps, 'registry'>): Hono {
  return new Hono()
    .get('/items', async (c) => {
      const view = await registry.view()
      const items = [...view.items.values()].flatMap((versions) => versions.filter(isPublic))
      return c.json({ items: items.map((item) => publicItem(view, item)) })
    })
    .get('/items/:code', zValidator('param', itemParam, invalidParameters), async (c) => {
      const view = await registry.view()
      const versions = (view.items.get(c.req.valid('param').code) ?? []).filter(isPublic)
      if (versions.length === 0) throw new Refusal('unknown-item')
      return c.json({ versions: versions.map((item) => publicItem(view, item)) })
    })
    .get('/systems', async (c) => {
      const view = await registry.view()
      const systems = [...view.systems.values()].map(({ id, agency, names, roles, status }) => {
        const keys = [...view.keys.values()].filter((key) => key.system === id)
        return { id, agency, names, roles, status, keys: keys.map(publicKey) }
      })
      return c.json({ systems })
    })
}

function isPublic({ state }: Item): boolean {
  return state === 'published' || state === 'suspended'
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
