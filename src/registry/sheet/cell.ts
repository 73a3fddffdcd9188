/**
 * What makes a spreadsheet compute instead of show. Tab and carriage return count, since some programs drop
 * them and look at what follows; so do the full-width signs, which some take for the others.
 */
const DANGER = /^'*[=+\-@\t\r＝＋－＠]/u

/**
 * A text as a cell that no spreadsheet takes for a formula: an apostrophe before it, which spreadsheets take
 * for "this is text". What already begins like an escaped cell gets one more, so that every cell can be read
 * back as it was.
 */
export function escapeCell(text: string): string {
  return DANGER.test(text) ? `'${text}` : text
}

/** The text that `escapeCell` made a cell of; what a person typed without an apostrophe stays as it is. */
export function unescapeCell(cell: string): string {
  return cell.startsWith("'") && DANGER.test(cell) ? cell.slice(1) : cell
}

/** Parts of one line of a cell, as ` | ` joins them. */
export function joinParts(parts: readonly string[]): string {
  return parts.map(escapePart).join(' | ')
}

/** The parts that `joinParts` joined; spaces around a bar are of no account. */
export function splitParts(line: string): string[] {
  if (!line.includes('\\')) return line.split('|').map((part) => part.trim())
  const parts = ['']
  for (const [piece] of line.matchAll(/\\.|[^\\]|\\$/gsu))
    if (piece === '|') parts.push('')
    else parts[parts.length - 1] += piece
  return parts.map((part) => unescapePart(part.trim()))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '|': '\\|',
  '\n': '\\n',
  '\r': '\\r',
}

/** Also a blank at either end, which would be lost among those around the bar. */
function escapePart(part: string): string {
  const escaped = part.replace(/[\\|\n\r]/g, (one) => ESCAPES[one] as string)
  return escaped.replace(
    /^\s|\s$/gu,
    (blank) => `\\u${blank.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function unescapePart(part: string): string {
  return part.replace(/\\(?:u([0-9a-f]{4})|(.))/gsu, (whole, unit?: string, one?: string) => {
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
    if (one === 'n') return '\n'
    return one === 'r' ? '\r' : (one ?? whole)
  })
}

/** The lines of a cell that hold something. */
export function linesOf(cell: string): string[] {
  return cell.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '')
}
