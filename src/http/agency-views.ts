import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'
import { z } from 'zod'
import { dayInShanghai } from '../calendar/day.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { uscc } from '../registry/documents.ts'
import { gaps } from '../registry/gaps.ts'
import { lists } from '../registry/lists.ts'
import { invalidParameters } from './input.ts'

/** The catalogue may be this old; an ETag tells whether it is. */
const CACHE = { 'Cache-Control': 'public, max-age=300' }

export const viewParam = z.object({ uscc })

/** What the catalogue says of an agency beside its entries: what is missing, and its three lists. */
export function agencyViewRoutes({ registry, clock }: Pick<Deps, 'registry' | 'clock'>): Hono {
  const today = () => dayInShanghai(clock())
  return new Hono()
    .use('/gaps', etag())
    .use('/agencies/*', etag())
    .get('/gaps', async (c) => {
      const view = await registry.view()
      const agencies = [...view.agencies.values()]
        .filter(({ status }) => status === 'active')
        .sort((a, b) => (a.uscc < b.uscc ? -1 : 1))
        .flatMap((agency) => gaps(view, agency.uscc, today()) ?? [])
        .map(({ agency, siblings, materials, services, items, pledge }) => ({
          ...{ ...agency, siblings: siblings.length, materials: materials.length },
          ...{ services: services.length, items: items.length, pledge },
        }))
      return reply(c, { agencies })
    })
    .get('/agencies/:uscc/gaps', zValidator('param', viewParam, invalidParameters), async (c) => {
      const view = await registry.view()
      return reply(c, gaps(view, c.req.valid('param').uscc, today()))
    })
    .get('/agencies/:uscc/lists', zValidator('param', viewParam, invalidParameters), async (c) =>
      reply(c, lists(await registry.view(), c.req.valid('param').uscc)),
    )
}

function reply(c: Context, body: object | undefined): Response {
  if (!body) throw new Refusal('not-found')
  return c.json(body, 200, CACHE)
}
