import type { Item } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule } from './rule.ts'
import { isSubstantive } from './substance.ts'

/** A measure (办法) is none. */
const STATUTE = /(?<!办)法|条例|国务院.*(?:决定|规定)/u

/** 不予共享 cites law, regulation or a State Council decision, arts. 14 and 15. Blocks: without one it may not be withheld. */
export const notShared: Rule<Item> = {
  id: 'not-shared',
  article: sharingRegulation('第十四条、第十五条'),
  holds: { zh: '不予共享已列明法律依据', en: 'What is not shared cites its statute' },
  judge: ({ sharing }) => {
    if (sharing.class !== 'NOT_SHARED') return undefined
    const { statute = '' } = sharing
    if (isSubstantive(statute) && STATUTE.test(statute)) return []
    return [
      block(
        '/sharing/statute',
        '不予共享的，须写明所依据的法律、行政法规或者国务院决定',
        'What is not shared has to cite a law, an administrative regulation or a State Council decision',
      ),
    ]
  },
}
