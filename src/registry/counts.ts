import type { Item } from './documents.ts'
import type { Material, Service } from './service-item.ts'

/** Whether an item stands for its paper: in general (it is in service) or in one case (it was proven). */
export type Stands = (item: string) => boolean

/** Where one material stands. `pending`: to be replaced, but an item does not answer (yet). */
export type Standing = 'proven' | 'pending' | 'committed' | 'abolished' | 'kept'

/** How many papers a citizen brought before, where each stands, and how many he still brings. */
export type Counts = { readonly before: number; readonly after: number } & Readonly<
  Record<Standing, number>
>

/** A material that several items replace is proven by all of them together, never by some. */
export function standingOf({ decision }: Pick<Material, 'decision'>, stands: Stands): Standing {
  if (decision.kind !== 'replaced') return decision.kind
  return decision.items.every(stands) ? 'proven' : 'pending'
}

/**
 * Before and after, never stored. The unit is one material of one service: two papers that one item
 * answers are two, a paper that two services demand is brought twice, and the registry refuses one
 * service that names a paper twice. What the citizen still brings is what is kept and what is pending; a
 * declaration (告知承诺) replaces its paper.
 *
 * @param stands `answersNow(items)` for the catalogue; for one case, whether its outcome proved the item.
 */
export function countMaterials(
  { materials }: { readonly materials: readonly Pick<Material, 'decision'>[] },
  stands: Stands,
): Counts {
  const counts = { proven: 0, pending: 0, committed: 0, abolished: 0, kept: 0 }
  for (const material of materials) counts[standingOf(material, stands)] += 1
  return { before: materials.length, after: counts.kept + counts.pending, ...counts }
}

/** The sum over services. One that is adopted from a higher level is counted once, where it was defined. */
export function countAll(services: Iterable<Service>, stands: Stands): Counts {
  const defined = [...services].filter(({ adopts }) => adopts === undefined)
  return countMaterials({ materials: defined.flatMap((one) => one.materials) }, stands)
}

/** An item that a machine answers today: published, and not waiting for an officer. */
export function answersNow(items: ReadonlyMap<string, readonly Item[]>): Stands {
  return (code) =>
    (items.get(code) ?? []).some(
      ({ state, kind, connector }) =>
        state === 'published' && kind !== 'inquiry' && connector !== null,
    )
}
