import { type Codec, choice, token, tokenOrNull, whole } from './codec.ts'
import {
  bilingual,
  bilingualLines,
  type Column,
  column,
  laws,
  readOnly,
  STATES,
  timeLimit,
} from './column.ts'

type Adopts = { readonly agency: string; readonly code: string; readonly version: number }

/** Agency, code and version of the definition, in one cell. */
const adopts: Codec = {
  write: (value) => {
    if (typeof value !== 'object' || value === null) return ''
    const { agency, code, version } = value as Adopts
    return `${agency} ${code} ${version}`
  },
  read: (cell) => {
    const [agency, code, version, ...rest] = cell.normalize('NFKC').trim().split(/\s+/)
    return rest.length === 0 && /^\d{1,9}$/.test(version ?? '')
      ? { value: { agency, code, version: Number(version) } }
      : {
          wrong: {
            zh: '应为：机关统一社会信用代码 事项编码 版本号',
            en: 'It must be: code of the agency, code of the item, version',
          },
        }
  },
}

const KINDS = choice({
  verification: { zh: '核验', en: 'verification' },
  query: { zh: '查询', en: 'query' },
  inquiry: { zh: '人工协查', en: 'inquiry' },
})

const CLASSES = choice({
  UNCONDITIONAL: { zh: '无条件共享', en: 'unconditional' },
  CONDITIONAL: { zh: '有条件共享', en: 'conditional' },
  NOT_SHARED: { zh: '不予共享', en: 'not shared' },
})

/**
 * An item, one a row. How its provider is reached stands in no sheet: it is no matter for the public, and
 * stays as it is when a sheet is read.
 */
export const ITEM_COLUMNS: readonly Column[] = [
  column('code', '事项编码', 'Item code', token),
  column('version', '版本', 'Version', whole),
  readOnly('state', '状态', 'State', STATES),
  ...bilingual('names', '事项名称', 'Name'),
  column('kind', '事项类型', 'Kind', KINDS),
  column('provider', '提供单位代码', 'Provider', token),
  column('adopts', '采用上级规范', 'Adopts', adopts),
  column('contract', '契约', 'Contract', tokenOrNull),
  column('sharing.class', '共享属性', 'Sharing class', CLASSES),
  ...bilingual('sharing.scope', '共享范围', 'Scope of sharing'),
  ...bilingual('sharing.use', '使用用途', 'Use'),
  column('sharing.statute', '不予共享依据', 'Statute for not sharing'),
  ...bilingual('conditions', '条件', 'Conditions'),
  ...bilingual('content', '内容', 'Content'),
  ...bilingual('procedure', '程序', 'Procedure'),
  ...bilingual('mode', '方式', 'Mode'),
  ...bilingual('responsibility', '责任', 'Responsibility'),
  ...bilingual('fee', '费用', 'Fee'),
  ...timeLimit(),
  ...bilingual('data.items', '数据项', 'Data items'),
  ...bilingual('data.format', '数据格式', 'Data format'),
  column('data.updateFrequency', '更新频率', 'Update frequency', token),
  ...bilingual('data.sharingMode', '共享方式', 'Sharing mode'),
  ...bilingual('data.useConditions', '使用条件', 'Conditions of use'),
  ...bilingual('data.classification', '分类分级', 'Classification'),
  ...bilingual('data.impactAssessment', '影响评估', 'Impact assessment'),
  column('replaces', '替代的证明', 'Papers replaced', bilingualLines([])),
  column('law', '依据', 'Legal basis', laws([])),
]
