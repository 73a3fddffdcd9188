import { REFUSAL_GROUNDS } from '../proposal/kinds/agreement-refusal.ts'
import {
  actParam,
  openingSchema,
  proposalParam,
  proposalQuery,
  stepSchema,
} from './admin-proposals.ts'
import { registryQuery } from './admin-registry.ts'
import { SIGNED_IN, type Writing } from './openapi-people.ts'

const CLOCKS =
  '`clocks`：法定期限，各有 `article`、`due`、`state`（normal、near、overdue、stopped、done、no-calendar）；逐日计算 `trace` 见单项。· Statutory clocks, each with its article, due date and state; the trace, day by day, with a single proposal.'

const GROUNDS = Object.entries(REFUSAL_GROUNDS)
  .map(([code, { zh, en }]) => `${code} ${zh} (${en})`)
  .join('; ')

const ACTS = `可办事项及其 \`details\` 的 JSON Schema 见 \`choices\`。共享申请（kind=agreement）不予同意（refuse）须写明 \`code\`、\`law\` 和 \`reason\`；材料不全不是理由。· \`choices\` lists what can be done and the JSON Schema of its \`details\`. Refusing an application takes a code, a law and a reason: ${GROUNDS}.`

const OPENINGS =
  '`kind`=agreement、`verb`=adopt：把运行方装入的约定原样记录在案，此后可中止、终止。`kind`=correction、`verb`=report：按答复的日志编号（`doc.entry`）报告数据有误，提供机关十个工作日内答复（条例第二十六条）。· `adopt` takes an agreement that the operator loaded on record, as it is, to be suspended or ended from then on; `report` of kind `correction` says by the answer’s number in the log (`doc.entry`) which claims were wrong; the provider replies within 10 working days.'

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The ETag that the proposal was read with',
  schema: { type: 'string' },
}

/** The paths of `/v1/admin/proposals`, and of what is in force already. */
export function proposalPaths({ parameters, toSchema, refused }: Writing) {
  const json = { 'application/json': {} }
  const etag = { ETag: { schema: { type: 'string' } } }
  const acted = { ...etag, 'Log-Index': { schema: { type: 'integer' } } }
  const body = (schema: Parameters<Writing['toSchema']>[0]) => ({
    required: true,
    content: { 'application/json': { schema: toSchema(schema) } },
  })
  return {
    '/v1/admin/registry': {
      get: {
        summary: '生效文档，供文件化管理 · Documents in force, for those who keep them as files',
        description:
          '只含本人可见的约定与系统；他机关事项不含连接方式（`connector` 为 null）。翻页期间 `version` 变了就从头再读。· Agreements and systems that one may see; of other agencies’ items `connector` is null. Where `version` changes between pages, read again from the first.',
        security: SIGNED_IN,
        parameters: parameters(registryQuery, 'query'),
        responses: { 200: { description: 'OK', content: json }, ...refused },
      },
    },
    '/v1/admin/proposals': {
      get: {
        summary: '登记变更一览 · Changes of the registry on their way',
        description: CLOCKS,
        security: SIGNED_IN,
        parameters: parameters(proposalQuery, 'query'),
        responses: { 200: { description: 'OK', content: json }, ...refused },
      },
      post: {
        summary: '提出变更 · Open a proposal',
        description: OPENINGS,
        security: SIGNED_IN,
        requestBody: body(openingSchema),
        responses: { 201: { description: 'Opened', headers: acted, content: json }, ...refused },
      },
    },
    '/v1/admin/proposals/{id}': {
      get: {
        summary:
          '变更全貌：内容、检查、期限、可办事项、经过 · All that somebody needs to decide on it',
        description: CLOCKS,
        security: SIGNED_IN,
        parameters: parameters(proposalParam),
        responses: { 200: { description: 'OK', headers: etag, content: json }, ...refused },
      },
    },
    '/v1/admin/proposals/{id}/{verb}': {
      post: {
        summary: '办理：提交、同意、退回、发布等 · Act on it: submit, approve, return, publish, …',
        description: ACTS,
        security: SIGNED_IN,
        parameters: [...(parameters(actParam) as readonly unknown[]), IF_MATCH],
        requestBody: body(stepSchema),
        responses: { 200: { description: 'Done', headers: acted, content: json }, ...refused },
      },
    },
  }
}
