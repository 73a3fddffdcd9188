import { normalizeName } from '../contract/name.ts'
import type { Bilingual } from '../errors.ts'
import { rootOf } from './adoption.ts'
import { ranksAbove, standsBelow } from './agency-tree.ts'
import type { Agency, Item } from './documents.ts'
import { byCode, versionInService } from './order.ts'
import { owesPledge, pledgeOn } from './pledge.ts'
import type { Registry } from './registry.ts'
import { itemsOf, type Service } from './service-item.ts'

type Named = { readonly code: string; readonly names: Bilingual }

/** A paper that a service of this agency goes on asking for, though agencies could ask each other. */
export type Replaceable = {
  readonly service: Named
  readonly material: { readonly id: string; readonly names: Bilingual }
  /** What could stand for it: published, and by the same name. */
  readonly items: readonly Named[]
  /** Services of agencies of the same function that no longer ask for it. */
  readonly elsewhere: readonly Named[]
}

/** What agencies of the same function offer and this one does not. */
export type Lacking = {
  readonly names: Bilingual
  readonly offered: readonly (Named & { readonly agency: string })[]
  /** Defined by an agency above, which this one may simply take over. */
  readonly adopts?: string
}

export type Gaps = {
  readonly agency: Pick<Agency, 'uscc' | 'names' | 'level' | 'function'>
  /** Agencies of the same function, at the same level or above. */
  readonly siblings: readonly Pick<Agency, 'uscc' | 'names' | 'level'>[]
  readonly materials: readonly Replaceable[]
  readonly services: readonly Lacking[]
  readonly items: readonly Lacking[]
  /** Of an agency without items: whether its nil-report pledge is signed and covers today. */
  readonly pledge: 'not-needed' | 'signed' | 'owed'
}

/**
 * 四看一推导: what an agency is still missing, found by comparing its services with the items there are, and
 * both with what agencies of the same function offer. A paper counts only where its name is equal.
 *
 * @param today an ISO date in Shanghai @returns undefined for an agency that nobody knows
 */
export function gaps(registry: Registry, uscc: string, today: string): Gaps | undefined {
  const agency = registry.agencies.get(uscc)
  if (!agency) return undefined
  const siblings = siblingsOf(registry, agency)
  const index = READY.get(registry) ?? indexOf(registry)
  READY.set(registry, index)
  const { names, level, function: what } = agency
  return {
    agency: { uscc, names, level, ...(what === undefined ? {} : { function: what }) },
    siblings: siblings.map((one) => ({ uscc: one.uscc, names: one.names, level: one.level })),
    materials: replaceable(index, uscc, siblings),
    services: lacking(index.services, agency, siblings, registry),
    items: lacking(index.items, agency, siblings, registry),
    pledge: pledgeOf(registry, uscc, today),
  }
}

function pledgeOf(registry: Registry, uscc: string, today: string): Gaps['pledge'] {
  if (owesPledge(registry, uscc, today)) return 'owed'
  return pledgeOn(registry, uscc, today) ? 'signed' : 'not-needed'
}

function siblingsOf({ agencies }: Registry, own: Agency): Agency[] {
  if (own.function === undefined) return []
  return [...agencies.values()]
    .filter(({ uscc, status }) => uscc !== own.uscc && status === 'active')
    .filter((other) => other.function === own.function && !standsBelow(other, own))
    .sort((a, b) => (a.uscc < b.uscc ? -1 : 1))
}

/** An item or a service that somebody offers, whichever it is. */
type Offer = Named & {
  readonly owners: readonly string[]
  readonly root: string
  readonly isDefinition: boolean
}

type Offers = ReadonlyMap<string, readonly Offer[]>

type Index = {
  /** Published services, by who leads them. */
  readonly led: ReadonlyMap<string, readonly Service[]>
  /** Published items, by the normalised name of each paper that they stand for. */
  readonly byPaper: ReadonlyMap<string, readonly Item[]>
  /** By who offers them. */
  readonly services: Offers
  readonly items: Offers
  readonly inService: ReadonlyMap<string, Item>
}

const READY = new WeakMap<Registry, Index>()

