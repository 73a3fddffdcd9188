import { ancestorsOf } from '../agency-tree.ts'
import type { System } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule, reason } from './rule.ts'

/** For whom a system may ask: known agencies; for any that is not its own or below it, a mandate is stated. */
export const actsFor: Rule<System> = {
  id: 'acts-for',
  article: sharingRegulation('第二十条、第二十五条'),
  holds: {
    zh: '只代本机关及下属机关请求',
    en: 'It asks only for its own agency and those below it',
  },
  judge: ({ agency, actsFor: all }, { registry: { agencies } }) =>
    all.flatMap((uscc, i) => {
      const at = `/actsFor/${i}`
      const other = agencies.get(uscc)
      if (other?.status !== 'active')
        return [block(at, '该机关未登记或已停用', 'The agency is not registered, or suspended')]
      const isOwn =
        uscc === agency || ancestorsOf(agencies, uscc).some((above) => above.uscc === agency)
      return isOwn
        ? []
        : [
            reason(
              at,
              `代${other.names.zh}请求须有其委托，请说明`,
              `To ask for ${other.names.en} takes its mandate; state it`,
            ),
          ]
    }),
}
