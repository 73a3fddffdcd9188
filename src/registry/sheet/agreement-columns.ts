import { codes, lines, token, whole } from './codec.ts'
import { type Column, column, laws, readOnly, STATES } from './column.ts'

type Purpose = { readonly service: string; readonly basis: string; readonly scenario: string }

const purposes = lines({
  parts: ({ service, basis, scenario }: Purpose) => [service, basis, scenario],
  element: ([service, basis, scenario]) => ({ service, basis, scenario }),
  form: { zh: '服务事项 | 依据代码 | 场景代码', en: 'service | basis | scenario' },
  counts: [3],
})

/** Claim by claim, in which ways it may be used. The document keeps them by name. */
const grants = lines({
  parts: ([name, ways]: readonly [string, readonly string[]]) => [name, ways.join(' ')],
  element: ([name = '', ways = '']) => [name, ways.split(/[\s,、]+/u).filter((one) => one !== '')],
  form: { zh: '数据项 | read、predicate', en: 'claim | read, predicate' },
  counts: [2],
})

const claims: Column['codec'] = {
  write: (value, language) =>
    typeof value === 'object' && value !== null
      ? grants.write(Object.entries(value), language)
      : '',
  read: (cell) => {
    const read = grants.read(cell)
    if ('wrong' in read) return read
    const entries = read.value as readonly (readonly [string, unknown])[]
    return new Set(entries.map(([name]) => name)).size === entries.length
      ? { value: Object.fromEntries(entries) }
      : { wrong: { zh: '同一数据项列了两次', en: 'A claim is listed twice' } }
  },
}

/**
 * Why the data is needed (政务数据共享条例 art. 20): said when it is applied for, and in no agreement that is
 * in force, so that it is written as nothing.
 */
const APPLICATION: readonly Column[] = [
  column('application.basis', '申请理由：使用依据', 'Application: basis'),
  column('application.scenario', '申请理由：使用场景', 'Application: scenario'),
  column('application.scope', '申请理由：使用范围', 'Application: scope'),
]

/** An agreement, one a row. */
export const AGREEMENT_COLUMNS: readonly Column[] = [
  column('id', '约定编号', 'Agreement', token),
  readOnly('state', '状态', 'State', STATES),
  column('item', '事项编码', 'Item code', token),
  column('requesters', '申请机关代码', 'Requesters', codes()),
  column('purposes', '用途', 'Purposes', purposes),
  column('claims', '数据项', 'Claims', claims),
  column('authorization', '授权方式', 'Authorization', codes()),
  column('regions', '使用区域', 'Regions', codes()),
  column('validFrom', '起始日', 'Valid from', token),
  column('validTo', '终止日', 'Valid to', token),
  column('dailyQuota', '每日用量', 'Daily quota', whole),
  column('law', '使用依据', 'Legal basis', laws()),
  ...APPLICATION,
]
