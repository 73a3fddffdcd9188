import type { Bilingual } from '../../errors.ts'
import type { Members } from '../members.ts'
import { unescapeCell } from './cell.ts'
import type { Read } from './codec.ts'
import type { Column } from './column.ts'
import { type Draft, put } from './members.ts'

/** As much as a cell of Excel holds. */
const CELL_CHARACTERS_MAX = 32_767
/** Everything below a blank but tab and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

export type CellFault = { readonly column: Column; readonly texts: Bilingual }

/** A row's cells by column; columns that the sheet does not have are left as the base has them. */
export function readRow(
  places: readonly (readonly [Column, number])[],
  cells: readonly string[],
  base: Members,
): { readonly document: Members; readonly faults: readonly CellFault[] } {
  const document = structuredClone(base) as Draft
  const faults: CellFault[] = []
  for (const [column, i] of places) {
    if (column.isReadOnly) continue
    const read = readCell(column, unescapeCell(cells[i] ?? ''))
    if ('wrong' in read) faults.push({ column, texts: read.wrong })
    else put(document, column.path, read.value)
  }
  return { document, faults }
}

function readCell({ codec }: Column, cell: string): Read {
  if (cell.length > CELL_CHARACTERS_MAX)
    return {
      wrong: {
        zh: `超过 ${CELL_CHARACTERS_MAX} 个字符`,
        en: `It is longer than ${CELL_CHARACTERS_MAX} characters`,
      },
    }
  if (CONTROL.test(cell))
    return { wrong: { zh: '含有不可见的控制字符', en: 'It holds control characters' } }
  return cell.trim() === '' ? { value: codec.empty } : codec.read(cell)
}
