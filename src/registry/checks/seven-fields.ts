import type { Item } from '../documents.ts'
import { PUBLIC_SERVICES } from './law.ts'
import { block, type Rule } from './rule.ts'
import { emptyFields, isSubstantive } from './substance.ts'

/** Conditions, content, procedure, mode, responsibility, fee, time limit. Blocks: an entry without them binds nobody. */
export const sevenFields: Rule<Item> = {
  id: 'seven-fields',
  article: PUBLIC_SERVICES,
  holds: { zh: '七项要素齐全', en: 'The seven mandatory fields are complete' },
  judge: ({ conditions, content, procedure, mode, responsibility, fee, timeLimit }) => [
    ...emptyFields([
      { pointer: '/conditions', name: { zh: '条件', en: 'Conditions' }, text: conditions },
      { pointer: '/content', name: { zh: '内容', en: 'Content' }, text: content },
      { pointer: '/procedure', name: { zh: '程序', en: 'Procedure' }, text: procedure },
      { pointer: '/mode', name: { zh: '方式', en: 'Mode' }, text: mode },
      {
        pointer: '/responsibility',
        name: { zh: '责任', en: 'Responsibility' },
        text: responsibility,
      },
      { pointer: '/fee', name: { zh: '费用', en: 'Fee' }, text: fee },
    ]),
    ...(isSubstantive(timeLimit.statutory.basis)
      ? []
      : [
          block(
            '/timeLimit/statutory/basis',
            '法定时限没有写明依据',
            'The statutory time limit names no basis',
          ),
        ]),
  ],
}
