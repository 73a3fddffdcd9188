import type { Agreement } from '../documents.ts'
import { personalInformation } from './law.ts'
import { block, type Rule, reason } from './rule.ts'

/** More than a city's busiest window asks in a day; the project's own figure. */
const DAILY_QUOTA_USUAL_MAX = 50_000

/** A quota of none is no agreement; an unusual one needs a reason. */
export const quota: Rule<Agreement> = {
  id: 'quota',
  article: personalInformation('第六条、第五十一条'),
  holds: { zh: '每日用量有限，大小合理', en: 'The daily quota is a limit, and a usual one' },
  judge: ({ dailyQuota }) => {
    if (dailyQuota === 0)
      return [
        block('/dailyQuota', '每日用量为零，无法使用', 'A daily quota of zero allows nothing'),
      ]
    return dailyQuota <= DAILY_QUOTA_USUAL_MAX
      ? []
      : [
          reason(
            '/dailyQuota',
            `每日用量超过 ${DAILY_QUOTA_USUAL_MAX} 次，请说明`,
            `The daily quota is over ${DAILY_QUOTA_USUAL_MAX}; state why`,
          ),
        ]
  },
}
