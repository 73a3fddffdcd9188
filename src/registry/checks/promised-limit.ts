import type { Item } from '../documents.ts'
import type { Service } from '../service-item.ts'
import { within } from '../time-limit.ts'
import { PUBLIC_SERVICES } from './law.ts'
import { block, question, type Rule } from './rule.ts'

/**
 * A promise may be shorter than the statutory limit, never longer: blocks. Where only the calendar could
 * tell, it is asked.
 */
export const promisedLimit: Rule<Pick<Item | Service, 'timeLimit'>> = {
  id: 'promised-limit',
  article: PUBLIC_SERVICES,
  holds: {
    zh: '承诺时限不超过法定时限',
    en: 'The promised time limit is within the statutory one',
  },
  judge: ({ timeLimit }) => {
    if (!timeLimit) return undefined
    const found = within(timeLimit.promised, timeLimit.statutory)
    if (found === 'within') return []
    const say = found === 'beyond' ? block : question
    return [
      say(
        '/timeLimit/promised',
        found === 'beyond'
          ? '承诺时限长于法定时限'
          : '承诺时限与法定时限的单位或起算点不同，无法直接比较，请核实没有超过',
        found === 'beyond'
          ? 'The promised time limit is longer than the statutory one'
          : 'The two limits count in different units or from different events; see that the promise is within',
      ),
    ]
  },
}
