import { messages } from '../words.ts'

export const PROBLEMS = messages(
  {
    title: '拒绝代码',
    lead: '网关拒绝的每一种情形：代码是给程序看的，说明是给人看的。',
    code: '代码',
    status: 'HTTP 状态',
    says: '含义',
    means: '查到了什么',
    todo: '怎么办',
    party: '由谁处理',
    retry: '可否原样重发',
    check: '未通过的检查',
    all: '全部代码',
    parties: {
      caller: '请求系统',
      gateway: '网关运行方',
      provider: '提供机关',
      authority: '共享主管部门',
    },
    again:
      '可以。按 Retry-After 等待后重发同一 JWS，不会被当作第二次请求；若届时已过期，签署新请求。',
    noUse: '不必。原样重发得到的仍是同一结果。',
  },
  {
    title: 'Refusal codes',
    lead: 'Everything the gateway refuses: the code is for programs, the words are for people.',
    code: 'Code',
    status: 'HTTP status',
    says: 'Meaning',
    means: 'What was found',
    todo: 'What to do',
    party: 'Whose move',
    retry: 'Retry unchanged',
    check: 'Failed check',
    all: 'All codes',
    parties: {
      caller: 'the calling system',
      gateway: 'the operator of the gateway',
      provider: 'the provider',
      authority: 'the sharing authority',
    },
    again:
      'Yes. Wait for Retry-After and send the same JWS; it will not count as a second request. Once it has expired, sign a new one.',
    noUse: 'No use: the same JWS will get the same outcome.',
  },
)
