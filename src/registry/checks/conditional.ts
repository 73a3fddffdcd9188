import type { Item } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import type { Rule } from './rule.ts'
import { emptyFields } from './substance.ts'

/** 有条件共享 lists its scope, its use and its conditions, art. 14. Blocks: what is not listed cannot be refused later. */
export const conditional: Rule<Item> = {
  id: 'conditional',
  article: sharingRegulation('第十四条'),
  holds: {
    zh: '有条件共享已列明范围、用途和条件',
    en: 'What is shared on conditions lists scope, use and conditions',
  },
  judge: ({ sharing, data }) =>
    sharing.class === 'CONDITIONAL'
      ? emptyFields([
          {
            pointer: '/sharing/scope',
            name: { zh: '共享范围', en: 'Scope of sharing' },
            text: sharing.scope,
          },
          { pointer: '/sharing/use', name: { zh: '使用用途', en: 'Use' }, text: sharing.use },
          {
            pointer: '/data/useConditions',
            name: { zh: '使用条件', en: 'Conditions of use' },
            text: data.useConditions,
          },
        ])
      : undefined,
}
