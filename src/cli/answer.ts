import { tint } from '../platform/terminal.ts'
import type { Asked, Claims, Question, Said } from './asking.ts'
import { tableText } from './table.ts'

export const OUTCOMES: Readonly<Record<string, string>> = {
  ANSWERED: '已答复 ANSWERED',
  NO_RECORD: '无记录 NO_RECORD',
  UNDETERMINED: '无法判定 UNDETERMINED',
  MATCH: '一致 MATCH',
  MISMATCH: '不一致 MISMATCH',
}

const SIGNS: Readonly<Record<string, string>> = { equals: '=', in: '∈', atLeast: '≥', atMost: '≤' }

/** A question as people write it: `status = REGISTERED`; a read is the claim alone. */
function questionText({ claim, ...predicate }: Question, title = claim): string {
  const [one] = Object.entries(predicate)
  if (!one) return title
  const [name, value] = one
  const values = Array.isArray(value) ? value.join('、') : String(value)
  return `${title} ${SIGNS[name] ?? name} ${values}`
}

/** What was said about one claim: a comparison's result, or the value that was read. */
function replyText(said: Said, claim: string): string {
  const reply = said.claims?.[claim]
  if (!reply) return '—'
  if (reply.result !== undefined) return OUTCOMES[reply.result] ?? reply.result
  return typeof reply.value === 'string' ? reply.value : JSON.stringify(reply.value)
}

export function answerLines({ said, index, jti }: Asked, { item, ask = [] }: Claims): string[] {
  const rows = ask.map((one) => [questionText(one), replyText(said, one.claim)])
  return [
    `${tint('bold', item ?? '')}  ${OUTCOMES[said.outcome ?? ''] ?? said.outcome}`,
    tableText(['所问 Asked', '答复 Answer'], rows),
    `数据截止 as of  ${said.asOf}（${said.source?.register}）`,
    `日志序号 entry  ${index}`,
    `请求编号 jti    ${jti}`,
  ]
}

/** A refusal with whose move it is and what to do. */
export function refusalLines({ said, index, status }: Asked): string[] {
  const places = [
    ...(said.pointers ? [`  位置 pointers：${said.pointers.join(', ')}`] : []),
    ...(said.policies ? [`  规则 policies：${said.policies.join(', ')}`] : []),
  ]
  return [
    `${tint(['bold', 'yellow'], `未予答复：${said.title}`)}  ${said.code} · HTTP ${status}`,
    `  ${said.detail}${said.retryable ? '可稍后原样重发。' : ''}`,
    `  怎么办：${said.hint}`,
    ...places,
    tint('dim', `  ${said.en?.title}. ${said.en?.detail}`),
    tint('dim', `  ${said.en?.hint}`),
    index === undefined
      ? '  无法归属到已登记的系统，故未入日志。Not attributable, so not logged.'
      : `  已签名并记入日志第 ${index} 号。Signed and recorded as entry ${index}.`,
  ]
}
