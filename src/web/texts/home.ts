import { messages } from '../words.ts'

export const HOME = messages(
  {
    question: '我要办什么事？还要带什么？',
    search: '事项或材料的名称',
    hint: '例如：公租房、居住证、结婚证',
    submit: '查一查',
    services: '办事指南',
    before: (before: number, after: number) => `原来 ${before} 份，现在 ${after} 份`,
    proof: '有人向我要一份证明，还该要吗？',
    proofName: '证明的名称',
    proofHint: '例如：健在证明、亲属关系证明、营业执照复印件',
    sum: (services: number, before: number, after: number) =>
      `${services} 个服务事项，材料从 ${before} 份减到 ${after} 份：其余由机关之间直接核验，或以告知承诺代替，或已取消。`,
    what: '这是什么',
    about:
      '这里是一个机关的数据共享与行政协助网关：其他机关的系统以签名请求核验证照或记录；网关核对身份、依据与约定，只答复所需的最少内容，每次交换写入不可暗改的日志。个人不在此登录或查询。',
    checkpoint: '存证日志的最新检查点',
    machine: '机器入口：地址、算法、日志',
    openapi: '接口描述',
    problems: '每个拒绝代码的说明',
  },
  {
    question: 'What do I want to do, and what must I bring?',
    search: 'Name of a service or of a paper',
    hint: 'For instance: rental housing, residence permit, marriage certificate',
    submit: 'Look it up',
    services: 'Services',
    before: (before, after) => `${before} papers before, ${after} now`,
    proof: 'Somebody asks me for a proof: may they?',
    proofName: 'Name of the proof',
    proofHint: 'For instance: proof of being alive, proof of kinship, copy of the business licence',
    sum: (services, before, after) =>
      `${services} services, from ${before} papers to ${after}: the rest agencies verify among themselves, or a declaration takes its place, or it was abolished.`,
    what: 'What this is',
    about:
      'This is the gateway of an agency. Other agencies’ systems ask it, by signed requests, to verify a certificate or a record; it checks who asks and on what basis, answers the least that serves, and writes each exchange into a tamper-evident log. Citizens neither sign in nor ask here.',
    checkpoint: 'The latest checkpoint of the log',
    machine: 'For machines: addresses, algorithms, log',
    openapi: 'The interface, described',
    problems: 'Every refusal explained',
  },
)
