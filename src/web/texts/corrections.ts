import { messages } from '../words.ts'

/** What the console says where data that was found wrong is reported (条例第二十六条). */
export const CORRECTIONS = messages(
  {
    title: '报告数据有误',
    lead: '收到的答复与实际不符，就报告给提供机关：它须在 10 个工作日内校核，更正或者答复（政务数据共享条例第二十六条）。',
    find: '哪一次答复',
    entry: '日志号',
    entryHint: '在“业务系统”页面的调用里，或者答复的 Log-Index 头里。',
    next: '下一步',
    notOurs: '没有这个日志号的答复，或者它不是答复本机关的。请核对日志号。',
    facts: { entry: '日志号', time: '答复时间', item: '事项', provider: '提供机关' },
    claims: '哪些数据项有误',
    claimsNone: '请至少选一项',
    claimsMany: (most: number) => `一次至多选 ${most} 项`,
    reason: '有什么问题',
    reasonHint: '写明与什么证件或者材料不符。不要写当事人的姓名、证件号：日志号已经指明是哪一次。',
    reported: '这次答复已经报告过，正在校核。',
    reportedSee: '看这件数据校核',
    send: '报告',
    cancel: '不报告了',
    link: '报告数据有误',
    linkOf: (entry: number) => `报告数据有误：日志号 ${entry}`,
  },
  {
    title: 'Report wrong data',
    lead: 'Where an answer is not so in fact, report it to the provider: within 10 working days it verifies the data, and corrects it or replies (Regulation on Government Data Sharing, art. 26).',
    find: 'Which answer',
    entry: 'Log entry',
    entryHint:
      'It stands among the calls on the system’s page, and in the answer’s Log-Index header.',
    next: 'Next',
    notOurs: 'No answer to your agency has this number. Please look at the number again.',
    facts: { entry: 'Log entry', time: 'Answered at', item: 'Item', provider: 'Provider' },
    claims: 'Which claims are wrong',
    claimsNone: 'Please choose one at least',
    claimsMany: (most) => `Please choose ${most} at the most`,
    reason: 'What is wrong',
    reasonHint:
      'Which certificate or material says otherwise. No names or numbers of the person: the log entry says already which case it was.',
    reported: 'This answer has been reported, and is being verified.',
    reportedSee: 'See that report',
    send: 'Report',
    cancel: 'Leave it',
    link: 'Report wrong data',
    linkOf: (entry) => `Report wrong data: log entry ${entry}`,
  },
)
