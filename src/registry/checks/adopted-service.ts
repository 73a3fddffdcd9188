import { normalizeName } from '../../contract/name.ts'
import { definitionOfService } from '../adoption.ts'
import type { Material, Service } from '../service-item.ts'
import { added, sooner, standing } from './adopted.ts'
import { FOUR_LEVELS } from './law.ts'
import { block, type Fault, type Rule } from './rule.ts'

/** How much a citizen has to do for a paper, least first. */
const BURDEN = { abolished: 0, replaced: 0, committed: 1, kept: 2 } as const

/** As for items: sooner, never later; on no more conditions, and for no more papers. Blocks. */
export const adoptedService: Rule<Service> = {
  id: 'adopted-service',
  article: FOUR_LEVELS,
  holds: {
    zh: '与上级规范一致，未增设条件和材料，时限不更长',
    en: 'It keeps to the definition above: no condition or paper more, no longer limit',
  },
  judge: (service, { registry }) => {
    if (!service.adopts) return undefined
    const defined = definitionOfService(registry, service)
    if (!defined)
      return [block('/adopts', '上级没有这个服务事项', 'There is no such service above')]
    const own = { ...service, owner: service.lead }
    const above = { ...defined, owner: defined.lead }
    return [
      ...standing(own, above, registry),
      ...sooner(own, above),
      ...(service.conditions
        ? added('/conditions', service.conditions, defined.conditions ?? { zh: '', en: '' })
        : []),
      ...papers(service, defined),
    ]
  },
}

function papers(service: Service, defined: Service): Fault[] {
  const known = new Map(defined.materials.map((one) => [normalizeName(one.names.zh), one]))
  return service.materials.flatMap((material, i) =>
    paperFaults(material, known.get(normalizeName(material.names.zh)), `/materials/${i}`),
  )
}

function paperFaults(own: Material, defined: Material | undefined, pointer: string): Fault[] {
  const burden = BURDEN[own.decision.kind]
  if (!defined)
    return burden === 0
      ? []
      : [
          block(
            pointer,
            `“${own.names.zh}”是上级没有的材料`,
            `“${own.names.en}” is a paper that the definition has not`,
          ),
        ]
  return burden > BURDEN[defined.decision.kind]
    ? [
        block(
          `${pointer}/decision`,
          `“${own.names.zh}”上级已不要求提交`,
          `The definition no longer demands “${own.names.en}”`,
        ),
      ]
    : []
}
