import type { Item } from '../documents.ts'
import { FEES } from './law.ts'
import { type Rule, reason } from './rule.ts'

const FREE = /不收费|不收取|免费|免收/u

/** Assistance among agencies costs nothing unless a law says so. Asks for a reason: no source settles who bears a cost. */
export const fee: Rule<Item> = {
  id: 'fee',
  article: FEES,
  holds: { zh: '不收费', en: 'No fee' },
  judge: ({ fee: text }) =>
    FREE.test(text.zh)
      ? []
      : [
          reason(
            '/fee',
            '收费须有法律、行政法规依据，请说明',
            'A fee needs a law or an administrative regulation; state it',
          ),
        ],
}
