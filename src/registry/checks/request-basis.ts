import type { Agreement } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule } from './rule.ts'
import { isSubstantive } from './substance.ts'

/**
 * What an application states, art. 20: basis, scenario, scope, manner and period. The schema demands purposes,
 * claims and dates; a law it leaves open, and without one the application blocks.
 */
export const requestBasis: Rule<Agreement> = {
  id: 'request-basis',
  article: sharingRegulation('第二十条'),
  holds: {
    zh: '使用依据、场景、范围、方式、时限都已写明',
    en: 'Basis, scenario, scope, manner and period are stated',
  },
  judge: ({ law = [], claims }) => {
    const cited = law.filter(({ title }) => isSubstantive(title))
    return [
      ...(cited.length > 0
        ? []
        : [block('/law', '没有写明使用依据', 'No legal basis for the use is stated')]),
      ...(Object.keys(claims).length > 0
        ? []
        : [block('/claims', '没有写明使用哪些数据项', 'No claim is asked for')]),
    ]
  },
}
