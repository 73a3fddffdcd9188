import type { Citation } from '../documents.ts'
import type { Service } from '../service-item.ts'
import { businessEnvironment } from './law.ts'
import { type Rule, reason } from './rule.ts'
import { isSubstantive } from './substance.ts'

/**
 * A law, an administrative or local regulation, or a State Council decision: what alone founds a proof. A
 * measure (办法) is none of them.
 */
const FOUNDS = /(?:(?<!办)法|条例)(?:[（(].*[)）])?$|国务院.*(?:决定|规定)/u

/**
 * The five tests of Shanghai (part 2), which the schema makes every material answer, and what they leave:
 * a paper that is kept needs a law, art. 44. Asks for a reason, since an application form is no proof.
 */
export const fiveTests: Rule<Service> = {
  id: 'five-tests',
  article: businessEnvironment('第四十四条'),
  holds: {
    zh: '每项材料都按五种情形作答，保留的都有法律、法规或国务院决定依据',
    en: 'Every material answers the five tests, and what is kept has a law, regulation or decision',
  },
  judge: ({ materials }) =>
    materials.flatMap(({ id, decision, law, reason: why }, i) => [
      ...(isSubstantive(why.zh)
        ? []
        : [reason(`/materials/${i}/reason`, `${id} 没有写明理由`, `${id} states no reason`)]),
      ...(decision.kind === 'kept' && !law.some(founds)
        ? [
            reason(
              `/materials/${i}/law`,
              `${id} 保留而没有法律、法规或国务院决定依据；如属证明事项，不得索要`,
              `${id} is kept without a law, regulation or State Council decision; a proof may then not be demanded`,
            ),
          ]
        : []),
    ]),
}

function founds({ title }: Citation): boolean {
  return FOUNDS.test(title)
}
