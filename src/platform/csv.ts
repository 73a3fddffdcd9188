import { createReadStream } from 'node:fs'
import { type CsvSource, readCsv } from './csv-rows.ts'

/** A CSV register on disk. @param onBytes as they are read. */
export function openCsv(path: string, onBytes?: (bytes: number) => void): CsvSource {
  const file = createReadStream(path)
  if (onBytes) file.on('data', (chunk) => onBytes(chunk.length))
  return readCsv(file)
}
