import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import type { Row } from '../connector/rows.ts'
import type { Register } from '../registry/documents.ts'
import { openCsv } from './csv.ts'
import { readIfPresent, writeDurably } from './files.ts'
import type { SourcesFile } from './sources.ts'

const NAME = /^[a-z][a-z0-9_]{0,62}$/
const PRIVATE = 0o600

type Demo = {
  /** Its name in sources.json, and the file's. */
  readonly source: string
  readonly table: string
  readonly register: Pick<Register, 'row' | 'keys'>
  /** The register's CSV file. */
  readonly csv: string
}

/**
 * A provider's own database for the demo city: `DATA_DIR/providers/<source>.sqlite`, one table of text
 * columns as the register's row schema names them, indexed by its keys, and the source of that name in
 * sources.json beside what stands there. May be run again: the file is replaced whole.
 *
 * @returns how many rows it holds.
 * @throws RangeError for a name that is not a plain SQL identifier; CsvError.
 */
export async function writeDemoDatabase(dataDir: string, demo: Demo): Promise<number> {
  const path = join(dataDir, 'providers', `${demo.source}.sqlite`)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.tmp`
  await rm(draft, { force: true })
  const count = await writeTable(draft, demo)
  await chmod(draft, PRIVATE)
  await rename(draft, path)
  await addSource(dataDir, demo.source, { kind: 'sqlite', path: join('providers', basename(path)) })
  return count
}

async function writeTable(path: string, { table, register, csv }: Demo): Promise<number> {
  const columns = Object.keys((register.row.properties ?? {}) as Record<string, unknown>)
  for (const name of [table, ...columns, ...register.keys])
    if (!NAME.test(name)) throw new RangeError(`not a plain SQL name: ${name}`)
  const db = new Database(path)
  try {
    db.exec(`CREATE TABLE "${table}" (${columns.map((name) => `"${name}" TEXT`).join(', ')})`)
    const places = columns.map(() => '?').join(', ')
    const insert = db.prepare(`INSERT INTO "${table}" VALUES (${places})`)
    const rows: Row[] = []
    for await (const { row } of openCsv(csv).rows) rows.push(row)
    db.transaction(() => {
      for (const row of rows) insert.run(...columns.map((name) => row[name] ?? null))
    })()
    for (const key of register.keys) db.exec(`CREATE INDEX "by_${key}" ON "${table}" ("${key}")`)
    return rows.length
  } finally {
    db.close()
  }
}

async function addSource(dataDir: string, name: string, source: SourcesFile[string]) {
  const path = join(dataDir, 'sources.json')
  const text = await readIfPresent(path)
  const held = text === undefined ? {} : (JSON.parse(text) as SourcesFile)
  const merged = { ...held, [name]: source }
  await writeDurably(path, `${JSON.stringify(merged, null, 2)}\n`, PRIVATE)
}
