import type { Bilingual } from '../../errors.ts'
import type { Given } from './plan.ts'
import { SHEET_ROWS_MAX } from './sheet.ts'

/** A file as it was read, or why it cannot be. Names places, never what stands there. */
export type Opened =
  | { readonly given: Given; readonly encoding: Encoding }
  | { readonly wrong: Bilingual }

export type Encoding = 'UTF-8' | 'GB18030' | 'XLSX'

/** As many as a sheet of any kind has, many times over; a short file may name millions. */
const COLUMNS_MAX = 256

/** One more than may be: that there are too many is said by whoever judges the rows. */
export const ROWS_READ = SHEET_ROWS_MAX + 1

export const UNPACKS_TOO_LARGE: Bilingual = {
  zh: '工作簿展开后太大',
  en: 'The workbook is too large once it is unpacked',
}

export function wrong(zh: string, en: string): Opened {
  return { wrong: { zh, en } }
}

/** A row as it stands in the file: trailing empty cells are none. */
export type Line = { readonly line: number; readonly cells: readonly string[] }

/**
 * The first line names the columns, empty lines are left out. A line may be shorter than the first, since
 * spreadsheets leave out empty cells at its end; a longer one is refused: nobody knows what is too much.
 */
export function sheetOfLines(lines: readonly Line[], encoding: Encoding): Opened {
  const [header, ...rows] = lines.map(withoutTail)
  if (!header || header.cells.length === 0)
    return wrong('第一行应写列名', 'The first line has to name the columns')
  if (header.cells.length > COLUMNS_MAX)
    return wrong(`超过 ${COLUMNS_MAX} 列`, `There are more than ${COLUMNS_MAX} columns`)
  const filled = rows.filter(({ cells }) => cells.length > 0)
  const longer = filled.find(({ cells }) => cells.length > header.cells.length)
  if (longer)
    return wrong(
      `第 ${longer.line} 行的单元格比列名多`,
      `Line ${longer.line} has more cells than there are column names`,
    )
  const headings = header.cells
  const whole = filled.map(({ line, cells }) => ({
    line,
    cells: headings.map((_, i) => cells[i] ?? ''),
  }))
  return { given: { headings, rows: whole }, encoding }
}

function withoutTail({ line, cells }: Line): Line {
  const last = cells.findLastIndex((cell) => cell.trim() !== '')
  return { line, cells: cells.slice(0, last + 1) }
}
