import { CsvError, parse } from 'csv-parse/sync'
import { type Line, type Opened, ROWS_READ, sheetOfLines, wrong } from './opened.ts'

type Decoded = { readonly text: string; readonly encoding: 'UTF-8' | 'GB18030' } | undefined

/**
 * A CSV file in UTF-8, with or without a byte order mark, or in GB18030, which Excel writes in China where
 * nobody chose otherwise. That it was the second is told, so that somebody looks whether names are right.
 */
export function readCsv(bytes: Uint8Array): Opened {
  if (isUtf16(bytes))
    return wrong(
      '文件是 UTF-16 编码；请另存为“CSV UTF-8”或 XLSX',
      'The file is in UTF-16; save it as CSV UTF-8 or as XLSX',
    )
  const decoded = decode(bytes)
  if (!decoded || decoded.text.includes('\0'))
    return wrong('文件既不是 CSV，也不是 XLSX', 'The file is neither CSV nor XLSX')
  const lines = linesOf(decoded.text)
  return 'wrong' in lines ? lines : sheetOfLines(lines, decoded.encoding)
}

function decode(bytes: Uint8Array): Decoded {
  for (const encoding of ['UTF-8', 'GB18030'] as const)
    try {
      const text = new TextDecoder(encoding.toLowerCase(), { fatal: true }).decode(bytes)
      return { text, encoding }
    } catch {}
  return undefined
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

type Record = { readonly record: readonly string[]; readonly info: { readonly lines: number } }

function linesOf(text: string): readonly Line[] | Extract<Opened, { readonly wrong: unknown }> {
  try {
    // The header is a row of its own here.
    const options = { info: true, skip_empty_lines: true, relax_column_count: true } as const
    const records = parse(text, { ...options, to: ROWS_READ + 1 }) as unknown as Record[]
    const [first] = records
    if (first?.record.length === 1 && /[;\t]/.test(first.record[0] ?? ''))
      return unreadable(1, '各列须以逗号分隔', 'Columns have to be separated by commas')
    return records.map(({ record }, i) => ({
      line: i === 0 ? 1 : (records[i - 1] as Record).info.lines + 1,
      cells: record,
    }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number((error as { lines?: unknown }).lines) || 1
    return unreadable(line, '引号不成对，或放错了地方', 'A quotation mark is missing or misplaced')
  }
}

function unreadable(line: number, zh: string, en: string) {
  return { wrong: { zh: `第 ${line} 行：${zh}`, en: `Line ${line}: ${en}` } }
}
