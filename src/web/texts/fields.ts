import { messages } from '../words.ts'

/** How the members of registry documents are called, beyond the catalogue's own words. */
export const FIELDS = messages(
  {
    inLanguage: (name: string, language: string) => `${name}（${language}）`,
    own: {
      code: '代码',
      version: '版本',
      names: '名称',
      kind: '类型',
      provider: '提供机关',
      contract: '机器契约',
      connector: '连接方式',
      replaces: '替代的证明',
      law: '法律依据',
      adopts: '沿用的上级事项',
      reason: '理由',
      timeLimit: '时限',
    },
    sharing: { class: '共享属性', scope: '共享范围', use: '使用用途', statute: '不予共享依据' },
    limits: { statutory: '法定时限', promised: '承诺时限' },
    limit: { n: '：数', unit: '：单位', from: '：起算', basis: '：依据' },
  },
  {
    inLanguage: (name, language) => `${name} (${language})`,
    own: {
      code: 'Code',
      version: 'Version',
      names: 'Name',
      kind: 'Kind',
      provider: 'Provider',
      contract: 'Contract for machines',
      connector: 'Connector',
      replaces: 'Proofs it replaces',
      law: 'Legal basis',
      adopts: 'Taken over from',
      reason: 'Reason',
      timeLimit: 'Time limit',
    },
    sharing: {
      class: 'Sharing class',
      scope: 'Shared with',
      use: 'To be used for',
      statute: 'Statute against sharing',
    },
    limits: { statutory: 'Statutory limit', promised: 'Promised limit' },
    limit: { n: ': number', unit: ': unit', from: ': counted from', basis: ': basis' },
  },
)
