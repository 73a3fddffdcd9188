import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { readSearch, searchQuery } from '../../audit/filters.ts'
import type { LogReader } from '../../audit/reading.ts'
import type { LogRecord } from '../../audit/record.ts'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { recordParam } from '../../http/admin-log.ts'
import { invalidParameters } from '../../http/input.ts'
import { requireRole } from '../../http/visitor.ts'
import type { Leaf } from '../../log/entry.ts'
import type { LogIdentity } from '../../log/shard.ts'
import { namesOf } from '../../people/people.ts'
import { noStore } from '../handle.ts'
import { type Desk, enter } from './enter.ts'
import { type Listed, logPage } from './log.ts'
import { recordPage } from './record.ts'
import { onConsoleError } from './trouble.ts'

/** The auditor's pages of the log. @param identity whose log it is, in its current shard. */
export function logPages(deps: Deps, reader: LogReader, identity: LogIdentity): Hono {
  const { store, log } = deps
  const param = zValidator('param', recordParam, invalidParameters)

  async function list(given: Record<string, string>, { registry, person }: Desk): Promise<Listed> {
    const read = readSearch(given, registry)
    if ('faults' in read) return read
    const found = await reader.search(read.search, person.id)
    const leaves = found.rows.map(({ leaf }) => leaf)
    return { ...read, found, names: await namesOf(store.db, personsIn(leaves)) }
  }

  async function record(c: Context, { person }: Desk): Promise<LogRecord> {
    const opened = await reader.open(Number(c.req.param('number')), person.id)
    if (!opened) throw new Refusal('not-found')
    return opened
  }

  return new Hono()
    .onError(onConsoleError)
    .use(noStore)
    .get('/', async (c) => {
      const desk = await auditor(deps, c)
      const given = knownOf(c.req.query())
      const listed = await list(given, desk)
      return c.html(logPage(desk, { given, listed }), 'faults' in listed ? 400 : 200)
    })
    .get('/:number', param, async (c) => {
      const desk = await auditor(deps, c)
      const opened = await record(c, desk)
      const names = await namesOf(store.db, personsIn([opened.leaf]))
      return c.html(recordPage(desk, opened, { names, logs: [identity, ...log.past] }))
    })
    .get('/:number/:file', param, async (c) => {
      const desk = await auditor(deps, c)
      const file = FILES.get(c.req.param('file'))
      if (!file) throw new Refusal('not-found')
      const opened = await record(c, desk)
      c.header('Content-Type', file.type)
      c.header('Content-Disposition', `attachment; filename="${file.name(opened.number)}"`)
      return c.body(file.text(opened))
    })
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
async function auditor(deps: Deps, c: Context): Promise<Desk> {
  const desk = await enter(deps, c)
  requireRole(desk, 'auditor')
  return desk
}

/** Addresses get parameters of other people's: a page passes over what it does not know. */
function knownOf(query: Readonly<Record<string, string>>): Record<string, string> {
  const known = Object.entries(query).filter(([name]) => Object.hasOwn(searchQuery.shape, name))
  return Object.fromEntries(known)
}

function personsIn(leaves: readonly Leaf[]): string[] {
  return leaves.flatMap(({ act }) =>
    act ? [act.by, act.proposer, act.approver].filter((id) => id !== undefined) : [],
  )
}
