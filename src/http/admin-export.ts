import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import type { Actor } from '../proposal/actor.ts'
import { maySee, maySeeAgreement } from '../proposal/show.ts'
import type { Agreement, Item } from '../registry/documents.ts'
import { byCode } from '../registry/order.ts'
import type { Registry } from '../registry/registry.ts'
import { sheetPath } from './admin-import.ts'
import { actorOf } from './admin-proposals.ts'
import { exportParameters, sendSheet } from './export.ts'
import { invalidParameters } from './input.ts'
import { requireVisitor } from './visitor.ts'

export const exportParam = z.object({ kind: sheetPath })
export const exportQuery = z.strictObject(exportParameters)

/**
 * What somebody signed in has business with, whatever its state, as files that can be brought back: of items
 * the newest version, which the next one is written for.
 */
export function adminExportRoutes(deps: Deps): Hono {
  const param = zValidator('param', exportParam, invalidParameters)
  return new Hono().get(
    '/:kind',
    param,
    zValidator('query', exportQuery, invalidParameters),
    async (c) => {
      const actor = actorOf(await requireVisitor(deps, c))
      const view = await deps.registry.view()
      const asked = c.req.valid('query')
      const { kind } = c.req.valid('param')
      const isOwn = true
      if (kind === 'items')
        return sendSheet(c, deps, { kind: 'item', documents: itemsOf(view, actor), asked, isOwn })
      if (kind === 'services')
        return sendSheet(c, deps, {
          ...{ kind: 'service', asked, isOwn },
          documents: servicesOf(view, actor),
        })
      const documents = agreementsOf(view, actor)
      return sendSheet(c, deps, { kind: 'agreement', documents, asked, isOwn })
    },
  )
}

function itemsOf({ items, agencies }: Registry, actor: Actor): readonly Item[] {
  return [...items.values()]
    .flatMap(([newest]) => newest ?? [])
    .filter(({ provider }) => maySee(actor, { agency: provider, party: null }, agencies))
    .sort(byCode)
}

function servicesOf({ services, agencies }: Registry, actor: Actor) {
  return [...services.values()]
    .filter(({ lead }) => maySee(actor, { agency: lead, party: null }, agencies))
    .sort(byCode)
}

/** Those of one's own agency, of one's own items, and whatever the authority or an auditor looks into. */
function agreementsOf(view: Registry, actor: Actor): Agreement[] {
  return [...view.agreements.values()]
    .flat()
    .filter((agreement) => maySeeAgreement(actor, view, agreement))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
