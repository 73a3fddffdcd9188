import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { dayInShanghai } from '../calendar/day.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { gaps } from '../registry/gaps.ts'
import { lists } from '../registry/lists.ts'
import { agencyParam } from './agencies.ts'
import { invalidParameters } from './input.ts'
import { reply } from './listing.ts'

/** What the catalogue says of an agency beside its entries: what is missing, and its three lists. */
export function agencyViewRoutes({ registry, clock }: Pick<Deps, 'registry' | 'clock'>): Hono {
  const today = () => dayInShanghai(clock())
  return new Hono()
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
    .get('/agencies/:uscc/gaps', zValidator('param', agencyParam, invalidParameters), async (c) => {
      const view = await registry.view()
      return reply(c, known(gaps(view, c.req.valid('param').uscc, today())))
    })
    .get('/agencies/:uscc/lists', zValidator('param', agencyParam, invalidParameters), async (c) =>
      reply(c, known(lists(await registry.view(), c.req.valid('param').uscc))),
    )
}

function known<T extends object>(found: T | undefined): T {
  if (!found) throw new Refusal('not-found')
  return found
}
