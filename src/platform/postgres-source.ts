import { DatabaseError, Pool } from 'pg'
import { ProviderFailure } from '../connector/connector.ts'
import type { Row } from '../connector/rows.ts'
import { type SqlSource, WritableSource } from '../connector/sql.ts'
import { positional } from '../registry/query.ts'
import { WRITE_RIGHTS } from './postgres-rights.ts'

/** A guest in somebody else's database: few connections, and none kept for long. */
const CONNECTIONS = 4
const IDLE_MILLIS = 30_000
/** Beyond the server's own time-out, for a server that no longer keeps it. */
const GRACE_MILLIS = 500
const CELL_CHARS = 10_000

const BOOLEAN = 16
const BYTEA = 17
const BLANK_PADDED = 1042
const TIMESTAMP = 1114
const TIMESTAMP_TZ = 1184

export type PostgresOptions = {
  /** For the operator's log, instead of the address. */
  readonly name: string
  /** A connection string; `sslmode=verify-full` and `sslrootcert` in it ask for TLS. */
  readonly url: string
  readonly timeoutMillis: number
  readonly maxRows: number
}

/**
 * A provider's PostgreSQL. The session is read-only and its statements are cut off by the server; the
 * query runs as a subquery with a row limit, where no statement that writes may stand.
 *
 * Nothing of the server's messages is passed on, which quote statements and values: only the SQLSTATE.
 */
export function postgresSource({ name, url, timeoutMillis, maxRows }: PostgresOptions): SqlSource {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    idleTimeoutMillis: IDLE_MILLIS,
    connectionTimeoutMillis: timeoutMillis,
    statement_timeout: timeoutMillis,
    query_timeout: timeoutMillis + GRACE_MILLIS,
    application_name: 'mianzheng',
    options: '-c default_transaction_read_only=on -c DateStyle=ISO -c TimeZone=UTC',
    types: { getTypeParser: (oid: number) => (text: string) => spell(oid, text) },
  })
  // A connection that dies while nobody uses it: the pool drops it, and the next query opens another.
  pool.on('error', () => {})

  async function run(text: string, values: readonly unknown[] = []) {
    try {
      return await pool.query<Record<string, string | null>>({ text, values: [...values] })
    } catch (error) {
      throw failureOf(name, error)
    }
  }

  return {
    query: async (text, values) => {
      const { text: numbered, names } = positional(text)
      const limited = `SELECT * FROM (${numbered}) AS answer LIMIT ${maxRows + 1}`
      const { rows, fields } = await run(
        limited,
        names.map((parameter) => values[parameter] ?? null),
      )
      if (rows.length > maxRows)
        throw new ProviderFailure('invalid', `${name}: more rows than ${maxRows}`)
      if (fields.some(({ dataTypeID }) => dataTypeID === BYTEA))
        throw new ProviderFailure('invalid', `${name}: a column of bytes`)
      return rows.map((row) => withoutNulls(name, row))
    },
    checkReadOnly: async () => {
      const { rows } = await run(WRITE_RIGHTS)
      const rights = rows.map(({ what }) => what ?? '')
      if (rights.length > 0)
        throw new WritableSource(`${name}: the account can write: ${rights.join(', ')}`)
    },
    close: () => pool.end(),
  }
}

/** As the rows' reader expects it; text that is none of these stays as PostgreSQL writes it. */
function spell(oid: number, text: string): string {
  if (oid === BOOLEAN) return text === 't' ? 'true' : 'false'
  if (oid === BLANK_PADDED) return text.trimEnd()
  if (oid === TIMESTAMP) return text.replace(' ', 'T')
  if (oid === TIMESTAMP_TZ) return text.replace(' ', 'T').replace(/\+00$/, 'Z')
  return text
}

function withoutNulls(name: string, cells: Record<string, string | null>): Row {
  const held = Object.entries(cells).filter(([, cell]) => cell !== null && cell !== '')
  const long = held.find(([, cell]) => (cell as string).length > CELL_CHARS)
  if (long) throw new ProviderFailure('invalid', `${name}: the column ${long[0]} is too long`)
  return Object.fromEntries(held) as Row
}

/** SQLSTATE classes (PostgreSQL, appendix A): who is not there, who is not let in, who is going away. */
const DOWN = /^(08|28|3D|53|55|57|58|XX)/
const CANCELED = '57014'

function failureOf(name: string, error: unknown): ProviderFailure {
  if (error instanceof DatabaseError) {
    const code = error.code ?? ''
    const how = code === CANCELED ? 'timeout' : DOWN.test(code) ? 'down' : 'invalid'
    return new ProviderFailure(how, `${name}: SQLSTATE ${code}`)
  }
  const { code, message } = error as { code?: string; message?: string }
  const isSlow = code === 'ETIMEDOUT' || /\btimeout\b/i.test(message ?? '')
  return new ProviderFailure(
    isSlow ? 'timeout' : 'down',
    `${name}: ${code ?? (isSlow ? 'no answer in time' : 'connection lost')}`,
  )
}
