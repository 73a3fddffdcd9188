import type { Bilingual } from '../errors.ts'
import { type Fate, fateOf, type IncomingKind, type InForce, keyOf } from './fate.ts'
import { DOCUMENTS } from './in-force.ts'
import type { Members } from './members.ts'

/** The folders of a registry that is kept as files: one JSON document a file, named by its key. */
export const FOLDERS = {
  items: 'item',
  services: 'service',
  agreements: 'agreement',
  systems: 'system',
  pledges: 'pledge',
} as const satisfies Readonly<Record<string, IncomingKind>>

export type FolderName = keyof typeof FOLDERS

/** A file as it was read: `items/ID-01.json`, and what it holds. */
export type FolderDocument = {
  readonly path: string
  readonly folder: FolderName
  /** The file's name without its ending. */
  readonly name: string
  readonly document: unknown
}

export type FolderFate = { readonly path: string; readonly kind: IncomingKind } & Fate

export type FolderPlan = {
  /** In the order of their paths. */
  readonly files: readonly FolderFate[]
  /** In force, and without a file: nothing is ever removed for that, but it is told. */
  readonly absent: readonly { readonly kind: IncomingKind; readonly key: string }[]
}

/**
 * What would become of every file of a folder. The same folder once more, when all of it is in force, changes
 * nothing.
 */
export function planFolder(documents: readonly FolderDocument[], registry: InForce): FolderPlan {
  const sorted = [...documents].sort((a, b) => (a.path < b.path ? -1 : 1))
  const files = withoutRivals(sorted.map((file) => fateOfFile(file, registry)))
  const named = new Set(files.map(({ kind, key }) => `${kind} ${key}`))
  return {
    files,
    absent: keysInForce(registry).filter(({ kind, key }) => !named.has(`${kind} ${key}`)),
  }
}

/** The file is named after the document's key; an item's may name its version too, as `ENT-01@1.json`. */
function fateOfFile(
  { path, folder, name, document }: FolderDocument,
  registry: InForce,
): FolderFate {
  const kind = FOLDERS[folder]
  const fate = fateOf(kind, document, registry)
  const named = kind === 'item' ? name.replace(/@\d+$/, '') : name
  if (fate.fate === 'refused' || fate.key === named) return { path, kind, ...fate }
  return refused(
    { path, kind, key: fate.key },
    { zh: '文件名与文档的编码不同', en: 'The file is not named after the document in it' },
  )
}

/** Two files that would change one thing are both refused: neither is more true than the other. */
function withoutRivals(files: readonly FolderFate[]): readonly FolderFate[] {
  const changing = files.filter(({ fate }) => fate === 'new' || fate === 'changed')
  const byThing = Map.groupBy(changing, ({ kind, key }) => `${kind} ${key}`)
  return files.map((file) => {
    const rivals = byThing.get(`${file.kind} ${file.key}`) ?? []
    return rivals.length > 1 && rivals.includes(file)
      ? refused(file, { zh: '另有文件改同一文档', en: 'Another file changes the same document' })
      : file
  })
}

function refused(
  { path, kind, key }: Pick<FolderFate, 'path' | 'kind' | 'key'>,
  texts: Bilingual,
): FolderFate {
  return { path, kind, key, fate: 'refused', faults: [{ pointer: '', texts }] }
}

function keysInForce(registry: InForce) {
  return Object.values(FOLDERS).flatMap((kind) => {
    const documents: readonly object[] = DOCUMENTS[kind](registry)
    // Of an item every version is a document of its own.
    const keys = new Set(documents.map((one) => String((one as Members)[keyOf(kind)])))
    return [...keys].sort().map((key) => ({ kind, key }))
  })
}
