import { searchable, wordsOf } from './catalogue.ts'
import { answersNow, type Standing, standingOf } from './counts.ts'
import type { Agency, Item } from './documents.ts'
import { byCode, currentVersion, isPublic } from './order.ts'
import type { Registry } from './registry.ts'
import { itemsOf, type Material, type Service } from './service-item.ts'

/** A material of a service's guide, with what stands for it. */
export type GuideLine = {
  readonly material: Material
  readonly standing: Standing
  /** The items behind it, and which agency answers each. */
  readonly items: readonly {
    readonly code: string
    readonly item: Item | undefined
    readonly provider: Agency | undefined
  }[]
}

type Indexed = { readonly service: Service; readonly text: string }

const READY = new WeakMap<Registry, readonly Indexed[]>()

/** The services that anyone may see, by code, whose name, leader or one of whose papers has every word. */
export function findServices(registry: Registry, q?: string): readonly Service[] {
  const ready = READY.get(registry) ?? indexOf(registry)
  READY.set(registry, ready)
  const words = wordsOf(q)
  return ready
    .filter(({ text }) => words.every((word) => text.includes(word)))
    .map(({ service }) => service)
}

/** Each paper that a service used to demand, in its order, and where it stands today. */
export function guideOf(
  { items, agencies }: Pick<Registry, 'items' | 'agencies'>,
  { materials }: Pick<Service, 'materials'>,
): readonly GuideLine[] {
  const stands = answersNow(items)
  return materials.map((material) => ({
    material,
    standing: standingOf(material, stands),
    items: itemsOf(material).map((code) => {
      const item = currentVersion(items.get(code) ?? [])
      return { code, item, provider: item && agencies.get(item.provider) }
    }),
  }))
}

function indexOf({ services, agencies }: Registry): readonly Indexed[] {
  return [...services.values()]
    .filter(isPublic)
    .sort(byCode)
    .map((service) => {
      const lead = agencies.get(service.lead)
      const papers = service.materials.map(({ names }) => names)
      const texts = [service.names, ...papers, ...(lead ? [lead.names] : [])]
      return {
        service,
        text: searchable([service.code, ...texts.flatMap(({ zh, en }) => [zh, en])]),
      }
    })
}
