import type { Bilingual } from '../errors.ts'
import { adoptersOf } from './adoption.ts'
import { answersNow, countMaterials, type Stands } from './counts.ts'
import type { Agreement, Item, System } from './documents.ts'
import { byCode, currentVersion, isPublic } from './order.ts'
import type { Registry } from './registry.ts'
import { itemsOf, type Service } from './service-item.ts'

/** What is about to change; `version` of an item that goes while another version stays. */
export type Changing = { readonly becomes: 'changed' | 'suspended' | 'retired' } & (
  | { readonly kind: 'item'; readonly code: string; readonly version?: number }
  | { readonly kind: 'service'; readonly code: string }
  | { readonly kind: 'agreement'; readonly id: string }
  | { readonly kind: 'system'; readonly id: string }
)

export type Named = { readonly code: string; readonly names: Bilingual; readonly agency: string }

/** Whom a change touches, each list in the order of its codes. */
export type Impact = {
  /** Systems that ask today, on behalf of those who may. */
  readonly systems: readonly Named[]
  readonly agreements: readonly Pick<Agreement, 'id' | 'item' | 'requesters'>[]
  readonly items: readonly Named[]
  /** With the materials that the change is about. */
  readonly services: readonly (Named & { readonly materials: readonly string[] })[]
  /** Items and services of lower levels that have taken over what changes. */
  readonly adopters: readonly Named[]
  /** How many papers citizens bring to these services, now and once it is so. */
  readonly papers: { readonly before: number; readonly after: number }
}

/** Whom a change, a suspension or the end of a thing touches. Pure; an unknown thing touches nobody. */
export function impact(registry: Registry, changing: Changing): Impact {
  const services = [...registry.services.values()].filter(isPublic)
  const agreements = inForce(registry)
  const items = newestOf(registry)
  const view = { registry, services, agreements, items }
  switch (changing.kind) {
    case 'item':
      return told(view, changing, byItem(view, changing.code))
    case 'service':
      return told(view, changing, byService(view, changing.code))
    case 'agreement':
      return told(view, changing, byAgreement(view, changing.id))
    case 'system':
      return told(view, changing, bySystem(view, changing.id))
  }
}

type View = {
  readonly registry: Registry
  readonly services: readonly Service[]
  readonly agreements: readonly Agreement[]
  readonly items: readonly Item[]
}

function byItem({ services, agreements, items }: View, code: string): Touched {
  return {
    agreements: agreements.filter(({ item }) => item === code),
    items: [],
    uses: usesOf(services, (item) => item === code),
    adopters: adoptersOf(items, code).map(ofItem),
  }
}

function byService({ services, agreements, items }: View, code: string): Touched {
  const own = services.filter((service) => service.code === code)
  const used = new Set(own.flatMap(({ materials }) => materials.flatMap(itemsOf)))
  return {
    agreements: agreements.filter(({ purposes }) =>
      purposes.some(({ service }) => service === code),
    ),
    items: items.filter((item) => used.has(item.code)),
    uses: own.map((service) => ({ service, materials: service.materials.map(({ id }) => id) })),
    adopters: adoptersOf(services, code).map(ofService),
  }
}

function byAgreement({ services, agreements, items }: View, id: string): Touched {
  const own = agreements.filter((agreement) => agreement.id === id)
  const named = own.flatMap(({ purposes }) => purposes.map(({ service }) => service))
  const granted = new Set(own.map(({ item }) => item))
  const meant = services.filter(({ code }) => named.includes(code))
  return {
    agreements: own,
    items: items.filter(({ code }) => granted.has(code)),
    uses: usesOf(meant, (item) => granted.has(item)),
    adopters: [],
  }
}

function bySystem({ registry, services, agreements, items }: View, id: string): Touched {
  const bound = items.filter(
    ({ connector }) => connector?.kind === 'http' && connector.system === id,
  )
  const codes = new Set(bound.map(({ code }) => code))
  const system = registry.systems.get(id)
  const asks = system?.roles.includes('caller') ? system.actsFor : []
  return {
    agreements: agreements.filter(
      ({ item, requesters }) => codes.has(item) || requesters.some((one) => asks.includes(one)),
    ),
    // What only the system itself asked touches no other one.
    askedBy: agreements.filter(({ item }) => codes.has(item)),
    items: bound,
    uses: usesOf(services, (item) => codes.has(item)),
    adopters: [],
  }
}

type Use = { readonly service: Service; readonly materials: readonly string[] }

type Touched = {
  readonly agreements: readonly Agreement[]
  /** Whose systems are touched; all of them where it is not said. */
  readonly askedBy?: readonly Agreement[]
  readonly items: readonly Item[]
  readonly uses: readonly Use[]
  readonly adopters: readonly Named[]
}

function told(
  { registry }: View,
  changing: Changing,
  { agreements, askedBy = agreements, items, uses, adopters }: Touched,
): Impact {
  const requesters = new Set(askedBy.flatMap((one) => one.requesters))
  const now = answersNow(registry.items)
  const later = changing.becomes === 'changed' ? now : afterwards(registry, changing)
  const brought = (stands: Stands) =>
    uses.reduce((sum, { service }) => sum + countMaterials(service, stands).after, 0)
  return {
    systems: [...registry.systems.values()]
      .filter((system) => asksFor(system, requesters))
      .map(({ id, names, agency }) => ({ code: id, names, agency }))
      .sort(byCode),
    agreements: agreements
      .map(({ id, item, requesters: all }) => ({ id, item, requesters: all }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    items: items.map(ofItem).sort(byCode),
    services: uses
      .map(({ service, materials }) => ({ ...ofService(service), materials }))
      .sort(byCode),
    adopters,
    papers: { before: brought(now), after: brought(later) },
  }
}

/** Which items stand for their papers once the change is made. */
function afterwards({ items }: Registry, changing: Changing): Stands {
  const isGone = (item: Item): boolean => {
    if (changing.kind === 'item')
      return item.code === changing.code && (changing.version ?? item.version) === item.version
    if (changing.kind !== 'system') return false
    return item.connector?.kind === 'http' && item.connector.system === changing.id
  }
  const left = [...items].map(([code, versions]): [string, readonly Item[]] => [
    code,
    versions.filter((item) => !isGone(item)),
  ])
  return answersNow(new Map(left))
}

function asksFor({ status, roles, actsFor }: System, requesters: ReadonlySet<string>): boolean {
  return (
    status === 'active' && roles.includes('caller') && actsFor.some((uscc) => requesters.has(uscc))
  )
}

function usesOf(services: readonly Service[], isMeant: (item: string) => boolean): Use[] {
  return services.flatMap((service) => {
    const materials = service.materials.filter((one) => itemsOf(one).some(isMeant))
    return materials.length > 0 ? [{ service, materials: materials.map(({ id }) => id) }] : []
  })
}

/** Of each item the version in service, or the newest. */
function newestOf({ items }: Registry): Item[] {
  return [...items.values()].flatMap((versions) => currentVersion(versions) ?? [])
}

function inForce({ agreements }: Registry): Agreement[] {
  return [...agreements.values()].flat().filter(({ state }) => state === 'active')
}

function ofItem({ code, names, provider }: Item): Named {
  return { code, names, agency: provider }
}

function ofService({ code, names, lead }: Service): Named {
  return { code, names, agency: lead }
}
