import { findItems } from './catalogue.ts'
import { answersNow, type Counts, countMaterials } from './counts.ts'
import type { Item } from './documents.ts'
import { findServices } from './guide.ts'
import type { Registry } from './registry.ts'
import { itemsOf } from './service-item.ts'

type Text = { readonly zh: string; readonly en: string }

/** What the registry adds up to today; counted each time, never stored. */
export type Statistics = {
  readonly papers: Counts
  readonly services: readonly {
    readonly code: string
    readonly names: Text
    readonly counts: Counts
  }[]
  /** `automatic`: answered by a machine today; the rest waits for an officer, or is suspended. */
  readonly items: { readonly all: number; readonly automatic: number }
  readonly kinds: Readonly<Record<Item['kind'], number>>
  readonly sharing: Readonly<Record<Item['sharing']['class'], number>>
  readonly providers: readonly {
    readonly uscc: string
    readonly names: Text | undefined
    readonly items: number
  }[]
  /** Of each item, how many papers it stands for in all services. */
  readonly reach: readonly {
    readonly code: string
    readonly names: Text
    readonly papers: number
  }[]
}

const READY = new WeakMap<Registry, Statistics>()

/** How the registry stands, from what anyone may see; counted once for each version of it. */
export function statisticsOf(registry: Registry): Statistics {
  const ready = READY.get(registry) ?? count(registry)
  READY.set(registry, ready)
  return ready
}

function count(registry: Registry): Statistics {
  const stands = answersNow(registry.items)
  const { entries, agencies } = findItems(registry, {})
  const items = entries.map(({ item }) => item)
  // What a lower level took over stands where it was defined (counts.ts), so that the rows add up.
  const services = findServices(registry).filter(({ adopts }) => adopts === undefined)
  const codes = services.flatMap(({ materials }) =>
    materials.flatMap((one) => (one.decision.kind === 'replaced' ? itemsOf(one) : [])),
  )
  const papers = Map.groupBy(codes, (code) => code)
  const reach = items.map(({ code, names }) => ({
    ...{ code, names },
    papers: papers.get(code)?.length ?? 0,
  }))
  return {
    papers: countMaterials({ materials: services.flatMap((one) => one.materials) }, stands),
    services: services.map((service) => ({
      ...{ code: service.code, names: service.names },
      counts: countMaterials(service, stands),
    })),
    items: { all: items.length, automatic: items.filter(({ code }) => stands(code)).length },
    kinds: counted(['verification', 'query', 'inquiry'], items, ({ kind }) => kind),
    sharing: counted(
      ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED'],
      items,
      (item) => item.sharing.class,
    ),
    providers: agencies.map(({ uscc, count }) => ({
      ...{ uscc, names: registry.agencies.get(uscc)?.names },
      items: count,
    })),
    reach: reach.filter(({ papers }) => papers > 0).sort((a, b) => b.papers - a.papers),
  }
}

function counted<Key extends string>(
  keys: readonly Key[],
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): Record<Key, number> {
  const entries = keys.map((key) => [key, items.filter((item) => keyOf(item) === key).length])
  return Object.fromEntries(entries) as Record<Key, number>
}
