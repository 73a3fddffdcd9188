import { answersNow, countMaterials } from '../counts.ts'
import type { Service } from '../service-item.ts'
import { businessEnvironment } from './law.ts'
import { type Rule, reason } from './rule.ts'

/** A change that makes citizens bring more than before needs a reason. */
export const morePapers: Rule<Service> = {
  id: 'more-papers',
  article: businessEnvironment('第四十四条'),
  holds: { zh: '群众要交的材料没有增加', en: 'Citizens bring no more papers than before' },
  judge: (service, { registry }) => {
    const current = registry.services.get(service.code)
    if (!current) return undefined
    const stands = answersNow(registry.items)
    const [before, after] = [current, service].map((one) => countMaterials(one, stands).after)
    return Number(after) > Number(before)
      ? [
          reason(
            '/materials',
            `群众要交的材料由 ${before} 份增至 ${after} 份，请说明`,
            `Citizens would bring ${after} papers instead of ${before}; state why`,
          ),
        ]
      : []
  },
}