function indexOf({ services, items }: Registry): Index {
  const published = [...services.values()].filter(({ state }) => state === 'published')
  const inService = [...items.values()].flatMap((versions) => versionInService(versions) ?? [])
  const papers = inService.flatMap((item) =>
    [...new Set(item.replaces.map(({ zh }) => normalizeName(zh)))].map((paper) => ({
      paper,
      item,
    })),
  )
  const byPaper = Map.groupBy(papers, ({ paper }) => paper)
  return {
    led: Map.groupBy(published, ({ lead }) => lead),
    byPaper: new Map([...byPaper].map(([paper, all]) => [paper, all.map(({ item }) => item)])),
    services: byOwner(
      published.map(({ lead, coLeads = [], ...service }) => offerOf(service, [lead, ...coLeads])),
    ),
    items: byOwner(inService.map((item) => offerOf(item, [item.provider]))),
    inService: new Map(inService.map((item) => [item.code, item])),
  }
}

function offerOf(
  { code, names, adopts }: Pick<Item | Service, 'code' | 'names' | 'adopts'>,
  owners: readonly string[],
): Offer {
  return { code, names, owners, root: rootOf({ code, adopts }), isDefinition: !adopts }
}

function byOwner(offers: readonly Offer[]): Offers {
  const all = offers.flatMap((offer) => offer.owners.map((owner) => ({ owner, offer })))
  const grouped = Map.groupBy(all, ({ owner }) => owner)
  return new Map([...grouped].map(([owner, own]) => [owner, own.map(({ offer }) => offer)]))
}

function replaceable(
  { led, byPaper, inService }: Index,
  uscc: string,
  siblings: readonly Agency[],
): Replaceable[] {
  const given = givenUp(siblings.flatMap((one) => led.get(one.uscc) ?? []))
  return (led.get(uscc) ?? []).flatMap((service) =>
    service.materials.flatMap((material): Replaceable[] => {
      if (material.decision.kind !== 'kept') return []
      const paper = normalizeName(material.names.zh)
      const elsewhere = given.get(paper) ?? []
      const by = elsewhere.flatMap((one) => one.items.flatMap((code) => inService.get(code) ?? []))
      const items = new Set([...(byPaper.get(paper) ?? []), ...by])
      if (items.size === 0 && elsewhere.length === 0) return []
      return [
        {
          service: named(service),
          material: { id: material.id, names: material.names },
          items: [...items].map(named).sort(byCode),
          elsewhere: elsewhere.map((one) => named(one.service)).sort(byCode),
        },
      ]
    }),
  )
}

/** The papers that these services no longer ask for, by normalised name. */
function givenUp(services: readonly Service[]) {
  const all = services.flatMap((service) =>
    service.materials
      .filter(({ decision }) => decision.kind !== 'kept')
      .map((material) => ({
        paper: normalizeName(material.names.zh),
        service,
        items: material.decision.kind === 'replaced' ? itemsOf(material) : [],
      })),
  )
  return Map.groupBy(all, ({ paper }) => paper)
}

/** By definition, and by name where two agencies each defined their own. */
function lacking(
  offers: Offers,
  agency: Agency,
  siblings: readonly Agency[],
  { agencies }: Registry,
): Lacking[] {
  const own = offers.get(agency.uscc) ?? []
  const roots = new Set(own.map(({ root }) => root))
  const names = new Set(own.map((one) => normalizeName(one.names.zh)))
  const others = siblings.flatMap(({ uscc }) =>
    (offers.get(uscc) ?? [])
      .filter(({ owners }) => owners[0] === uscc)
      .filter(({ root, names: { zh } }) => !roots.has(root) && !names.has(normalizeName(zh)))
      .map((offer) => ({ ...offer, agency: uscc })),
  )
  return [...Map.groupBy(others, ({ root }) => root)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([root, all]) => {
      const above = all.find((one) => {
        const upper = agencies.get(one.agency)
        return one.isDefinition && upper !== undefined && ranksAbove(upper, agency)
      })
      const offered = all.map((one) => ({ ...named(one), agency: one.agency })).sort(byCode)
      return {
        names: (above ?? (all[0] as Offer)).names,
        offered,
        ...(above ? { adopts: root } : {}),
      }
    })
}

function named({ code, names }: Named): Named {
  return { code, names }
}
