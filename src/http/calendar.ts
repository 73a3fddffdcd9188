import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { z } from 'zod'
import { dayInShanghai, instantOf } from '../calendar/day.ts'
import { dueOf } from '../calendar/due.ts'
import type { Limit } from '../calendar/limit.ts'
import type { Deps } from '../deps.ts'
import { invalidParameters } from './input.ts'

const CACHE = { 'Cache-Control': 'public, max-age=300' }
const INSTANT_CHARACTERS_MAX = 40

export const deadlineQuery = z.strictObject({
  /** A day of Asia/Shanghai, or an instant. */
  from: z.union([z.iso.date(), z.iso.datetime({ offset: true }).max(INSTANT_CHARACTERS_MAX)]),
  /** Working days, 1 to 100. */
  days: z.string().regex(/^([1-9]\d?|100)$/),
})

/** How the gateway counts working days, so that anybody can count a clock again. */
export function calendarRoutes({ registry }: Pick<Deps, 'registry'>): Hono {
  return new Hono()
    .use('/calendar', etag())
    .use('/deadline', etag())
    .get('/calendar', async (c) => {
      const { years } = (await registry.view()).calendar
      const loaded = [...years.values()].map(({ document, version }) => ({ version, document }))
      return c.json({ zone: 'Asia/Shanghai', years: loaded }, 200, CACHE)
    })
    .get('/deadline', zValidator('query', deadlineQuery, invalidParameters), async (c) => {
      const { from, days } = c.req.valid('query')
      const start = from.includes('T') ? Date.parse(from) : instantOf(from, '00:00')
      const limit: Limit = { ...ASKED, n: Number(days) }
      const { calendar } = await registry.view()
      const { due, trace } = dueOf(calendar, { limit, start })
      return c.json({ receivedOn: dayInShanghai(start), dueOn: due?.on, trace }, 200, CACHE)
    })
}

const ASKED = {
  unit: 'WORKING_DAY',
  from: 'RECEIPT',
  basis: 'GET /v1/catalog/deadline',
} as const
