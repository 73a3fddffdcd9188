import { unzipSync, zipSync } from 'fflate'
import writeXlsx from 'write-excel-file/node'
import type { Language } from '../src/registry/sheet/codec.ts'
import type { SheetDocuments, SheetKind } from '../src/registry/sheet/sheet.ts'
import { type Form, writeSheetFile } from '../src/registry/sheet/write-file.ts'

/** Files as people send them: a spreadsheet program's, in whatever encoding. */
const encoder = new TextEncoder()

export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

let codes: Map<string, readonly number[]> | undefined

/** GB18030 by its own decoder turned round: nothing in the platform writes it. Two bytes a sign. */
export function gb18030(text: string): Uint8Array {
  codes ??= twoByteCodes()
  return Uint8Array.from(
    [...text].flatMap((sign) => {
      const code = sign < '\u0080' ? [sign.charCodeAt(0)] : codes?.get(sign)
      if (!code) throw new Error(`no two bytes for ${sign}`)
      return [...code]
    }),
  )
}

function twoByteCodes() {
  const decoder = new TextDecoder('gb18030')
  const all = new Map<string, readonly number[]>()
  for (let first = 0x81; first <= 0xfe; first++)
    for (let second = 0x40; second <= 0xfe; second++)
      if (second !== 0x7f) all.set(decoder.decode(Uint8Array.of(first, second)), [first, second])
  return all
}

export type XlsxCell = string | number | null | { readonly value: string; readonly type: 'Formula' }

/** A workbook written by another library than the one that reads it. */
export async function workbookOf(rows: readonly (readonly XlsxCell[])[]): Promise<Uint8Array> {
  const data = rows.map((row) =>
    row.map((cell) => (cell !== null && typeof cell === 'object' ? cell : { value: cell })),
  )
  return new Uint8Array(await writeXlsx(data as never).toBuffer())
}

/** The same workbook with its first sheet's XML rewritten. */
export function bent(workbook: Uint8Array, change: (xml: string) => string): Uint8Array {
  const parts = unzipSync(workbook)
  const name = 'xl/worksheets/sheet1.xml'
  const sheet = utf8(change(new TextDecoder().decode(parts[name])))
  return zipSync({ ...parts, [name]: sheet })
}

/** What an export gives. */
export async function exported<K extends SheetKind>(
  kind: K,
  documents: readonly SheetDocuments[K][],
  { form, language = 'zh' }: { readonly form: Form; readonly language?: Language },
): Promise<Uint8Array> {
  const written = new Response(await writeSheetFile(form, { kind, documents, language }))
  return new Uint8Array(await written.arrayBuffer())
}
