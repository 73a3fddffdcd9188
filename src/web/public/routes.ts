import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { z } from 'zod'
import { dayInShanghai } from '../../calendar/day.ts'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { agencyParam } from '../../http/agencies.ts'
import { itemFilters, itemParam } from '../../http/catalog.ts'
import { filter, invalidParameters } from '../../http/input.ts'
import { serviceParam } from '../../http/service-items.ts'
import { shardName } from '../../log/shard.ts'
import { SORTS } from '../../registry/catalogue.ts'
import { isPublic } from '../../registry/order.ts'
import { send } from '../handle.ts'
import { pagedQuery, pageNumber } from '../paging.ts'
import { viewOf } from '../view.ts'
import { agencyPage } from './agency.ts'
import { catalogPage } from './catalog.ts'
import { guidePage } from './guide.ts'
import { servicesPage } from './guides.ts'
import { homePage } from './home.ts'
import { itemPage } from './item.ts'
import { pledgesPage } from './pledges.ts'
import { proofsPage } from './proofs.ts'
import { statisticsPage } from './statistics.ts'

const lang = z.string().optional()

/** Addresses get parameters of other people's (`utm_source` …): a page passes over what it does not know. */
const catalogQuery = z.object({
  ...itemFilters,
  sort: filter(z.enum(SORTS)),
  ...{ page: pageNumber, lang },
})

const guidesQuery = z.object({ ...pagedQuery.shape, lang })

/** What was in the catalogue once stays to be looked up; drafts never were. */
const PUBLISHED_ONCE = ['published', 'suspended', 'retired']

/** What anybody may read, without signing in; the same data as `/v1/catalog/**`. */
export function publicRoutes(
  deps: Pick<Deps, 'registry' | 'look' | 'signIn' | 'log' | 'clock'>,
): Hono {
  const { registry, log, clock } = deps
  return new Hono()
    .use(etag())
    .get('/', async (c) => {
      const checkpoint = `/${shardName(log.head().shard)}/checkpoint`
      return send(c, homePage(viewOf(c, deps), await registry.view(), { checkpoint }))
    })
    .get('/services', zValidator('query', guidesQuery, invalidParameters), async (c) => {
      const { q, page: at = 1 } = c.req.valid('query')
      return send(c, servicesPage(viewOf(c, deps), await registry.view(), { q, page: at }))
    })
    .get('/services/:code', zValidator('param', serviceParam, invalidParameters), async (c) => {
      const view = await registry.view()
      const service = view.services.get(c.req.valid('param').code)
      if (!service || !isPublic(service)) throw new Refusal('not-found')
      return send(c, guidePage(viewOf(c, deps), view, service))
    })
    .get('/catalog', zValidator('query', catalogQuery, invalidParameters), async (c) => {
      const { page: at = 1, lang: _, ...query } = c.req.valid('query')
      return send(c, catalogPage(viewOf(c, deps), await registry.view(), { ...query, page: at }))
    })
    .get('/items/:code', zValidator('param', itemParam, invalidParameters), async (c) => {
      const view = await registry.view()
      const known = view.items.get(c.req.valid('param').code) ?? []
      const versions = known.filter(({ state }) => PUBLISHED_ONCE.includes(state))
      if (versions.length === 0) throw new Refusal('unknown-item')
      return send(c, itemPage(viewOf(c, deps), view, versions))
    })
    .get('/not-demandable', async (c) =>
      send(c, proofsPage(viewOf(c, deps), await registry.view(), c.req.query('q'))),
    )
    .get('/agencies/:uscc', zValidator('param', agencyParam, invalidParameters), async (c) => {
      const view = await registry.view()
      const agency = view.agencies.get(c.req.valid('param').uscc)
      if (!agency) throw new Refusal('not-found')
      const today = dayInShanghai(clock())
      return send(c, agencyPage(viewOf(c, deps), view, { agency, today }))
    })
    .get('/pledges', async (c) => {
      const today = dayInShanghai(clock())
      return send(c, pledgesPage(viewOf(c, deps), await registry.view(), today))
    })
    .get('/statistics', async (c) =>
      send(c, statisticsPage(viewOf(c, deps), await registry.view())),
    )
}
