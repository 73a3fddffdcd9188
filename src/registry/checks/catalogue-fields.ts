import type { Item } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule } from './rule.ts'
import { emptyFields } from './substance.ts'

/** ISO 8601: P30D, P1Y, PT1H. */
const DURATION = /^P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?)?$/

/** What a catalogue of government data has to say of each entry, art. 13. Blocks: the article demands all of it. */
export const catalogueFields: Rule<Item> = {
  id: 'catalogue-fields',
  article: sharingRegulation('第十三条'),
  holds: {
    zh: '数据目录要素齐全，已作影响评估',
    en: 'The fields of the data catalogue are complete, and its impact was assessed',
  },
  judge: ({ names, data }) => [
    ...emptyFields([
      { pointer: '/names', name: { zh: '名称', en: 'Name' }, text: names },
      { pointer: '/data/items', name: { zh: '数据项', en: 'Data items' }, text: data.items },
      { pointer: '/data/format', name: { zh: '数据格式', en: 'Format' }, text: data.format },
      {
        pointer: '/data/sharingMode',
        name: { zh: '共享方式', en: 'Sharing mode' },
        text: data.sharingMode,
      },
      {
        pointer: '/data/useConditions',
        name: { zh: '使用条件', en: 'Conditions of use' },
        text: data.useConditions,
      },
      {
        pointer: '/data/classification',
        name: { zh: '分类分级', en: 'Classification' },
        text: data.classification,
      },
      {
        pointer: '/data/impactAssessment',
        name: {
          zh: '保密风险与个人信息保护影响评估',
          en: 'Assessment of secrecy and privacy impact',
        },
        text: data.impactAssessment,
      },
    ]),
    ...(DURATION.test(data.updateFrequency)
      ? []
      : [
          block(
            '/data/updateFrequency',
            '更新频率请按 ISO 8601 写，例如 P30D（每三十日）',
            'State the update frequency as in ISO 8601, for example P30D (every thirty days)',
          ),
        ]),
  ],
}
