import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { z } from 'zod'
import { dayInShanghai } from '../calendar/day.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { findItems } from '../registry/catalogue.ts'
import { uscc } from '../registry/documents.ts'
import { findServices } from '../registry/guide.ts'
import { pledgesOn } from '../registry/pledge.ts'
import { statisticsOf } from '../registry/statistics.ts'
import { invalidParameters } from './input.ts'
import { nextPage, pageOf, paging, reply } from './listing.ts'

export const agencyParam = z.object({ uscc })
export const agenciesQuery = z.strictObject(paging(uscc))

/** Who takes part, what each answers and leads, and what it all adds up to. */
export function agencyRoutes({ registry, clock }: Pick<Deps, 'registry' | 'clock'>): Hono {
  return new Hono()
    .get('/agencies', zValidator('query', agenciesQuery, invalidParameters), async (c) => {
      const { cursor, limit } = c.req.valid('query')
      const agencies = [...(await registry.view()).agencies.values()]
      const sorted = agencies.sort((a, b) => (a.uscc < b.uscc ? -1 : 1))
      const { page, next } = pageOf(sorted, { cursor, limit, keyOf: (one) => one.uscc })
      return reply(c, {
        agencies: page,
        total: sorted.length,
        ...(next === undefined ? {} : { next: nextPage(c, next) }),
      })
    })
    .get('/agencies/:uscc', zValidator('param', agencyParam, invalidParameters), async (c) => {
      const view = await registry.view()
      const agency = view.agencies.get(c.req.valid('param').uscc)
      if (!agency) throw new Refusal('not-found')
      const { entries } = findItems(view, { agency: agency.uscc })
      const services = findServices(view).filter(({ lead }) => lead === agency.uscc)
      const items = entries.map(({ item: { code, names, state } }) => ({ code, names, state }))
      const led = services.map(({ code, names, state }) => ({ code, names, state }))
      return reply(c, { ...agency, items, services: led })
    })
    .get('/pledges', async (c) => {
      const view = await registry.view()
      const { pledges, owing } = pledgesOn(view, dayInShanghai(clock()))
      const named = (code: string) => ({ uscc: code, names: view.agencies.get(code)?.names })
      return reply(c, {
        pledges: pledges.map((one) => ({ ...one, agency: named(one.agency) })),
        owing: owing.map(named),
      })
    })
    .get('/statistics', async (c) => reply(c, statisticsOf(await registry.view())))
}
