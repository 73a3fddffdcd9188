import {
  type Cell,
  type CellValue,
  cellRef,
  type ReadOptions,
  readXlsx,
  type Sheet as XlsxSheet,
} from 'hucre/xlsx'
import { type Entry, fromBufferPromise } from 'yauzl'

/** What a workbook may hold before anything of it is unpacked. */
export type WorkbookLimits = {
  readonly unpackedBytes: number
  readonly parts: number
  /** The part of the sheet that is looked at: a cell in a far corner would take all rows up to it. */
  readonly range?: string
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
  /** The first cell that it is about, as `B2`. */
  readonly at: string | undefined

  constructor(code: XlsxFault, message: string, { at, ...options }: ErrorOptions & At = {}) {
    super(message, options)
    this.code = code
    this.at = at
  }
}

type At = { readonly at?: string }

/**
 * One sheet's rows, dense, as they are typed; bounded before it is unpacked.
 *
 * Formulas are refused: what a formula shows depends on who computed it last, and where nobody did there
 * would be an empty cell.
 *
 * @param wanted the sheet by name; the first one where it is not named
 * @throws XlsxError
 */
export async function readWorkbook(
  bytes: Uint8Array,
  { limits, sheet: wanted }: { readonly limits: WorkbookLimits; readonly sheet?: string },
): Promise<readonly (readonly CellValue[])[]> {
  await checkArchive(bytes, limits)
  const sheet = await readSheet(bytes, {
    sheets: [wanted ?? 0],
    ...(limits.range === undefined ? {} : { range: limits.range }),
  })
  refuseUnsound(sheet.cells ?? new Map())
  return sheet.rows
}

/** As many widths of columns as a sheet tells apart at the most: each may cost the reader all 16384 columns. */
const WIDTHS_MAX = 256

/**
 * What the archive says that it unpacks to, before anything is unpacked. One that lies is found while
 * unpacking: no part may give more than it said.
 */
async function checkArchive(
  bytes: Uint8Array,
  { unpackedBytes, parts }: WorkbookLimits,
): Promise<void> {
  try {
    const { buffer, byteOffset, byteLength } = bytes
    const zip = await fromBufferPromise(Buffer.from(buffer, byteOffset, byteLength))
    if (zip.entryCount > parts) throw new XlsxError('too-large', `more than ${parts} parts`)
    const entries: Entry[] = []
    for await (const entry of zip.eachEntry()) entries.push(entry)
    const total = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
    if (total > unpackedBytes)
      throw new XlsxError('too-large', `unpacks to more than ${unpackedBytes} bytes`)
    for (const entry of entries)
      if ((await widthsIn(await zip.openReadStreamPromise(entry))) > WIDTHS_MAX)
        throw new XlsxError('too-large', `more than ${WIDTHS_MAX} widths of columns`)
  } catch (cause) {
    if (cause instanceof XlsxError) throw cause
    if (isCompoundFile(bytes)) throw new XlsxError('encrypted', 'a password, or an old .xls')
    throw new XlsxError('not-xlsx', 'not a sound ZIP archive', { cause })
  }
}

/** How often a part may define columns, whatever its name: counted once too often rather than not. */
async function widthsIn(part: AsyncIterable<Uint8Array>): Promise<number> {
  let found = 0
  let rest = ''
  const decoder = new TextDecoder('latin1')
  for await (const chunk of part) {
    const text = rest + decoder.decode(chunk)
    found += text.match(/[<:]col(?=[\s/>])/g)?.length ?? 0
    if (found > WIDTHS_MAX) return found
    // A mark that is cut in two; one that is whole stands before it.
    rest = text.slice(-4)
  }
  return found
}

const COMPOUND_FILE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

/** Where Office keeps an encrypted workbook, and kept every one before 2007. */
function isCompoundFile(bytes: Uint8Array): boolean {
  return COMPOUND_FILE.every((byte, i) => bytes[i] === byte)
}

async function readSheet(bytes: Uint8Array, options: ReadOptions): Promise<XlsxSheet> {
  const { sheets: read } = await readXlsx(bytes, options).catch((cause) => {
    throw new XlsxError('not-xlsx', `not a sound workbook (${(cause as Error).name})`, { cause })
  })
  const [sheet] = read
  if (!sheet) throw new XlsxError('sheet', 'no such sheet')
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
    const at = cellRef(row, column)
    throw new XlsxError(code, `${at} (${found.length} cells)`, { at })
  }
}

/**
 * A cell as text: dates as `2026-11-01` (`2026-11` where a month is meant), booleans `true` and `false`,
 * numbers in decimals.
 *
 * @throws XlsxError `digits` for a number that has lost some.
 */
export function spellCell(
  cell: NonNullable<CellValue>,
  { at, isMonth = false }: { readonly at: string; readonly isMonth?: boolean },
): string {
  if (typeof cell === 'string') return cell
  if (typeof cell === 'boolean') return String(cell)
  if (cell instanceof Date) return spellDate(cell, isMonth)
  const text = String(Number(cell.toPrecision(DIGITS_KEPT)))
  if (Math.abs(cell) >= 10 ** DIGITS_KEPT || text.includes('e'))
    throw new XlsxError('digits', at, { at })
  return text
}

/** A sheet's dates have no zone; a whole day is a date. */
function spellDate(date: Date, isMonth: boolean): string {
  const text = date.toISOString().slice(0, 19)
  return isMonth ? text.slice(0, 7) : text.endsWith('T00:00:00') ? text.slice(0, 10) : text
}
