import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { SourceRow } from '../connector/import.ts'

export type CsvSource = {
  readonly rows: AsyncIterable<SourceRow>
  /** base64url SHA-256 of the file's bytes as they were read; only once all rows were. */
  digest(): string
}

/**
 * A CSV register, streamed once: UTF-8 with or without a byte order mark, first line the columns, empty
 * cells left out. `line` is where a row starts in the file.
 *
 * The rows throw CsvError on text that is not CSV, naming the line, and CSV_NOT_UTF8 on any other
 * encoding: a spreadsheet's GBK would otherwise arrive as names that nobody has.
 */
export function openCsv(path: string, onBytes?: (bytes: number) => void): CsvSource {
  const hash = createHash('sha256')
  // Looked at where they are read: a listener would let the stream flow before anybody asks for rows.
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      onBytes?.(chunk.length)
      yield chunk
    }
  }
  return { rows: rowsOf(chunks()), digest: () => hash.digest('base64url') }
}

async function* rowsOf(file: AsyncIterable<Buffer>): AsyncGenerator<SourceRow> {
  const parser = parse({ bom: true, columns: true, info: true, skip_empty_lines: true })
  const text = Readable.from(utf8Of(file))
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

async function* utf8Of(file: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decoded = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw Object.assign(new Error('the file is not UTF-8'), { code: 'CSV_NOT_UTF8' })
    }
  }
  for await (const chunk of file) yield decoded(chunk)
  yield decoded()
}
