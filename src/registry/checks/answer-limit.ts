import type { Limit } from '../../calendar/limit.ts'
import type { Item } from '../documents.ts'
import { within } from '../time-limit.ts'
import { sharingRegulation } from './law.ts'
import { type Rule, reason } from './rule.ts'

const CEILING_WORKING_DAYS = { UNCONDITIONAL: 1, CONDITIONAL: 10 } as const

/**
 * One working day for what is shared without conditions, ten for the rest, art. 21. Asks for a reason, since
 * a special law may set another limit for a kind of inquiry.
 */
export const answerLimit: Rule<Item> = {
  id: 'answer-limit',
  article: sharingRegulation('第二十一条'),
  holds: {
    zh: '答复时限在条例规定之内',
    en: 'The answer is due within what the regulation allows',
  },
  judge: ({ sharing, timeLimit }) => {
    if (sharing.class === 'NOT_SHARED') return undefined
    const n = CEILING_WORKING_DAYS[sharing.class]
    const ceiling: Limit = { n, unit: 'WORKING_DAY', from: 'RECEIPT', basis: '' }
    if (within(timeLimit.statutory, ceiling) === 'within') return []
    return [
      reason(
        '/timeLimit/statutory',
        `条例规定收到后 ${n} 个工作日内答复，这里的法定时限不在其内，请说明依据`,
        `The regulation demands an answer in ${n} working day(s) of receipt; state why this limit is another`,
      ),
    ]
  },
}
