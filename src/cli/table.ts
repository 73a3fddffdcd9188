import Table from 'cli-table3'
import { isStyled } from '../platform/terminal.ts'

/**
 * A table as text; Chinese counts two columns a character. Plain where colours are not shown.
 *
 * @param widths of its columns, their margins included: longer text wraps. By their content where not given.
 */
export function tableText(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  widths?: readonly number[],
): string {
  const border = isStyled() ? ['gray'] : []
  const wrapped = widths ? { colWidths: [...widths], wordWrap: true } : {}
  const table = new Table({ head: [...head], style: { head: [], border }, ...wrapped })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}
