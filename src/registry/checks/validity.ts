import type { Agreement } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule, reason } from './rule.ts'

/** The regulation sets no length; the project's own figure, after which an application is judged anew. */
const YEARS_USUAL_MAX = 3

/** 使用时限 is a period that lies ahead, art. 20. One without an end in sight needs a reason. */
export const validity: Rule<Agreement> = {
  id: 'validity',
  article: sharingRegulation('第二十条'),
  holds: { zh: '使用时限明确', en: 'The period of use is definite' },
  judge: ({ validFrom, validTo }, { today }) => {
    if (validFrom > validTo)
      return [block('/validTo', '终止日早于起始日', 'It ends before it begins')]
    if (validTo < today) return [block('/validTo', '使用时限已过', 'Its period has passed')]
    return validTo <= yearsAfter(validFrom)
      ? []
      : [
          reason(
            '/validTo',
            `使用时限长于 ${YEARS_USUAL_MAX} 年，请说明`,
            `Its period is longer than ${YEARS_USUAL_MAX} years; state why`,
          ),
        ]
  },
}

/** The same day of a later year; ISO dates compare as text, so 29 February needs no care. */
function yearsAfter(day: string): string {
  return `${String(Number(day.slice(0, 4)) + YEARS_USUAL_MAX).padStart(4, '0')}${day.slice(4)}`
}
