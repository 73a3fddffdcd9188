import { normalizeName } from '../contract/name.ts'
import type { Agency, Item } from './documents.ts'
import { currentVersion, isPublic } from './order.ts'
import type { Registry } from './registry.ts'

/** What anyone may see of the catalogue; each filter narrows, none means all. */
export type CatalogueQuery = {
  /** Words that all must occur in code, names, provider or the papers replaced. */
  readonly q?: string | undefined
  readonly agency?: string | undefined
  readonly kind?: Item['kind'] | undefined
  readonly sharing?: Item['sharing']['class'] | undefined
  readonly state?: Item['state'] | undefined
  readonly level?: Agency['level'] | undefined
  readonly sort?: Sort | undefined
}

export const SORTS = ['code', '-code', 'name', '-name', 'agency', '-agency'] as const
export type Sort = (typeof SORTS)[number]

/** An item as the catalogue lists it: by the version in service, or else the newest one. */
export type Entry = {
  readonly item: Item
  readonly provider: Agency | undefined
  readonly versions: readonly Item[]
}

export type Found = {
  readonly entries: readonly Entry[]
  /** How many there are in all, whatever was asked. */
  readonly all: number
  /** Providers of what the other filters leave, most items first. */
  readonly agencies: readonly { readonly uscc: string; readonly count: number }[]
}

type Indexed = Entry & { readonly text: string }
type Catalogue = {
  readonly byCode: readonly Indexed[]
  readonly sorted: Map<string, readonly Indexed[]>
}

/** One index for each registry version that is still in use; a few hundred bytes an item. */
const READY = new WeakMap<Registry, Catalogue>()

const WORDS_MAX = 8
const ORDER = new Intl.Collator('zh-CN')

/** The entries that fit, in the order asked for; by code where none is. */
export function findItems(registry: Registry, query: CatalogueQuery): Found {
  const catalogue = catalogueOf(registry)
  const words = wordsOf(query.q)
  const agencies = new Map<string, number>()
  const entries: Indexed[] = []
  for (const entry of inOrder(catalogue, query.sort ?? 'code')) {
    if (!fits(entry, query) || !words.every((word) => entry.text.includes(word))) continue
    const { provider } = entry.item
    agencies.set(provider, (agencies.get(provider) ?? 0) + 1)
    if (query.agency === undefined || query.agency === provider) entries.push(entry)
  }
  const counted = [...agencies].map(([uscc, count]) => ({ uscc, count }))
  return {
    entries,
    all: catalogue.byCode.length,
    agencies: counted.sort((a, b) => b.count - a.count || (a.uscc < b.uscc ? -1 : 1)),
  }
}

/** Normalised words of a search; Chinese needs no spaces between them, and more than eight say no more. */
export function wordsOf(q = ''): readonly string[] {
  return q
    .split(/\s+/u)
    .map(normalizeName)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
}

/** Texts as one that is searched in: no word runs over from one into the next. */
export function searchable(texts: readonly string[]): string {
  return texts.map(normalizeName).join('\n')
}

function fits({ item, provider }: Entry, query: CatalogueQuery): boolean {
  const { kind, sharing, state, level } = query
  return (
    (kind === undefined || kind === item.kind) &&
    (sharing === undefined || sharing === item.sharing.class) &&
    (state === undefined || state === item.state) &&
    (level === undefined || level === provider?.level)
  )
}

function catalogueOf(registry: Registry): Catalogue {
  const ready = READY.get(registry)
  if (ready) return ready
  const entries = [...registry.items.values()].flatMap((versions) => indexed(registry, versions))
  const byCode = entries.sort((a, b) => (a.item.code < b.item.code ? -1 : 1))
  const made = { byCode, sorted: new Map() }
  READY.set(registry, made)
  return made
}

function indexed({ agencies }: Registry, versions: readonly Item[]): Indexed[] {
  const offered = versions.filter(isPublic)
  const item = currentVersion(offered)
  if (!item) return []
  const provider = agencies.get(item.provider)
  const { code, names, replaces } = item
  const texts = [names, ...replaces, ...(provider ? [provider.names] : [])]
  const text = searchable([code, ...texts.flatMap(({ zh, en }) => [zh, en])])
  return [{ item, provider, versions, text }]
}

function inOrder({ byCode, sorted }: Catalogue, sort: Sort): readonly Indexed[] {
  if (sort === 'code') return byCode
  const ready = sorted.get(sort)
  if (ready) return ready
  const made = sort.startsWith('-')
    ? inOrder({ byCode, sorted }, sort.slice(1) as Sort).toReversed()
    : byCode.toSorted((a, b) => ORDER.compare(keyOf(a, sort), keyOf(b, sort)))
  sorted.set(sort, made)
  return made
}

function keyOf({ item, provider }: Entry, sort: Sort): string {
  return sort === 'name' ? item.names.zh : (provider?.names.zh ?? '')
}
