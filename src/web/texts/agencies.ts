import { messages } from '../words.ts'

export const AGENCIES = messages(
  {
    code: '统一社会信用代码',
    kind: '性质',
    level: '层级',
    region: '行政区划代码',
    parent: '上级机关',
    children: '所属机关',
    items: '提供的协助事项',
    noItems: '该机关目前没有发布协助事项。',
    services: '牵头的办事事项',
    noServices: '该机关目前没有牵头的办事事项。',
    suspended: '该机关已停用，请求会被拒绝（suspended）。',
    pledges: '零报告承诺',
    pledgesLead: '没有协助事项可提供的机关，须签署并公布零报告承诺。',
    pledgesNone: '没有公布的承诺',
    pledgesWhy: '目前没有机关公布零报告承诺；有协助事项的机关不需要承诺。',
    pledgesDo: '查看协助事项目录',
  },
  {
    code: 'Unified social credit code',
    kind: 'Kind',
    level: 'Level',
    region: 'Region code',
    parent: 'Part of',
    children: 'Agencies below it',
    items: 'Items it provides',
    noItems: 'This agency has published no items yet.',
    services: 'Services it leads',
    noServices: 'This agency leads no service yet.',
    suspended: 'This agency is suspended; requests are refused (suspended).',
    pledges: 'Nil-report pledges',
    pledgesLead:
      'An agency that has no item to provide signs a pledge that says so, and publishes it.',
    pledgesNone: 'No pledge is published',
    pledgesWhy:
      'No agency has published a nil-report pledge yet; those that provide items need none.',
    pledgesDo: 'See the assistance catalogue',
  },
)
