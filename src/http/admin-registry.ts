import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { Actor } from '../proposal/actor.ts'
import { maySee, maySeeAgreement } from '../proposal/show.ts'
import type { Agreement, Item, System } from '../registry/documents.ts'
import { DOCUMENTS, IN_FORCE_KINDS, type InForceKind, KEYS } from '../registry/in-force.ts'
import type { Registry } from '../registry/registry.ts'
import { noStore } from '../web/handle.ts'
import { actorOf } from './admin-proposals.ts'
import { invalidParameters } from './input.ts'
import { nextPage, pageOf, paging } from './listing.ts'
import { requireVisitor } from './visitor.ts'

const KEY_CHARACTERS_MAX = 128

export const registryQuery = z.strictObject({
  kind: z.enum(IN_FORCE_KINDS),
  ...paging(z.string().min(1).max(KEY_CHARACTERS_MAX)),
})

/**
 * GET /v1/admin/registry: the documents in force as they are kept, for whoever keeps them as files, too.
 * `version` is the registry's: pages that name two different ones are not of one moment.
 */
export function registryRoutes(deps: Deps): Hono {
  return new Hono()
    .use(noStore)
    .get('/', zValidator('query', registryQuery, invalidParameters), async (c) => {
      const actor = actorOf(await requireVisitor(deps, c))
      const { kind, cursor, limit } = c.req.valid('query')
      const view = await deps.registry.view()
      const all = shownTo(actor, view, kind)
      const { page, next } = pageOf(all, { cursor, limit, keyOf: ({ key }) => key })
      return c.json({
        ...{ kind, version: view.version, total: all.length },
        documents: page.map(({ document }) => document),
        ...(next === undefined ? {} : { next: nextPage(c, next) }),
      })
    })
}

type Listed = { readonly key: string; readonly document: object }

/** In the order of their keys. Pure. */
function shownTo(actor: Actor, view: Registry, kind: InForceKind): readonly Listed[] {
  const documents = DOCUMENTS[kind](view) as readonly object[]
  const keyOf = KEYS[kind] as (document: object) => string
  const show = SHOWN[kind] as Show<object> | undefined
  return documents
    .flatMap((document) => show?.(actor, view, document) ?? (show ? [] : [document]))
    .map((document) => ({ key: keyOf(document), document }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
}

type Show<T> = (actor: Actor, view: Registry, document: T) => T | undefined

/** What not everybody who is signed in sees whole, or at all; the rest is public anyway. */
const SHOWN: {
  readonly item: Show<Item>
  readonly agreement: Show<Agreement>
  readonly system: Show<System>
} & { readonly [K in InForceKind]?: unknown } = {
  /** How a provider is reached is the provider's own business. */
  item: (actor, { agencies }, item) =>
    maySee(actor, { agency: item.provider, party: null }, agencies)
      ? item
      : { ...item, connector: null },
  agreement: (actor, view, agreement) =>
    maySeeAgreement(actor, view, agreement) ? agreement : undefined,
  system: (actor, { agencies }, system) =>
    maySee(actor, { agency: system.agency, party: null }, agencies) ? system : undefined,
}
