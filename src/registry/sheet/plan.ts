import type { Bilingual } from '../../errors.ts'
import { currentOf, type Fate, fateOf, keyOf, type Refused } from '../fate.ts'
import { isMembers, type Members } from '../members.ts'
import type { Registry } from '../registry.ts'
import { unescapeCell } from './cell.ts'
import type { Column } from './column.ts'
import { inTurns } from './in-turns.ts'
import { at } from './members.ts'
import { type CellFault, readRow } from './read-row.ts'
import {
  columnAt,
  columnNamed,
  columnsOf,
  isOfMaterial,
  SHEET_ROWS_MAX,
  type SheetKind,
} from './sheet.ts'

/** A file as it was read: its headings, and each row's cells in their order, with the line it stands on. */
export type Given = {
  readonly headings: readonly string[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[]
}

/** Where something is wrong: on a line, in a column by its heading; both where they are known. */
export type SheetFault = {
  readonly line?: number
  readonly column?: Bilingual
  readonly texts: Bilingual
}

/** The fate of one document, and the lines that it stands on: of a service, one a material. */
export type Planned<K extends SheetKind = SheetKind> = {
  readonly lines: readonly number[]
  readonly key: string
  /** What an agreement is applied for with, as it was written: judged where it is proposed. */
  readonly application?: unknown
} & (
  | Exclude<Fate<K>, { readonly fate: 'refused' }>
  | { readonly fate: 'refused'; readonly faults: readonly SheetFault[] }
)

export type Plan<K extends SheetKind = SheetKind> = {
  /** What is wrong with the file itself; then no row was looked at. */
  readonly faults: readonly SheetFault[]
  readonly documents: readonly Planned<K>[]
}

/**
 * What would become of every row of a file, before anything is proposed. A column that the file does not have
 * leaves what is in force; an empty cell empties. A code that stands on lines apart is refused on all of them.
 */
export async function plan<K extends SheetKind>(
  kind: K,
  given: Given,
  registry: Registry,
): Promise<Plan<K>> {
  const columns = given.headings.map((heading) => columnNamed(kind, heading))
  const faults = fileFaults(kind, given, columns)
  if (faults.length > 0) return { faults, documents: [] }
  const held = columns.flatMap((one, i): [Column, number][] => (one ? [[one, i]] : []))
  const places = { all: held, ...partedBy(held) }
  const rows = given.rows.map((row): Row => ({ ...row, places }))
  const key = columnsOf(kind).find((one) => one.key === keyOf(kind)) as Column
  const groups = Map.groupBy(rows, (row) => cellOf(row, key).normalize('NFKC').trim())
  const documents: Planned<K>[] = []
  for await (const some of inTurns([...groups]))
    documents.push(...some.map(([name, own]) => planned(kind, { name, rows: own }, registry)))
  return { faults: [], documents }
}

/** Each column that the file has, and the cell of a row that it stands in. */
type Places = readonly (readonly [Column, number])[]

type Row = Given['rows'][number] & {
  readonly places: { readonly all: Places; readonly ofService: Places; readonly ofMaterial: Places }
}
type Group = { readonly name: string; readonly rows: readonly Row[] }

function partedBy(held: Places) {
  return {
    ofService: held.filter(([column]) => !isOfMaterial(column)),
    ofMaterial: held.filter(([column]) => isOfMaterial(column)),
  }
}

function cellOf({ cells, places }: Row, column: Column): string {
  const [, i = -1] = places.all.find(([one]) => one === column) ?? []
  return unescapeCell(cells[i] ?? '')
}

function fileFaults(
  kind: SheetKind,
  { headings, rows }: Given,
  columns: readonly (Column | undefined)[],
): SheetFault[] {
  const unknown = headings.filter((_, i) => columns[i] === undefined)
  const twice = columns.filter((one, i) => one !== undefined && columns.indexOf(one) !== i)
  const needed = columnsOf(kind).filter(
    ({ key }) => key === keyOf(kind) || (kind === 'service' && key === 'material.id'),
  )
  return [
    ...unknown.map((heading) =>
      inFile(`不认识的列：${short(heading)}`, `Unknown column: ${short(heading)}`),
    ),
    ...[...new Set(twice)].map((one) => ({
      column: (one as Column).names,
      texts: { zh: '同一列出现两次', en: 'The column stands there twice' },
    })),
    ...needed
      .filter((one) => !columns.includes(one))
      .map(({ names }) => inFile(`缺少列：${names.zh}`, `The column is missing: ${names.en}`)),
    ...(rows.length > SHEET_ROWS_MAX
      ? [inFile(`超过 ${SHEET_ROWS_MAX} 行`, `There are more than ${SHEET_ROWS_MAX} rows`)]
      : []),
  ]
}

function inFile(zh: string, en: string): SheetFault {
  return { texts: { zh, en } }
}

/** Of headings and keys that may be anything; those that can be used are no longer. */
const CHARACTERS_SHOWN = 64

function short(heading: string): string {
  return heading.length > CHARACTERS_SHOWN ? `${heading.slice(0, CHARACTERS_SHOWN)}…` : heading
}

function planned<K extends SheetKind>(
  kind: K,
  { name, rows }: Group,
  registry: Registry,
): Planned<K> {
  const lines = rows.map(({ line }) => line)
  const refuse = (faults: readonly SheetFault[]): Planned<K> => ({
    ...{ lines, key: short(name), fate: 'refused', faults },
  })
  if (name === '') return refuse(lines.map(nameless))
  if (kind !== 'service' && rows.length > 1) return refuse(lines.map(repeated))
  const base = currentOf(kind, name, registry) ?? {}
  const read =
    kind === 'service' ? readService(rows, base as Members) : readOne(rows, base as Members)
  if (read.faults.length > 0) return refuse(read.faults)
  const { application, ...document }: Members = read.document
  const words = kind === 'agreement' ? { application } : {}
  const fate: Fate<K> = fateOf(kind, document, registry)
  if (fate.fate !== 'refused') return { ...fate, ...words, lines }
  return refuse(fate.faults.map((fault) => placed(kind, fault, lines)))
}

function nameless(line: number): SheetFault {
  return { line, texts: { zh: '编码没有填写', en: 'The code is missing' } }
}

function repeated(line: number): SheetFault {
  return { line, texts: { zh: '编码重复', en: 'The code stands there more than once' } }
}

function readOne(rows: readonly Row[], base: Members) {
  const [row] = rows as [Row]
  const { document, faults } = readRow(row.places.all, row.cells, base)
  return { document, faults: faults.map((fault) => onLine(row.line, fault)) }
}

/** The service as its first row has it, and a material from each row. */
function readService(rows: readonly Row[], base: Members) {
  const [first] = rows as [Row]
  const service = readRow(first.places.ofService, first.cells, base)
  const old = at(base, ['materials'])
  const held = Array.isArray(old) ? old.filter(isMembers) : []
  const materials = rows.map((row) => {
    const id = cellOf(row, MATERIAL_ID).trim()
    const was = held.find((one) => one.id === id) ?? {}
    const { document, faults } = readRow(row.places.ofMaterial, row.cells, was)
    return { document: settled(document), faults: faults.map((fault) => onLine(row.line, fault)) }
  })
  return {
    document: {
      ...answered(service.document),
      materials: materials.map((one) => one.document),
    },
    faults: [
      ...service.faults.map((fault) => onLine(first.line, fault)),
      ...materials.flatMap((one) => one.faults),
      ...rows.slice(1).flatMap((row) => differing(first, row)),
    ],
  }
}

const MATERIAL_ID = columnsOf('service').find(({ key }) => key === 'material.id') as Column

/** Rows of one service say the same of it. */
function differing(first: Row, row: Row): SheetFault[] {
  return row.places.ofService
    .filter(([column, i]) => !column.isReadOnly && row.cells[i] !== first.cells[i])
    .map(([column]) => ({
      ...{ line: row.line, column: column.names },
      texts: {
        zh: `与第 ${first.line} 行不同`,
        en: `It differs from line ${first.line}`,
      },
    }))
}

/** An after-check that names no item says so; what belongs to no such decision was left out by its cells. */
function settled(material: Members): Members {
  const check = at(material, ['decision', 'afterCheck'])
  const { decision } = material
  if (!isMembers(check) || !isMembers(decision)) return material
  return { ...material, decision: { ...decision, afterCheck: { item: null, ...check } } }
}

/** Answers of one group alone still stand in both. */
function answered(service: Members): Members {
  const { fitness } = service
  if (!isMembers(fitness)) return service
  return { ...service, fitness: { exclusions: {}, conditions: {}, ...fitness } }
}

function onLine(line: number, { column, texts }: CellFault): SheetFault {
  return { line, column: column.names, texts }
}

/** Where the place of a document stands in the file. */
export function placed(
  kind: SheetKind,
  { pointer, texts }: Refused,
  lines: readonly number[],
): SheetFault {
  const { column, material } = columnAt(kind, pointer)
  const line = (material === undefined ? undefined : lines[Number(material)]) ?? lines[0]
  return {
    ...(line === undefined ? {} : { line }),
    ...(column ? { column: column.names } : {}),
    texts,
  }
}
