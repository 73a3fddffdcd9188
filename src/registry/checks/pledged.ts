import { offersItems, type Pledge } from '../pledge.ts'
import { NIL_REPORT } from './law.ts'
import { block, type Rule, reason } from './rule.ts'

/** 零报告承诺 is true: who offers items has none to pledge. Blocks; a period that does not cover today needs a reason. */
export const pledged: Rule<Pledge> = {
  id: 'pledged',
  article: NIL_REPORT,
  holds: {
    zh: '该机关确无协助事项，承诺在有效期内',
    en: 'The agency offers no item, and the pledge covers today',
  },
  judge: ({ agency, from, to, signedOn }, { registry, today }) => [
    ...(registry.agencies.get(agency)?.status === 'active'
      ? []
      : [block('/agency', '机关未登记或已停用', 'The agency is not registered, or suspended')]),
    ...(offersItems(registry, agency)
      ? [
          block(
            '/agency',
            '该机关有协助事项，不适用零报告承诺',
            'The agency offers items, so there is nothing to pledge',
          ),
        ]
      : []),
    ...(signedOn > today
      ? [block('/signedOn', '签署日晚于今天', 'It is signed on a day to come')]
      : []),
    ...(from <= today && today <= to
      ? []
      : [
          reason('/from', '承诺期间不含今天，请说明', 'Its period does not cover today; state why'),
        ]),
  ],
}
