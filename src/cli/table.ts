import Table from 'cli-table3'
import { isStyled } from '../platform/terminal.ts'

/** A table as text; Chinese counts two columns a character. Plain where colours are not shown. */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const border = isStyled() ? ['gray'] : []
  const table = new Table({ head: [...head], style: { head: [], border } })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}
