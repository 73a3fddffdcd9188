import { normalizeName } from '../../contract/name.ts'
import type { Agreement, Item } from '../documents.ts'
import type { Service } from '../service-item.ts'
import { AGREEMENT_COLUMNS } from './agreement-columns.ts'
import { escapeCell } from './cell.ts'
import type { Language } from './codec.ts'
import type { Column } from './column.ts'
import { ITEM_COLUMNS } from './item-columns.ts'
import { at } from './members.ts'
import { MATERIAL_COLUMNS, SERVICE_COLUMNS } from './service-columns.ts'

/** What a sheet may hold; of services, one row a material. */
export type SheetKind = 'item' | 'service' | 'agreement'

/** What is written to a file: headings, and rows of text that no spreadsheet computes. */
export type Sheet = {
  readonly headings: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Larger than any agency's catalogue; what holds more is a folder of documents. */
export const SHEET_ROWS_MAX = 10_000

const COLUMNS: Readonly<Record<SheetKind, readonly Column[]>> = {
  item: ITEM_COLUMNS,
  service: [...SERVICE_COLUMNS, ...MATERIAL_COLUMNS],
  agreement: AGREEMENT_COLUMNS,
}

export function columnsOf(kind: SheetKind): readonly Column[] {
  return COLUMNS[kind]
}

/** The column of a material's own, or of the service that its row stands for. */
export function isOfMaterial({ key }: Column): boolean {
  return key.startsWith('material.')
}

/** The column that a heading names: in either language, or by its key. */
export function columnNamed(kind: SheetKind, heading: string): Column | undefined {
  const wanted = normalizeName(heading)
  return COLUMNS[kind].find(({ key, names }) =>
    [key, names.zh, names.en].some((form) => normalizeName(form) === wanted),
  )
}

/** The column that holds a place of a document; of a service's material also which one, as the pointer names it. */
export function columnAt(
  kind: SheetKind,
  pointer: string,
): { readonly column: Column | undefined; readonly material: string | undefined } {
  const path = pointer.split('/').slice(1)
  const isMaterial = kind === 'service' && path[0] === 'materials' && path.length > 1
  const inner = isMaterial ? path.slice(2) : path
  const columns = columnsOf(kind).filter((one) => isOfMaterial(one) === isMaterial)
  const column =
    columns.find((one) => startsWith(inner, one.path)) ??
    columns.find((one) => inner.length > 0 && startsWith(one.path, inner))
  return { column, material: isMaterial ? path[1] : undefined }
}

function startsWith(path: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((name, i) => path[i] === name)
}

export type SheetDocuments = {
  readonly item: Item
  readonly service: Service
  readonly agreement: Agreement
}

/** Documents as a sheet, with headings and words in one language. */
export function sheetOf<K extends SheetKind>(
  kind: K,
  documents: readonly SheetDocuments[K][],
  language: Language,
): Sheet {
  const columns = COLUMNS[kind]
  return {
    headings: columns.map(({ names }) => names[language]),
    rows: documents.flatMap(rowsOf).map(({ document, material }) =>
      columns.map((one) => {
        const value = at(isOfMaterial(one) ? material : document, one.path)
        return escapeCell(one.codec.write(value, language))
      }),
    ),
  }
}

type Subject = { readonly document: unknown; readonly material?: unknown }

function rowsOf(document: Item | Service | Agreement): Subject[] {
  return 'materials' in document
    ? document.materials.map((material) => ({ document, material }))
    : [{ document }]
}
