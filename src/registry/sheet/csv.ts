import { CsvError, parse } from 'csv-parse/stream'
import { aTurn } from './in-turns.ts'
import { type Line, type Opened, ROWS_READ, sheetOfLines, wrong } from './opened.ts'

type Decoded = { readonly text: string; readonly encoding: 'UTF-8' | 'GB18030' } | undefined

/**
 * A CSV file in UTF-8, with or without a byte order mark, or in GB18030, which Excel writes in China where
 * nobody chose otherwise. That it was the second is told, so that somebody looks whether names are right.
 */
export async function readCsv(bytes: Uint8Array): Promise<Opened> {
  if (isUtf16(bytes))
    return wrong(
      '文件是 UTF-16 编码；请另存为“CSV UTF-8”或 XLSX',
      'The file is in UTF-16; save it as CSV UTF-8 or as XLSX',
    )
  const decoded = decode(bytes)
  if (!decoded || decoded.text.includes('\0'))
    return wrong('文件既不是 CSV，也不是 XLSX', 'The file is neither CSV nor XLSX')
  const lines = await linesOf(decoded.text)
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
type Unread = Extract<Opened, { readonly wrong: unknown }>

async function linesOf(text: string): Promise<readonly Line[] | Unread> {
  try {
    const lines: Line[] = []
    let line = 1
    for await (const { record, info } of recordsOf(text)) {
      if (lines.length === 0 && record.length === 1 && /[;\t]/.test(record[0] ?? ''))
        return unreadable(1, '各列须以逗号分隔', 'Columns have to be separated by commas')
      lines.push({ line, cells: record })
      line = info.lines + 1
    }
    return lines
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number((error as { lines?: unknown }).lines) || 1
    return unreadable(line, '引号不成对，或放错了地方', 'A quotation mark is missing or misplaced')
  }
}

const BYTES_AT_ONCE = 64 * 1024

/** A few milliseconds' work at a time: callers' requests do not wait for a file. */
function recordsOf(text: string): AsyncIterable<Record> {
  // The header is a row of its own here.
  const options = { info: true, skip_empty_lines: true, relax_column_count: true } as const
  const bytes = Buffer.from(text)
  let at = 0
  const pieces = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        await aTurn()
        controller.enqueue(bytes.subarray(at, at + BYTES_AT_ONCE))
        at += BYTES_AT_ONCE
        if (at >= bytes.length) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return pieces.pipeThrough(parse({ ...options, to: ROWS_READ + 1 }))
}

function unreadable(line: number, zh: string, en: string) {
  return { wrong: { zh: `第 ${line} 行：${zh}`, en: `Line ${line}: ${en}` } }
}
