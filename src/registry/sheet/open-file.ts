import { readCsv } from './csv.ts'
import { type Opened, wrong } from './opened.ts'

/** As large as a catalogue of a thousand items is; what holds more is a folder of documents. */
export const SHEET_BYTES_MAX = 4 * 1024 * 1024

/**
 * An uploaded file's headings and rows, whatever its name says: a ZIP archive is read as XLSX, everything
 * else as CSV. Bounded in bytes by whoever receives it, here in rows, columns and what it unpacks to.
 */
export async function openSheetFile(bytes: Uint8Array): Promise<Opened> {
  if (bytes.byteLength === 0) return wrong('文件是空的', 'The file is empty')
  if (bytes.byteLength > SHEET_BYTES_MAX)
    return wrong('文件太大：至多 4 MB', 'The file is too large: 4 MB at the most')
  if (isZip(bytes) || isCompoundFile(bytes)) {
    // A spreadsheet reader is large, and most gateways never need it.
    const { readXlsxSheet } = await import('./xlsx.ts')
    return readXlsxSheet(bytes)
  }
  return readCsv(bytes)
}

function isZip([first, second]: Uint8Array): boolean {
  return first === 0x50 && second === 0x4b
}

/** An old or encrypted workbook, which the reader of workbooks names. */
function isCompoundFile([first, second]: Uint8Array): boolean {
  return first === 0xd0 && second === 0xcf
}
