import type { Bilingual } from '../errors.ts'
import { canonicalJson } from '../log/leaf.ts'
import type { Change } from '../registry/diff.ts'
import { currentOf } from '../registry/fate.ts'
import type { Registry } from '../registry/registry.ts'
import { inTurns } from '../registry/sheet/in-turns.ts'
import { type Given, type Planned, placed, plan, type SheetFault } from '../registry/sheet/plan.ts'
import type { SheetKind } from '../registry/sheet/sheet.ts'
import type { Proposing } from './act.ts'
import { type Actor, holdsOn } from './actor.ts'
import type { Kind } from './kind.ts'
import { AGREED_ON, readApplication } from './kinds/agreement-document.ts'
import { maySee } from './show.ts'
import { readUnderWay, type UnderWay } from './under-way.ts'

/** What becomes of one document of a file. */
export type ImportRow = { readonly lines: readonly number[]; readonly key: string } & (
  | {
      readonly fate: 'new' | 'changed'
      readonly diff: readonly Change[]
      /** As it will be proposed. */
      readonly doc: unknown
      /** How many proposals of it there were before. */
      readonly ever: number
    }
  | { readonly fate: 'unchanged' }
  /** Somebody has proposed a change of it already; who has no business with that is not told which. */
  | { readonly fate: 'under-way'; readonly proposal?: string }
  | { readonly fate: 'refused'; readonly faults: readonly SheetFault[] }
)

export type ImportFate = ImportRow['fate']

export type Preview = {
  readonly kind: SheetKind
  /** What is wrong with the file as a whole; then no row was looked at. */
  readonly faults: readonly SheetFault[]
  readonly rows: readonly ImportRow[]
  /** Of all that was shown; whoever proposes names it, and proposes that or nothing. */
  readonly hash: string
}

/** The fate of every row of a file in somebody's hands. Nothing is saved. */
export async function previewImport(
  deps: Proposing,
  actor: Actor,
  { kind: name, given }: { readonly kind: SheetKind; readonly given: Given },
): Promise<Preview> {
  const registry = await deps.registry.view()
  const kind = deps.kinds.get(name) as Kind
  const { faults, documents } = await plan(name, given, registry)
  const own: ImportRow[] = []
  for await (const some of inTurns(documents))
    own.push(...some.map((one) => inHands(one, { name, kind, actor, registry })))
  const targets = own.filter(isMoving).map(({ key }) => key)
  const owners = new Map(
    own.flatMap((row): [string, string][] =>
      row.fate === 'changed' ? [[row.key, kind.place(row.doc, registry).agency]] : [],
    ),
  )
  const underWay = await readUnderWay(deps.store.db, kind, { targets, owners })
  const sees = (open: NonNullable<UnderWay['open']>) => maySee(actor, open, registry.agencies)
  const rows = own.map((row) => withProposals(row, underWay.get(row.key), sees))
  return { kind: name, faults, rows, hash: await hashOf(deps, name, rows) }
}

function isMoving({ fate }: ImportRow): boolean {
  return fate === 'new' || fate === 'changed'
}

function withProposals(
  row: ImportRow,
  known: UnderWay | undefined,
  sees: (open: NonNullable<UnderWay['open']>) => boolean,
): ImportRow {
  if (!known || (row.fate !== 'new' && row.fate !== 'changed')) return row
  const { lines, key } = row
  const { open, ever } = known
  if (!open) return { ...row, ever }
  return { lines, key, fate: 'under-way', ...(sees(open) ? { proposal: open.id } : {}) }
}

type Hands = {
  readonly name: SheetKind
  readonly kind: Kind
  readonly actor: Actor
  readonly registry: Registry
}

/** Of what may be taken in, what this person may propose: as an admin of the agency whose it is, and was. */
function inHands(one: Planned, hands: Hands): ImportRow {
  const { lines, key } = one
  if (one.fate === 'refused') return { lines, key, fate: 'refused', faults: one.faults }
  if (one.fate === 'unchanged') return { lines, key, fate: 'unchanged' }
  const { name, registry } = hands
  const refuse = (
    ...faults: readonly { readonly pointer: string; readonly texts: Bilingual }[]
  ) => ({
    ...{ lines, key, fate: 'refused' as const },
    faults: faults.map((fault) => placed(name, fault, lines)),
  })
  let doc: unknown = one.document
  if (name === 'agreement') {
    if (one.fate === 'changed') return refuse(IN_FORCE)
    const read = readApplication(one.document, one.application ?? {})
    if (!read.success)
      return refuse(...read.error.issues.map(({ path }) => unsaid(`/${path.join('/')}`)))
    doc = read.data
  }
  // Whoever would take a thing over from another agency does not own it yet.
  const owned = [doc, currentOf(name, key, registry)].filter((held) => held !== undefined)
  if (!owned.every((held) => isOwn(held, hands)))
    return refuse({ pointer: OWNER[name], texts: FOREIGN })
  return { lines, key, fate: one.fate, diff: one.diff, doc, ever: 0 }
}

function isOwn(doc: unknown, { kind, actor, registry }: Hands): boolean {
  const { agency, party = null } = kind.place(doc, registry)
  return holdsOn(actor, { agency, party }, registry.agencies)('admin', 'agency')
}

/** Where a document names the agency whose it is. */
const OWNER: Readonly<Record<SheetKind, string>> = {
  item: '/provider',
  service: '/lead',
  agreement: '/requesters',
}

const FOREIGN: Bilingual = {
  zh: '您不是这个机关的管理员',
  en: 'You are not an admin of this agency',
}

const IN_FORCE = {
  pointer: '/id',
  texts: AGREED_ON,
}

function unsaid(pointer: string) {
  return { pointer, texts: { zh: '没有填写，或太长', en: 'It is missing, or too long' } }
}

/** Whatever would be proposed, and instead of what. */
async function hashOf(
  { crypto }: Proposing,
  kind: SheetKind,
  rows: readonly ImportRow[],
): Promise<string> {
  const hashes: string[] = []
  for await (const some of inTurns(rows))
    hashes.push(...some.map((row) => crypto.digest(canonicalJson(shownOf(row)))))
  return crypto.digest(canonicalJson({ kind, rows: hashes }))
}

function shownOf(row: ImportRow): object {
  const { key, fate } = row
  return 'doc' in row ? { key, fate, doc: row.doc, diff: row.diff } : { key, fate }
}
