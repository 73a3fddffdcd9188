import { normalizeName } from '../../contract/name.ts'
import { rootOf } from '../adoption.ts'
import { type Match, notDemandable, QUERY_CHARACTERS_MIN } from '../not-demandable.ts'
import type { Registry } from '../registry.ts'
import type { Material, Service } from '../service-item.ts'

export type Demanded = {
  readonly material: Material
  readonly pointer: string
  /** What the registry says of a paper of that name: items, national lists and other services. */
  readonly matches: readonly Match[]
}

/**
 * The papers that a service goes on asking for, kept or declared, each with what is said of it elsewhere.
 * What the service itself said before, or those that share its definition, is no reason against it.
 */
export function demandedPapers(registry: Registry, service: Service): Demanded[] {
  return service.materials.flatMap((material, i): Demanded[] => {
    const { kind } = material.decision
    if (kind !== 'kept' && kind !== 'committed') return []
    if (normalizeName(material.names.zh).length < QUERY_CHARACTERS_MIN) return []
    const { matches } = notDemandable(registry, material.names.zh)
    const foreign = matches.filter((match) => !isOwn(registry, service, match))
    return [{ material, pointer: `/materials/${i}`, matches: foreign }]
  })
}

function isOwn({ services }: Registry, service: Service, { service: at }: Match): boolean {
  const other = at && services.get(at.code)
  return other !== undefined && rootOf(other) === rootOf(service)
}
