import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { SourceRow } from '../connector/import.ts'

export type CsvSource = {
  readonly rows: AsyncIterable<SourceRow>
  /** base64url SHA-256 of the bytes as they were read; only once all rows were. */
  digest(): string
}

/**
 * A CSV register, streamed once: UTF-8 with or without a byte order mark, first line the columns, empty
 * cells left out. `line` is where a row starts.
 *
 * The rows throw CsvError on text that is not CSV, naming the line, and CSV_NOT_UTF8 on any other
 * encoding: a spreadsheet's GBK would otherwise arrive as names that nobody has.
 */
export function readCsv(bytes: AsyncIterable<Uint8Array>): CsvSource {
  const hash = createHash('sha256')
  const text = utf8Of(bytes, (chunk) => hash.update(chunk))
  let digest: string | undefined
  return {
    rows: rowsOf(text),
    digest: () => {
      digest ??= hash.digest('base64url')
      return digest
    },
  }
}

async function* rowsOf(chunks: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  const parser = parse({ bom: true, columns: true, info: true, skip_empty_lines: true })
  const text = Readable.from(chunks)
  text.on('error', (error) => parser.destroy(error))
  let line = 2
  for await (const { record, info } of text.pipe(parser) as AsyncIterable<{
    record: Record<string, string>
    info: { lines: number }
  }>) {
    const cells = Object.entries(record).filter(([, cell]) => cell !== '')
    yield { line, row: Object.fromEntries(cells) }
    line = info.lines + 1
  }
}

async function* utf8Of(
  bytes: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decoded = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw Object.assign(new Error('the file is not UTF-8'), { code: 'CSV_NOT_UTF8' })
    }
  }
  for await (const chunk of bytes) {
    onChunk(chunk)
    yield decoded(chunk)
  }
  yield decoded()
}
