import { createReadStream } from 'node:fs'
import { type CsvSource, readCsv } from './csv-rows.ts'

/** A CSV register on disk. @param onBytes as they are read. */
export function openCsv(path: string, onBytes: (bytes: number) => void = () => {}): CsvSource {
  return readCsv(bytesOf(path, onBytes))
}

/** Looked at where they are read: a listener would let the stream flow before anybody asks for rows. */
async function* bytesOf(
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path)) {
    onBytes(chunk.length)
    yield chunk
  }
}
