import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type Fault, readSearch } from '../audit/filters.ts'
import type { LogReader } from '../audit/reading.ts'
import type { LogRow } from '../audit/search.ts'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { noStore } from '../web/handle.ts'
import { invalidParameters } from './input.ts'
import { requireRole, requireVisitor } from './visitor.ts'

export const recordParam = z.object({ number: z.string().regex(/^(0|[1-9]\d{0,14})$/) })

/** GET /v1/admin/log: what the auditor's pages show, as JSON. */
export function adminLogRoutes(deps: Deps, reader: LogReader): Hono {
  return new Hono()
    .use(noStore)
    .get('/', async (c) => {
      const by = await requireAuditorPerson(deps, c)
      const read = readSearch(c.req.query(), await deps.registry.view())
      if ('faults' in read) throw new Refusal('parameters', { pointers: pointersOf(read.faults) })
      const { rows, next, ...page } = await reader.search(read.search, by)
      return c.json({ entries: rows.map(rowOf), next: next ?? null, ...page })
    })
    .get('/:number', zValidator('param', recordParam, invalidParameters), async (c) => {
      const by = await requireAuditorPerson(deps, c)
      const record = await reader.open(Number(c.req.valid('param').number), by)
      if (!record) throw new Refusal('not-found')
      const { number, entry, receipt, content } = record
      return c.json({ number, entry, receipt, content: content.is })
    })
}

/**
 * Whoever has the role reads the whole log, for whichever agency he has it: there is one log, and its
 * entries carry no personal data.
 *
 * @returns the person's id. @throws Refusal `signed-out`, `forbidden`.
 */
async function requireAuditorPerson(deps: Deps, c: Context): Promise<string> {
  const visitor = await requireVisitor(deps, c)
  requireRole(visitor, 'auditor')
  return visitor.person.id
}

function rowOf({ number, leaf }: LogRow) {
  return { number, entry: leaf }
}

function pointersOf(faults: readonly Fault[]): string[] {
  return faults.map(({ filter }) => `/${filter}`)
}
