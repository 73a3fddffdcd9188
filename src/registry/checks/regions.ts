import { regionCovers } from '../../contract/identifiers.ts'
import type { Agreement } from '../documents.ts'
import { personalInformation } from './law.ts'
import { block, type Rule, reason } from './rule.ts'

/** Where it may be used: every requester's own place, or it could never be; a wider one needs a reason. */
export const regions: Rule<Agreement> = {
  id: 'regions',
  article: personalInformation('第六条'),
  holds: {
    zh: '使用范围与申请机关的区域相符',
    en: 'The regions are those of the requesters',
  },
  judge: ({ regions: all, requesters }, { registry }) => {
    const own = requesters.flatMap((uscc) => registry.agencies.get(uscc) ?? [])
    const outside = own.filter(({ region }) => !all.some((wide) => regionCovers(wide, region)))
    return [
      ...outside.map(({ names, region }) =>
        block(
          '/regions',
          `${names.zh}（${region}）不在使用范围内，无法使用`,
          `${names.en} (${region}) is outside the regions and could never ask`,
        ),
      ),
      ...all.flatMap((wide, i) =>
        own.some(({ region }) => regionCovers(region, wide))
          ? []
          : [
              reason(
                `/regions/${i}`,
                `${wide} 大于申请机关的区域，请说明`,
                `${wide} is wider than any requester’s own region; state why`,
              ),
            ],
      ),
    ]
  },
}
