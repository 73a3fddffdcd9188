import type { Service } from '../service-item.ts'
import { COMMITMENT } from './law.ts'
import { block, type Rule, reason } from './rule.ts'
import { isSubstantive } from './substance.ts'

/** 告知承诺: what is declared is checked afterwards, by an item that is there or in a way that is described. */
export const afterCheck: Rule<Service> = {
  id: 'after-check',
  article: COMMITMENT,
  holds: {
    zh: '告知承诺都写明了事后核查',
    en: 'Each declaration says how it is checked afterwards',
  },
  judge: ({ materials }, { registry }) => {
    const committed = materials.flatMap(({ decision }, i) =>
      decision.kind === 'committed'
        ? [{ ...decision.afterCheck, at: `/materials/${i}/decision/afterCheck` }]
        : [],
    )
    if (committed.length === 0) return undefined
    return committed.flatMap(({ item, how, at }) => [
      ...(item !== null && !registry.items.has(item)
        ? [block(`${at}/item`, `没有事项 ${item}`, `There is no item ${item}`)]
        : []),
      ...(isSubstantive(how.zh)
        ? []
        : [reason(`${at}/how`, '没有写明如何核查', 'It does not say how it is checked')]),
    ])
  },
}
