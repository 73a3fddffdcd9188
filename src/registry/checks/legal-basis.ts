import type { Item } from '../documents.ts'
import { COMPETENCE } from './law.ts'
import { question, type Rule, reason } from './rule.ts'

/** An agency assists within its duties, and says by which law. Asks for a reason where none is cited. */
export const legalBasis: Rule<Item> = {
  id: 'legal-basis',
  article: COMPETENCE,
  holds: { zh: '列明了依据', en: 'A legal basis is cited' },
  judge: ({ law }) => {
    if (law.length === 0)
      return [reason('/law', '没有列明依据，请说明为何', 'No legal basis is cited; state why')]
    return law.every(({ mark }) => mark === 'unverified')
      ? [
          question(
            '/law',
            '所列依据都没有核对过原文，请核对',
            'None of the laws cited was read; read them',
          ),
        ]
      : []
  },
}
