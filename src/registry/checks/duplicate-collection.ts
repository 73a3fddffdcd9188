import type { Match } from '../not-demandable.ts'
import type { Service } from '../service-item.ts'
import { sharingRegulation } from './law.ts'
import { demandedPapers } from './papers.ts'
import { block, type Fault, question, type Rule, reason } from './rule.ts'

/**
 * What sharing can give may not be collected from citizens again, art. 19. A paper that a published item
 * stands for by name blocks; one that another service no longer demands needs a reason; a name that is
 * merely alike is asked about.
 */
export const duplicateCollection: Rule<Service> = {
  id: 'duplicate-collection',
  article: sharingRegulation('第十九条'),
  holds: {
    zh: '没有要求提交可由在用事项替代的材料',
    en: 'No material is demanded that an active item replaces',
  },
  judge: (service, { registry }) =>
    demandedPapers(registry, service).flatMap(({ material, pointer, matches }) => {
      if (material.decision.kind !== 'kept') return []
      const found = matches.filter(({ ground }) => ground !== 'listed' && ground !== 'kept')
      const item = found.find(({ match, service: at }) => match === 'exact' && !at)
      if (item) return [byItem(pointer, material.names.zh, item)]
      const elsewhere = found.find(({ match }) => match === 'exact')
      if (elsewhere) return [byService(pointer, material.names.zh, elsewhere)]
      const alike = found.find(({ service: at }) => !at)
      return alike ? [resembling(pointer, material.names.zh, alike)] : []
    }),
}

const codesOf = ({ items = [] }: Match) => items.map(({ code }) => code).join('、')

function byItem(pointer: string, paper: string, match: Match): Fault {
  return block(
    pointer,
    `“${paper}”可由 ${codesOf(match)} 取得，不得要求提交`,
    `${codesOf(match)} gives “${match.names.en}”, so it may not be demanded`,
  )
}

function byService(pointer: string, paper: string, { service, names }: Match): Fault {
  return reason(
    pointer,
    `${service?.code}（${service?.names.zh}）已不要求“${paper}”，请说明这里为何保留`,
    `${service?.code} (${service?.names.en}) no longer demands “${names.en}”; state why it is kept here`,
  )
}

function resembling(pointer: string, paper: string, match: Match): Fault {
  return question(
    pointer,
    `“${paper}”与 ${codesOf(match)} 所替代的“${match.names.zh}”名称相近，请核实不是同一份`,
    `Its name is like “${match.names.en}”, which ${codesOf(match)} replaces; see that it is another paper`,
  )
}
