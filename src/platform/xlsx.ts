import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import {
  type Cell,
  type CellValue,
  cellRef,
  type ReadOptions,
  readXlsx,
  type Sheet,
} from 'hucre/xlsx'
import { fromBufferPromise } from 'yauzl'
import type { RowSource } from '../connector/handover.ts'
import type { Register } from '../registry/documents.ts'

/** A sheet is held in memory whole; a register beyond this is handed over as CSV, which is streamed. */
const XLSX_LIMITS = {
  fileBytes: 20_000_000,
  unpackedBytes: 64_000_000,
  entries: 1000,
  rows: 100_000,
}

/** Excel keeps fifteen digits of a number; an identity number typed as one has lost its last three. */
const DIGITS_KEPT = 15

export type XlsxFault =
  | 'not-xlsx'
  | 'too-large'
  | 'encrypted'
  | 'sheet'
  | 'header'
  | 'formula'
  | 'cell-error'
  | 'digits'

/** The file cannot be used; names cells, never what stands in them. */
export class XlsxError extends Error {
  override readonly name = 'XlsxError'
  readonly code: XlsxFault

  constructor(code: XlsxFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
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
  await checkUnpackedSize(bytes)
  const sheet = await readSheet(bytes, wanted)
  refuseUnsound(sheet.cells ?? new Map())
  const columns = columnsOf(sheet.rows[0] ?? [])
  const rows = sheet.rows.slice(1)
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

/**
 * What the archive says that it unpacks to, before anything is unpacked. One that lies is found while
 * unpacking: no part may give more than it said.
 */
async function checkUnpackedSize(bytes: Buffer): Promise<void> {
  let total = 0
  try {
    const zip = await fromBufferPromise(bytes)
    if (zip.entryCount > XLSX_LIMITS.entries)
      throw new XlsxError('too-large', `more than ${XLSX_LIMITS.entries} parts`)
    for await (const { uncompressedSize } of zip.eachEntry()) total += uncompressedSize
  } catch (cause) {
    if (cause instanceof XlsxError) throw cause
    if (isCompoundFile(bytes)) throw new XlsxError('encrypted', 'a password, or an old .xls')
    throw new XlsxError('not-xlsx', 'not a sound ZIP archive', { cause })
  }
  if (total > XLSX_LIMITS.unpackedBytes)
    throw new XlsxError('too-large', `unpacks to more than ${XLSX_LIMITS.unpackedBytes} bytes`)
}

/** Where Office keeps an encrypted workbook, and kept every one before 2007. */
function isCompoundFile(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1'
}

async function readSheet(bytes: Buffer, wanted: string | undefined): Promise<Sheet> {
  const sheets: ReadOptions['sheets'] = [wanted ?? 0]
  const { sheets: read } = await readXlsx(bytes, { sheets }).catch((cause) => {
    throw new XlsxError('not-xlsx', `not a sound workbook (${(cause as Error).name})`, { cause })
  })
  const [sheet] = read
  if (!sheet) throw new XlsxError('sheet', wanted === undefined ? 'no sheet' : 'no such sheet')
  return sheet
}

function refuseUnsound(cells: ReadonlyMap<string, Cell>): void {
  for (const [code, type] of [
    ['formula', 'formula'],
    ['cell-error', 'error'],
  ] as const) {
    const found = [...cells].filter(([, cell]) => cell.type === type).map(([key]) => key)
    const [first] = found
    if (first === undefined) continue
    const [row, column] = first.split(',').map(Number) as [number, number]
    throw new XlsxError(code, `${cellRef(row, column)} (${found.length} cells)`)
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
    entries.push([column, spell(cell, { at, isMonth: months.has(column) })])
  }
  return Object.fromEntries(entries)
}

function spell(
  cell: NonNullable<CellValue>,
  { at, isMonth }: { readonly at: string; readonly isMonth: boolean },
): string {
  if (typeof cell === 'string') return cell
  if (typeof cell === 'boolean') return String(cell)
  if (cell instanceof Date) return spellDate(cell, isMonth)
  const text = String(Number(cell.toPrecision(DIGITS_KEPT)))
  if (Math.abs(cell) >= 10 ** DIGITS_KEPT || text.includes('e')) throw new XlsxError('digits', at)
  return text
}

/** A sheet's dates have no zone; a whole day is a date. */
function spellDate(date: Date, isMonth: boolean): string {
  const text = date.toISOString().slice(0, 19)
  return isMonth ? text.slice(0, 7) : text.endsWith('T00:00:00') ? text.slice(0, 10) : text
}

function monthColumns({ properties }: Register['row']): ReadonlySet<string> {
  const all = Object.entries((properties ?? {}) as Record<string, { format?: string }>)
  return new Set(all.filter(([, { format }]) => format === 'year-month').map(([name]) => name))
}
