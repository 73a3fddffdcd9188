import type { RowSource } from '../connector/handover.ts'
import type { Register } from '../registry/documents.ts'
import { openCsv } from './csv.ts'

export type RegisterFileOptions = {
  readonly row: Register['row']
  /** Of an XLSX file; the first one by default. */
  readonly sheet?: string
  /** As they are read; an XLSX is read at once. */
  readonly onBytes?: (bytes: number) => void
}

/** By the file's ending; everything else is CSV. */
export function isXlsx(path: string): boolean {
  return /\.xlsx$/i.test(path)
}

/** A register's file as rows of text. @throws XlsxError; the rows of a CSV throw CsvError. */
export async function openRegisterFile(
  path: string,
  { row, sheet, onBytes }: RegisterFileOptions,
): Promise<RowSource> {
  if (!isXlsx(path)) return openCsv(path, onBytes)
  // A spreadsheet reader is large, and most commands never need it.
  const { openXlsx } = await import('./xlsx.ts')
  return openXlsx(path, { row, ...(sheet === undefined ? {} : { sheet }) })
}
