import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Row } from '../connector/rows.ts'
import type { SqlValues } from '../connector/sql.ts'

/** A register's cell is a name, a code or an address. */
const CELL_CHARS = 10_000
const STATEMENTS = 32

type Task = { readonly id: number } & (
  | { readonly kind: 'check' }
  | { readonly kind: 'query'; readonly text: string; readonly values: SqlValues }
)

type Fault = 'down' | 'timeout' | 'invalid' | 'writable'

type Outcome = { readonly rows: readonly Row[] } | { readonly fault: Fault; readonly what: string }

/** What crosses the channel between the gateway and the process that reads one SQLite file. */
export type SqliteTask = Task
export type SqliteReply = { readonly id: number } & Outcome

class Broken extends Error {}

/**
 * The process that reads one provider's SQLite file: better-sqlite3 blocks its thread, and a look-up that
 * runs away can be stopped in no way but by ending the process. It holds a read-only handle and nothing
 * else: no key, no environment, nothing to lose when it is killed.
 */
function main(path: string, options: { maxRows: number; busyMillis: number }): void {
  const open = opener(path, options.busyMillis)
  // The gateway decides when this process ends; Ctrl-C on a terminal reaches both.
  process.on('SIGINT', () => {})
  process.on('disconnect', () => process.exit())
  process.on('message', (task: Task) => {
    process.send?.({ id: task.id, ...attempt(() => run(task)) } satisfies SqliteReply)
  })

  function run(task: Task): readonly Row[] {
    if (task.kind === 'check') return checkReadOnly(open().db)
    const { db, statements } = open()
    let statement = statements.get(task.text)
    if (!statement) {
      if (statements.size >= STATEMENTS) statements.clear()
      const limited = `SELECT * FROM (${task.text}) LIMIT ${options.maxRows + 1}`
      statement = db.prepare(limited).safeIntegers(true)
      statements.set(task.text, statement)
    }
    const rows = statement.all(task.values) as Record<string, unknown>[]
    if (rows.length > options.maxRows) throw new Broken(`more than ${options.maxRows} rows`)
    return rows.map(spelled)
  }
}

/** The file is opened again when another has taken its name: an export replaced it, or it came back. */
function opener(path: string, busyMillis: number) {
  type Opened = {
    readonly inode: string
    readonly db: Database.Database
    readonly statements: Map<string, Database.Statement>
  }
  let opened: Opened | undefined
  return (): Opened => {
    const { dev, ino } = statSync(path)
    const inode = `${dev}:${ino}`
    if (opened?.inode === inode) return opened
    opened?.db.close()
    opened = undefined
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyMillis })
    db.pragma('query_only = ON')
    db.pragma('trusted_schema = OFF')
    opened = { inode, db, statements: new Map() }
    return opened
  }
}

/** The handle itself must refuse: an attempt to begin writing has to fail as one on a read-only file. */
function checkReadOnly(db: Database.Database): readonly Row[] {
  try {
    db.exec('BEGIN IMMEDIATE')
  } catch (error) {
    const { code } = error as { code?: string }
    if (code?.startsWith('SQLITE_READONLY')) return []
    throw error
  }
  db.exec('ROLLBACK')
  throw new Broken('writable')
}

function attempt(work: () => readonly Row[]): Outcome {
  try {
    return { rows: work() }
  } catch (error) {
    if (error instanceof Broken)
      return { fault: error.message === 'writable' ? 'writable' : 'invalid', what: error.message }
    const { code, name } = error as { code?: string; name: string }
    return { fault: faultOf(code), what: code ?? name }
  }
}

/** Only the engine's code is passed on: its messages quote the query. */
function faultOf(code: string | undefined): Fault {
  if (code === undefined) return 'invalid'
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'timeout'
  if (/^(ENO|EACC|EPERM|EIO|ENOTDIR|SQLITE_(CANTOPEN|IOERR|CORRUPT|NOTADB|PERM|AUTH))/.test(code))
    return 'down'
  return 'invalid'
}

function spelled(cells: Record<string, unknown>): Row {
  const entries = Object.entries(cells).map(([column, cell]) => [column, spell(column, cell)])
  return Object.fromEntries(entries.filter(([, text]) => text !== ''))
}

function spell(column: string, cell: unknown): string {
  if (cell === null) return ''
  if (typeof cell === 'bigint' || typeof cell === 'number') return String(cell)
  if (typeof cell !== 'string') throw new Broken(`the column ${column} is not text or a number`)
  if (cell.length > CELL_CHARS) throw new Broken(`the column ${column} is too long`)
  return cell
}

const [path, maxRows, busyMillis] = process.argv.slice(2)
if (path !== undefined && process.send)
  main(path, { maxRows: Number(maxRows), busyMillis: Number(busyMillis) })
