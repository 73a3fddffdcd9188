import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { readSearch, searchQuery } from '../../audit/filters.ts'
import { namesIn } from '../../audit/persons.ts'
import type { LogReader } from '../../audit/reading.ts'
import type { LogRecord } from '../../audit/record.ts'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { recordParam } from '../../http/admin-log.ts'
import { invalidParameters } from '../../http/input.ts'
import { requireRole, requireVisitor } from '../../http/visitor.ts'
import type { LogIdentity } from '../../log/shard.ts'
import type { Visitor } from '../../people/session.ts'
import { consoleView } from './console-view.ts'
import { type Listed, logPage } from './log.ts'
import { menuOf } from './menu.ts'
import { recordPage } from './record.ts'

/** The auditor's pages of the log. @param identity whose log it is, in its current shard. */
export function logPages(deps: Deps, reader: LogReader, identity: LogIdentity): Hono {
  const { registry, store, log } = deps
  const opened = async (c: Context, by: Visitor): Promise<LogRecord> => {
    const record = await reader.open(Number(c.req.param('number')), by.person.id)
    if (!record) throw new Refusal('not-found')
    return record
  }
  const param = zValidator('param', recordParam, invalidParameters)
  return new Hono()
    .use(async (c, next) => {
      await next()
      // A list of the log is read anew each time, and each time it is an entry.
      c.header('Cache-Control', 'no-store')
    })
    .get('/', async (c) => {
      const visitor = await auditor(deps, c)
      const view = await registry.view()
      const given = knownOf(c.req.query())
      const page = consoleView(c, deps, { visitor, registry: view })
      const listed = await list(given, visitor)
      const menu = menuOf(page.lang, visitor.person)
      const status = 'faults' in listed ? 400 : 200
      return c.html(logPage(page, view, { menu, given, listed }), status)
    })
    .get('/:number', param, async (c) => {
      const visitor = await auditor(deps, c)
      const view = await registry.view()
      const record = await opened(c, visitor)
      const page = consoleView(c, deps, { visitor, registry: view })
      const names = await namesIn(store, [record.leaf])
      const telling = { lang: page.lang, registry: view, names }
      const menu = menuOf(page.lang, visitor.person)
      return c.html(recordPage(page, record, { menu, telling, logs: [identity, ...log.past] }))
    })
    .get('/:number/:file', param, async (c) => {
      const visitor = await auditor(deps, c)
      const file = FILES.get(c.req.param('file'))
      if (!file) throw new Refusal('not-found')
      const record = await opened(c, visitor)
      c.header('Content-Type', file.type)
      c.header('Content-Disposition', `attachment; filename="${file.name(record.number)}"`)
      return c.body(file.text(record))
    })

  async function list(given: Record<string, string>, { person }: Visitor): Promise<Listed> {
    const read = readSearch(given, await registry.view())
    if ('faults' in read) return read
    const found = await reader.search(read.search, person.id)
    return {
      ...read,
      found,
      names: await namesIn(
        store,
        found.rows.map(({ leaf }) => leaf),
      ),
    }
  }
}

type File = {
  readonly type: string
  name(number: number): string
  text(record: LogRecord): string
}

const FILES: ReadonlyMap<string, File> = new Map([
  [
    'record.json',
    {
      type: 'application/json',
      name: (number) => `record-${number}.json`,
      text: ({ entry, receipt }) => JSON.stringify({ entry, receipt }),
    },
  ],
  [
    'receipt.tlog-proof',
    {
      type: 'text/plain; charset=utf-8',
      name: (number) => `record-${number}.tlog-proof`,
      text: ({ receipt }) => receipt,
    },
  ],
] satisfies [string, File][])

/** @throws Refusal `signed-out`, `forbidden`. */
async function auditor(deps: Deps, c: Context): Promise<Visitor> {
  const visitor = await requireVisitor(deps, c)
  requireRole(visitor, 'auditor')
  return visitor
}

/** Addresses get parameters of other people's: a page passes over what it does not know. */
function knownOf(query: Readonly<Record<string, string>>): Record<string, string> {
  const known = Object.entries(query).filter(([name]) => Object.hasOwn(searchQuery.shape, name))
  return Object.fromEntries(known)
}
