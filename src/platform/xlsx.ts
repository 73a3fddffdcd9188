import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { type CellValue, cellRef } from 'hucre/xlsx'
import type { RowSource } from '../connector/handover.ts'
import type { Register } from '../registry/documents.ts'
import { readWorkbook, spellCell, XlsxError } from '../registry/sheet/workbook.ts'

/** A sheet is held in memory whole; a register beyond this is handed over as CSV, which is streamed. */
const XLSX_LIMITS = {
  fileBytes: 20_000_000,
  unpackedBytes: 64_000_000,
  parts: 1000,
  rows: 100_000,
}

type Options = {
  /** By name; the first one where it is not named. */
  readonly sheet?: string
  /** The register's row schema: how a date is spelled. */
  readonly row: Register['row']
}

/**
 * A register's sheet as rows of text: the first row names the columns, empty rows and cells are left out,
 * dates are spelled `2026-11-01` (`2026-11` where the column is a year and month), booleans `true` and
 * `false`, numbers in decimals. `line` is the row's number in the sheet.
 *
 * Formulas are refused: what a formula shows depends on who computed it last, and where nobody did there
 * would be an empty cell.
 *
 * @throws XlsxError before any row is given.
 */
export async function openXlsx(path: string, { sheet: wanted, row }: Options): Promise<RowSource> {
  if ((await stat(path)).size > XLSX_LIMITS.fileBytes)
    throw new XlsxError('too-large', `more than ${XLSX_LIMITS.fileBytes} bytes`)
  const bytes = await readFile(path)
  const named = wanted === undefined ? {} : { sheet: wanted }
  const [header = [], ...rows] = await readWorkbook(bytes, { limits: XLSX_LIMITS, ...named })
  const columns = columnsOf(header)
  if (rows.length > XLSX_LIMITS.rows)
    throw new XlsxError('too-large', `more than ${XLSX_LIMITS.rows} rows`)
  const months = monthColumns(row)
  const spelled = rows.map((cells, i) => ({
    line: i + 2,
    row: rowOf(cells, { columns, months, line: i + 2 }),
  }))
  const digest = createHash('sha256').update(bytes).digest('base64url')
  return {
    rows: spelled.filter((one) => Object.keys(one.row).length > 0),
    digest: () => digest,
  }
}

/** Every column has one name of its own; what stands beside the named ones is refused with its row. */
function columnsOf(header: readonly CellValue[]): readonly string[] {
  const names = header.map((cell) => (typeof cell === 'string' ? cell.trim() : ''))
  while (names.at(-1) === '' && header[names.length - 1] == null) names.pop()
  const unnamed = names.indexOf('')
  if (unnamed >= 0) throw new XlsxError('header', `${cellRef(0, unnamed)} names no column`)
  if (names.length === 0) throw new XlsxError('header', 'the first row names no columns')
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i)
  if (twice >= 0) throw new XlsxError('header', `${cellRef(0, twice)} names a column again`)
  return names
}

type Reading = { readonly columns: readonly string[]; readonly months: ReadonlySet<string> }

function rowOf(
  cells: readonly CellValue[],
  { columns, months, line }: Reading & { readonly line: number },
): Record<string, string> {
  const entries: [string, string][] = []
  for (const [i, cell] of cells.entries()) {
    if (cell === null || cell === undefined || cell === '') continue
    const column = columns[i]
    const at = cellRef(line - 1, i)
    if (column === undefined)
      throw new XlsxError('header', `${at} stands in a column without a name`)
    entries.push([column, spellCell(cell, { at, isMonth: months.has(column) })])
  }
  return Object.fromEntries(entries)
}

function monthColumns({ properties }: Register['row']): ReadonlySet<string> {
  const all = Object.entries((properties ?? {}) as Record<string, { format?: string }>)
  return new Set(all.filter(([, { format }]) => format === 'year-month').map(([name]) => name))
}
