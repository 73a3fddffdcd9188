import { CONDITIONS, EXCLUSIONS } from '../fitness.ts'
import { type Codec, choice, codes, token, whole, yesNo } from './codec.ts'
import { bilingual, type Column, column, laws, readOnly, STATES, timeLimit } from './column.ts'

const adopts: Codec = {
  write: (value) => {
    if (typeof value !== 'object' || value === null) return ''
    const { agency, code } = value as { readonly agency: string; readonly code: string }
    return `${agency} ${code}`
  },
  read: (cell) => {
    const [agency, code, ...rest] = cell.normalize('NFKC').trim().split(/\s+/)
    return rest.length === 0 && code !== undefined
      ? { value: { agency, code } }
      : {
          wrong: {
            zh: '应为：机关统一社会信用代码 服务事项编码',
            en: 'It must be: code of the agency, code of the service',
          },
        }
  },
}

const DECISIONS = choice({
  replaced: { zh: '机关核验', en: 'replaced' },
  committed: { zh: '告知承诺', en: 'committed' },
  abolished: { zh: '取消', en: 'abolished' },
  kept: { zh: '保留', en: 'kept' },
})

/** What rows of one service say alike: it is read from the first of them, and the others may not differ. */
export const SERVICE_COLUMNS: readonly Column[] = [
  column('code', '服务事项编码', 'Service code', token),
  readOnly('state', '状态', 'State', STATES),
  ...bilingual('names', '服务事项名称', 'Service'),
  column('lead', '牵头机关代码', 'Lead agency', token),
  column('coLeads', '联办机关代码', 'Agencies that join', codes()),
  column('adopts', '采用上级规范', 'Adopts', adopts),
  ...bilingual('conditions', '受理条件', 'Conditions'),
  ...timeLimit(),
  ...Object.entries(EXCLUSIONS).map(([name, { zh, en }]) =>
    column(`fitness.exclusions.${name}`, `不应：${zh}`, `Must not: ${en}`, yesNo),
  ),
  ...Object.entries(CONDITIONS).map(([name, { zh, en }]) =>
    column(`fitness.conditions.${name}`, `应当：${zh}`, `Must: ${en}`, yesNo),
  ),
  column('law', '事项依据', 'Legal basis of the service', laws([])),
]

/** What each row says of its own: one material. */
export const MATERIAL_COLUMNS: readonly Column[] = [
  column('id', '材料编号', 'Material', token),
  ...bilingual('names', '材料名称', 'Material’s name'),
  column('decision.kind', '处理方式', 'Decision', DECISIONS),
  column('decision.items', '替代事项', 'Replaced by items', codes()),
  column('decision.afterCheck.item', '事后核查事项', 'Checked afterwards by item', token),
  ...bilingual('decision.afterCheck.how', '事后核查方式', 'How it is checked'),
  column(
    'decision.afterCheck.dueWorkingDays',
    '核查期限（工作日）',
    'Checked within (working days)',
    whole,
  ),
  column('tests.noBasis', '无法律法规依据', 'Test: no basis', yesNo),
  column('tests.outdated', '与管理不相适应', 'Test: outdated', yesNo),
  column('tests.obtainable', '可由部门间核实', 'Test: obtainable', yesNo),
  column('tests.shiftsDuty', '转嫁责任', 'Test: shifts a duty', yesNo),
  column('tests.provenElsewhere', '有效证照已能证明', 'Test: proven elsewhere', yesNo),
  ...bilingual('reason', '理由', 'Reason'),
  column('law', '材料依据', 'Legal basis of the material', laws([])),
].map((one) => ({ ...one, key: `material.${one.key}` }))
