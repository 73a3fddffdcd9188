import type { z } from 'zod'
import type { Bilingual } from '../errors.ts'
import { type Change, diffDocuments } from './diff.ts'
import {
  type Agreement,
  agreementSchema,
  type Item,
  itemSchema,
  type System,
  systemSchema,
} from './documents.ts'
import { explainIssue } from './explain-issue.ts'
import { isMembers, type Members } from './members.ts'
import { type Pledge, pledgeSchema } from './pledge.ts'
import { referenceFaults } from './references.ts'
import type { Registry } from './registry.ts'
import { type Service, serviceSchema } from './service-item.ts'

/** What comes in from files: each becomes a proposal of its own. */
export type Incoming = {
  readonly item: Item
  readonly service: Service
  readonly agreement: Agreement
  readonly system: System
  readonly pledge: Pledge
}

export type IncomingKind = keyof Incoming

/** What incoming documents are judged by: whoever reads it over the wire has no more than this. */
export type InForce = Pick<
  Registry,
  'agencies' | 'systems' | 'items' | 'agreements' | 'services' | 'pledges'
> & { readonly contracts: { has(code: string): boolean } }

/** One place of an incoming document, and why it cannot be taken. Never repeats what was given. */
export type Refused = { readonly pointer: string; readonly texts: Bilingual }

/**
 * What would become of an incoming document: a new thing, a change of one, nothing at all because it stands
 * there already, or a refusal.
 */
export type Fate<K extends IncomingKind = IncomingKind> = { readonly key: string } & (
  | {
      readonly fate: 'new' | 'changed'
      /** As it would be proposed. */
      readonly document: Incoming[K]
      readonly diff: readonly Change[]
    }
  | { readonly fate: 'unchanged' }
  | { readonly fate: 'refused'; readonly faults: readonly Refused[] }
)

type Way<T> = {
  readonly key: string
  readonly schema: z.ZodType<T>
  readonly current: (registry: InForce, key: string) => T | undefined
  /** What nobody writes into a file, or may leave out: from what is in force, or as a new thing has it. */
  readonly complete: (given: Members, current: T | undefined) => Members
  /** What no file can change, and so makes no difference. */
  readonly aside: readonly string[]
}

const WAYS: { readonly [K in IncomingKind]: Way<Incoming[K]> } = {
  item: {
    key: 'code',
    schema: itemSchema,
    current: ({ items }, code) => items.get(code)?.[0],
    complete: (given, current) => ({
      connector: current?.connector ?? null,
      ...given,
      version: (current?.version ?? 0) + 1,
      state: 'draft',
    }),
    aside: ['state', 'version'],
  },
  service: {
    key: 'code',
    schema: serviceSchema,
    current: ({ services }, code) => services.get(code),
    complete: (given, current) => ({ ...given, state: current?.state ?? 'draft' }),
    aside: ['state'],
  },
  agreement: {
    key: 'id',
    schema: agreementSchema,
    current: (registry, id) => agreementsById(registry).get(id),
    complete: (given, current) => ({ ...given, state: current?.state ?? 'active' }),
    aside: ['state'],
  },
  system: {
    key: 'id',
    schema: systemSchema,
    current: ({ systems }, id) => systems.get(id),
    complete: (given) => given,
    aside: [],
  },
  pledge: {
    key: 'agency',
    schema: pledgeSchema,
    current: ({ pledges }, agency) => pledges.get(agency),
    complete: (given) => given,
    aside: [],
  },
}

const BY_ID = new WeakMap<InForce, ReadonlyMap<string, Agreement>>()

/** The view keeps them by item; files name them. */
function agreementsById(registry: InForce): ReadonlyMap<string, Agreement> {
  const known = BY_ID.get(registry)
  if (known) return known
  const all = [...registry.agreements.values()].flat()
  const byId = new Map(all.map((one) => [one.id, one]))
  BY_ID.set(registry, byId)
  return byId
}

/** The member that names a document of that kind. */
export function keyOf(kind: IncomingKind): string {
  return WAYS[kind].key
}

/** What is in force under a key: of an item its newest version. */
export function currentOf<K extends IncomingKind>(
  kind: K,
  key: string,
  registry: InForce,
): Incoming[K] | undefined {
  return WAYS[kind].current(registry, key)
}

/** Judges one incoming document. The same one again, once it is in force, is `unchanged`. */
export function fateOf<K extends IncomingKind>(
  kind: K,
  given: unknown,
  registry: InForce,
): Fate<K> {
  const way: Way<Incoming[K]> = WAYS[kind]
  if (!isMembers(given)) return refused('', [fault('', '不是一个文档', 'It is not a document')])
  const members = given
  const key = Object.hasOwn(members, way.key) ? members[way.key] : undefined
  if (typeof key !== 'string' || key === '')
    return refused('', [fault(`/${way.key}`, '没有填写', 'It is missing')])
  const current = way.current(registry, key)
  if (kind === 'item') {
    const stale = staleVersion(key, members.version, registry)
    if (stale)
      return standsAlready(members, registry) ? { key, fate: 'unchanged' } : refused(key, [stale])
  }
  const read = way.schema.safeParse(way.complete(members, current))
  if (!read.success) return refused(key, read.error.issues.map(refusalOf))
  const diff = difference(way, current, read.data)
  if (current && diff.length === 0) return { key, fate: 'unchanged' }
  const faults = referenceFaults(kind, read.data, registry)
  if (faults.length > 0) return refused(key, faults)
  return { key, fate: current ? 'changed' : 'new', document: read.data, diff }
}

function difference<T>({ aside }: Way<T>, before: T | undefined, after: T): readonly Change[] {
  const without = (document: T) =>
    Object.fromEntries(
      Object.entries(document as Members).filter(([name]) => !aside.includes(name)),
    )
  return diffDocuments(before && without(before), without(after))
}

/** A file that says on which version it was written says so truly, or somebody else came before. */
function staleVersion(code: string, version: unknown, { items }: InForce): Refused | undefined {
  const newest = items.get(code)?.[0]?.version ?? 0
  if (version === undefined || version === newest + 1) return undefined
  if (newest > 0 && version === newest) return undefined
  return typeof version === 'number' && version < newest
    ? fault(
        '/version',
        `据版本 ${version} 编写，现行已是版本 ${newest}`,
        `It was written for version ${version}; version ${newest} is in force`,
      )
    : fault('/version', `下一个版本是 ${newest + 1}`, `The next version is ${newest + 1}`)
}

/**
 * A folder may keep the versions before the newest one: they are what they were. And a file that was
 * written for one of them may have become the newest one since, by being proposed.
 */
function standsAlready(given: Members, { items }: InForce): boolean {
  const versions = items.get(String(given.code)) ?? []
  const old = versions.find(({ version }) => version === given.version)
  const [newest] = versions
  if (!old || !newest) return false
  return [old, newest].some((one) => {
    const { version, state, connector } = one
    const read = itemSchema.safeParse({ connector, ...given, version, state })
    return read.success && diffDocuments(one, read.data).length === 0
  })
}

function refused(key: string, faults: readonly Refused[]) {
  return { key, fate: 'refused' as const, faults }
}

/** Where a document does not fit its schema, and why. */
export function refusalOf(issue: z.core.$ZodIssue): Refused {
  const pointer = issue.path.map((one) => `/${String(one)}`).join('')
  return { pointer, texts: explainIssue(issue) }
}

function fault(pointer: string, zh: string, en: string): Refused {
  return { pointer, texts: { zh, en } }
}
