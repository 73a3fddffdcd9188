import { messages } from '../words.ts'

/** The words of the registry's own vocabulary, the same on every page. */
export const TERMS = messages(
  {
    kinds: { verification: '核验', query: '查询', inquiry: '人工协查' },
    sharing: { UNCONDITIONAL: '无条件共享', CONDITIONAL: '有条件共享', NOT_SHARED: '不予共享' },
    levels: { city: '市', county: '县（区）', township: '乡镇（街道）', village: '村（社区）' },
    agencyKinds: {
      organ: '行政机关',
      institution: '事业单位',
      utility: '公用企事业单位',
      'grass-roots': '基层群众性自治组织',
    },
    units: {
      WORKING_DAY: (n: number) => `${n} 个工作日`,
      NATURAL_DAY: (n: number) => `${n} 日（自然日）`,
      HOUR: (n: number) => `${n} 小时`,
      INSTANT: () => '即时',
    },
    starts: {
      RECEIPT: '自收到请求起',
      ACCEPTANCE: '自受理起',
      CONSENT: '自同意共享起',
      CHANGE: '自变更起',
    },
    everyDays: (n: number) => `每 ${n} 天`,
    everyDay: '每天',
    marks: { read: '', excerpt: '（读到节选）', unverified: '（未核对原文）' },
    unknownAgency: '未登记的机关',
    colon: '：',
    comma: '、',
    clause: '，',
    sentence: '；',
    law: (title: string, article: string) => `《${title}》${article}`,
  },
  {
    kinds: { verification: 'Verification', query: 'Query', inquiry: 'Inquiry by an officer' },
    sharing: {
      UNCONDITIONAL: 'Shared unconditionally',
      CONDITIONAL: 'Shared on conditions',
      NOT_SHARED: 'Not shared',
    },
    levels: { city: 'City', county: 'County', township: 'Township', village: 'Village' },
    agencyKinds: {
      organ: 'Administrative organ',
      institution: 'Public institution',
      utility: 'Public utility',
      'grass-roots': 'Grass-roots organization',
    },
    units: {
      WORKING_DAY: (n) => (n === 1 ? '1 working day' : `${n} working days`),
      NATURAL_DAY: (n) => (n === 1 ? '1 calendar day' : `${n} calendar days`),
      HOUR: (n) => (n === 1 ? '1 hour' : `${n} hours`),
      INSTANT: () => 'At once',
    },
    starts: {
      RECEIPT: 'from receipt of the request',
      ACCEPTANCE: 'from acceptance',
      CONSENT: 'from consent',
      CHANGE: 'from the change',
    },
    everyDays: (n) => `Every ${n} days`,
    everyDay: 'Daily',
    marks: { read: '', excerpt: ' (read in excerpt)', unverified: ' (text not checked)' },
    unknownAgency: 'Agency not registered',
    colon: ': ',
    comma: ', ',
    clause: ', ',
    sentence: '; ',
    law: (title, article) => `${title} ${article}`,
  },
)
