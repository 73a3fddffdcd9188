import { normalizeIdNumber } from '../contract/name.ts'
import type { SqlBinding } from '../registry/documents.ts'
import { type Connector, lookedUpBy, ProviderFailure, type Question } from './connector.ts'
import { judgeRows, type Row } from './rows.ts'

/** Rights that nobody took away yesterday may be there today. */
const RECHECK_MILLIS = 10 * 60_000

const VERSION = /^[\x21-\x7e]{1,64}$/

/** By parameter name; null where the subject has no such member. */
export type SqlValues = Readonly<Record<string, string | null>>

/**
 * A provider's own database. Time, rows and connections are bounded by whoever builds it; its failures
 * quote neither the query nor a value, since they go to the operator's log.
 */
export type SqlSource = {
  /** @throws ProviderFailure, also for more rows than the source's limit. */
  query(text: string, values: SqlValues): Promise<readonly Row[]>
  /** @throws WritableSource when the account can write, ProviderFailure when nobody answers. */
  checkReadOnly(): Promise<void>
  close(): Promise<void>
}

/** The account could change the provider's data: the gateway does not use it. */
export class WritableSource extends Error {
  override readonly name = 'WritableSource'
}

/** A source that answers only while its account is known to be unable to write. */
export type GuardedSource = {
  /** Checks now, and says how it went to whoever built it. Never throws. */
  check(now: number): Promise<void>
  query(text: string, values: SqlValues, now: number): Promise<readonly Row[]>
  close(): Promise<void>
}

export type Verdict = 'read-only' | 'writable' | 'unreachable'

/**
 * Puts the check before the first query and, every ten minutes, before one more. A source that failed it
 * is checked again at the next query, once for all that wait: the operator mends the rights, and the
 * gateway need not be started again.
 */
export function guarded(
  source: SqlSource,
  onVerdict: (verdict: Verdict, message: string) => void,
): GuardedSource {
  let checkedAt: number | undefined
  let checking: Promise<void> | undefined
  let last: Verdict | undefined

  async function checkNow(now: number): Promise<void> {
    try {
      await source.checkReadOnly()
      checkedAt = now
      tell('read-only', '')
    } catch (error) {
      checkedAt = undefined
      if (!(error instanceof WritableSource)) {
        tell('unreachable', error instanceof ProviderFailure ? error.message : '')
        throw error
      }
      tell('writable', error.message)
      throw new ProviderFailure('down', error.message)
    }
  }

  function tell(verdict: Verdict, message: string): void {
    // That all is well from the start is no news.
    const isNews = verdict !== (last ?? 'read-only')
    if (isNews) onVerdict(verdict, message)
    last = verdict
  }

  function check(now: number): Promise<void> {
    checking ??= checkNow(now).finally(() => {
      checking = undefined
    })
    return checking
  }

  return {
    check: (now) => check(now).catch(() => {}),
    query: async (text, values, now) => {
      if (checkedAt === undefined || Math.abs(now - checkedAt) >= RECHECK_MILLIS) await check(now)
      return source.query(text, values)
    },
    close: () => source.close(),
  }
}

/**
 * Answers from the provider's own database by the binding's one query. The rows speak as of the query's
 * instant. Nothing is asked twice here: the caller's retry of the same request is judged again when the
 * provider was down or slow, and asking a database in trouble once more only adds to it.
 */
export function sqlConnector(
  sources: ReadonlyMap<string, Pick<GuardedSource, 'query'>>,
): Connector<SqlBinding> {
  return async (question) => {
    const { item, subject, now } = question
    const binding = item.connector
    const source = sources.get(binding.source)
    if (!source) throw new ProviderFailure('down', `the source ${binding.source} is not configured`)
    const by = lookedUpBy(binding, subject)
    if (!by)
      throw new ProviderFailure('invalid', 'the contract admits a subject without a lookup key')
    const wanted = normalizeIdNumber(by.value)
    const members = binding.lookup.map(({ subject: name }) => name)
    const values = members.map((name) => [name, name === by.subject ? wanted : null])
    const rows = await source.query(binding.query, Object.fromEntries(values), now)
    requireOwn(rows, by.column, wanted)
    const judged = judgeRows(question, rows.map(booleansSpelled(question)))
    const asOf = new Date(now).toISOString()
    // Only an answer may tell by its version that there were rows.
    const version = judged.outcome === 'ANSWERED' ? versionOf(binding, rows) : undefined
    return { asOf, source: { register: binding.register, version: version ?? asOf }, ...judged }
  }
}

/** A query that forgets its parameter would answer about everybody: each row says whose it is. */
function requireOwn(rows: readonly Row[], column: string, wanted: string): void {
  for (const row of rows) {
    const held = row[column]
    if (held === undefined)
      throw new ProviderFailure('invalid', `a row without the column ${column} it is found by`)
    if (normalizeIdNumber(held) !== wanted)
      throw new ProviderFailure('invalid', `a row whose ${column} is not the one asked for`)
  }
}

/** SQLite and many views know a boolean as 1 or 0. */
function booleansSpelled({ item, contract }: Question<SqlBinding>): (row: Row) => Row {
  const columns = new Set<string>()
  for (const [name, { column, comparedWith, aggregate }] of Object.entries(item.connector.claims))
    if (column !== undefined && comparedWith === undefined && aggregate !== 'list')
      if (contract.claims.get(name)?.schema.type === 'boolean') columns.add(column)
  const spell = (column: string, cell: string) =>
    !columns.has(column) ? cell : cell === '1' ? 'true' : cell === '0' ? 'false' : cell
  return (row) =>
    Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, spell(column, cell)]))
}

/** Where rows come from several releases, the newest by its spelling. */
function versionOf({ versionColumn }: SqlBinding, rows: readonly Row[]): string | undefined {
  if (versionColumn === undefined) return undefined
  const versions = rows.map((row) => row[versionColumn]).filter((one) => one !== undefined)
  const newest = versions.sort().at(-1)
  if (newest === undefined || !VERSION.test(newest))
    throw new ProviderFailure('invalid', `no version in the column ${versionColumn}`)
  return newest
}
