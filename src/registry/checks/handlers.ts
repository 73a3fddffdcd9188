import type { Service } from '../service-item.ts'
import { PUBLIC_SERVICES } from './law.ts'
import { block, type Rule } from './rule.ts'

/** Who leads and who joins are registered and active. Blocks: somebody has to answer for it. */
export const handlers: Rule<Service> = {
  id: 'handlers',
  article: PUBLIC_SERVICES,
  holds: { zh: '承办机关都在册且正常', en: 'Those who handle it are registered and active' },
  judge: ({ code, lead, coLeads = [] }, { registry }) => {
    const places = [
      { uscc: lead, at: '/lead' },
      ...coLeads.map((uscc, i) => ({ uscc, at: `/coLeads/${i}` })),
    ]
    const owner = registry.services.get(code)?.lead ?? lead
    return [
      ...(owner === lead
        ? []
        : [block('/code', '事项编码已由另一机关使用', 'The code belongs to another agency')]),
      ...places
        .filter(({ uscc }) => registry.agencies.get(uscc)?.status !== 'active')
        .map(({ at }) =>
          block(at, '承办机关未登记或已停用', 'The agency is not registered, or suspended'),
        ),
    ]
  },
}
