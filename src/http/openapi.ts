import { Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { ERRORS } from '../errors.ts'
import { requestSchema } from '../exchange/request.ts'
import { shardName } from '../log/shard.ts'
import { agenciesQuery, agencyParam } from './agencies.ts'
import { deadlineQuery } from './calendar.ts'
import { itemParam, itemsQuery } from './catalog.ts'
import { auditPaths } from './openapi-audit.ts'
import { consolePaths } from './openapi-console.ts'
import { PERSON_SECURITY, peoplePaths } from './openapi-people.ts'
import { proposalPaths } from './openapi-proposals.ts'
import { sheetPaths } from './openapi-sheets.ts'
import { registerParam } from './operator.ts'
import { operatorProofSchema } from './operator-proof.ts'
import { proofSchema } from './proof.ts'
import { requestParam } from './requests.ts'
import { possessionSchema, registrationSchema } from './sandbox.ts'
import { proofQuery, serviceParam, servicesQuery } from './service-items.ts'

/** The OpenAPI 3.1 document, made from the schemas that validate. */
export function openApiRoute(
  { issuer, log }: Pick<Deps, 'issuer' | 'log'>,
  { hasOperator }: { readonly hasOperator: boolean },
): Hono {
  const shards = [...log.past, log.head()].map(({ shard }) => shardName(shard))
  const logs = Object.fromEntries(shards.flatMap(logPaths))
  const writing = { parameters, toSchema, refused: REFUSED }
  const people = {
    ...peoplePaths(writing),
    ...proposalPaths(writing),
    ...consolePaths(writing),
    ...sheetPaths(writing),
    ...auditPaths(writing),
  }
  const paths = { ...PATHS, ...people, ...logs, ...(hasOperator ? OPERATOR_PATHS : {}) }
  const document = openApiDocument(issuer, paths)
  return new Hono().get('/openapi.json', (c) => c.json(document))
}

function openApiDocument(issuer: string, paths: Readonly<Record<string, unknown>>) {
  return {
    openapi: '3.1.0',
    info: {
      title: '免证 Mianzheng',
      version: '1',
      description:
        '政务数据共享与行政协助网关 · Inter-agency data sharing and administrative assistance gateway',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: issuer }],
    paths,
    components: {
      schemas: {
        RequestClaims: toSchema(requestSchema),
        ProofClaims: toSchema(proofSchema),
        OperatorProofClaims: toSchema(operatorProofSchema),
        SandboxRegistration: toSchema(registrationSchema),
        PossessionClaims: toSchema(possessionSchema),
        Problem: PROBLEM,
        EvidenceBundle: object({ request: TEXT, answer: TEXT, entry: TEXT, receipt: TEXT }),
      },
      securitySchemes: {
        agencyProof: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'agency-proof+jwt (claims: ProofClaims)',
        },
        operatorProof: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'operator-proof+jwt (claims: OperatorProofClaims)',
        },
        ...PERSON_SECURITY,
        operatorToken: { type: 'http', scheme: 'bearer', bearerFormat: 'METRICS_TOKEN' },
      },
    },
  }
}

const TEXT = { type: 'string' }
const PROBLEM = {
  ...object({
    type: { type: 'string', format: 'uri' },
    title: TEXT,
    status: { type: 'integer' },
    detail: TEXT,
    code: { enum: Object.keys(ERRORS) },
    check: TEXT,
    party: { enum: ['caller', 'gateway', 'provider', 'authority'] },
    retryable: { type: 'boolean' },
    hint: TEXT,
    en: object({ title: TEXT, detail: TEXT, hint: TEXT }),
  }),
  description:
    'RFC 9457. Once the caller is known also `signed` (compact JWS) and `entry` (log index).',
}

const REFUSED = {
  '4XX': {
    description: 'Refused',
    content: { 'application/problem+json': { schema: ref('Problem') } },
  },
  '5XX': {
    description: 'No answer',
    content: { 'application/problem+json': { schema: ref('Problem') } },
  },
}
const JWS = { type: 'string', contentMediaType: 'application/jwt' }
const BUNDLE = { 'application/json': { schema: ref('EvidenceBundle') } }
const SIGNED = { 'application/jwt': { schema: { ...JWS, description: 'assistance-answer+jwt' } } }
const READ = [{ agencyProof: [] }]
const CHECK = { enum: ['ok', 'unavailable'] }
const READINESS = {
  'application/json': {
    schema: object({
      status: { enum: ['ready', 'not-ready'] },
      size: { type: 'integer' },
      checks: object({ log: CHECK, signer: CHECK, registry: CHECK }),
    }),
  },
}

const PATHS = {
  '/v1/requests': {
    post: {
      summary: '提出协助请求 · Ask',
      parameters: ['traceparent', 'tracestate'].map((name) => ({
        name,
        in: 'header',
        description: 'W3C Trace Context; not signed',
        schema: TEXT,
      })),
      requestBody: {
        required: true,
        content: {
          'application/jwt': {
            schema: {
              ...JWS,
              description: 'assistance-request+jwt',
              contentSchema: ref('RequestClaims'),
            },
          },
        },
      },
      responses: {
        200: { description: 'Answered', content: { ...SIGNED, ...BUNDLE } },
        ...REFUSED,
      },
    },
  },
  '/v1/requests/{jti}': read('读取自己的答复 · Read an own outcome', requestParam, SIGNED),
  '/v1/requests/{jti}/evidence': read(
    '读取存证包 · Read the evidence bundle',
    requestParam,
    BUNDLE,
  ),
  '/v1/requests/{jti}/statement': read(
    '读取提供机关自己签名的声明（仅当其内容未超出所答） · Read what the provider signed, where it says no more than the answer',
    requestParam,
    SIGNED,
  ),
  '/v1/catalog/items': listing('协助事项目录 · The published items', itemsQuery),
  '/v1/catalog/items/{code}': {
    get: {
      ...open('一个事项 · One item', 'application/json').get,
      parameters: parameters(itemParam),
    },
  },
  '/v1/catalog/systems': open('登记系统及公钥 · Systems and public keys', 'application/json'),
  '/v1/catalog/services': listing(
    '服务事项及减证前后件数 · The services, papers before and after',
    servicesQuery,
  ),
  '/v1/catalog/agencies': listing('机关 · The agencies', agenciesQuery),
  '/v1/catalog/agencies/{uscc}': {
    get: {
      ...open('一个机关及其事项 · An agency, what it answers and leads', 'application/json').get,
      parameters: parameters(agencyParam),
    },
  },
  '/v1/catalog/pledges': open(
    '零报告承诺，与应签未签的机关 · Nil-report pledges, and who owes one',
    'application/json',
  ),
  '/v1/catalog/statistics': open('统计 · What it adds up to', 'application/json'),
  '/v1/catalog/services/{code}': {
    get: {
      ...open('一个服务事项的材料 · The materials of a service', 'application/json').get,
      parameters: parameters(serviceParam),
    },
  },
  '/v1/catalog/gaps': open(
    '各机关还缺什么（件数） · What each agency is missing, in figures',
    'application/json',
  ),
  '/v1/catalog/agencies/{uscc}/gaps': {
    get: {
      ...open(
        '四看一推导：一个机关还缺什么 · What an agency is missing, beside others of its function',
        'application/json',
      ).get,
      parameters: parameters(agencyParam),
    },
  },
  '/v1/catalog/agencies/{uscc}/lists': {
    get: {
      ...open(
        '三张清单：权力、审批、责任 · Power, approval and responsibility lists of an agency',
        'application/json',
      ).get,
      parameters: parameters(agencyParam),
    },
  },
  '/v1/sandbox/systems': {
    post: {
      summary: '自助登记沙箱系统（仅 ECHO-00，生产环境关闭） · Register a sandbox system',
      requestBody: {
        required: true,
        description: '`proof`: sandbox-registration+jwt (claims: PossessionClaims)',
        content: { 'application/json': { schema: ref('SandboxRegistration') } },
      },
      responses: {
        200: { description: 'Was registered before', content: { 'application/json': {} } },
        201: { description: 'Registered and recorded', content: { 'application/json': {} } },
        ...REFUSED,
      },
    },
  },
  '/v1/catalog/not-demandable': {
    get: {
      ...open('这份证明可以要吗 · May this proof be demanded', 'application/json').get,
      description:
        '名称按 NFKC、去空格与间隔点、不分大小写比较，括号内文字可略；相等的才作判断，相近的只列出。 · ' +
        'Names are compared after NFKC, without spaces, dots and case; what is in brackets may be left out. ' +
        'Only an equal name decides; similar ones are listed.',
      parameters: parameters(proofQuery, 'query'),
    },
  },
  '/v1/catalog/calendar': open(
    '工作日历：各年的放假调休、依据与版本 · Working days: each year, its source and version',
    'application/json',
  ),
  '/v1/catalog/deadline': {
    get: {
      ...open('从某日起若干个工作日 · So many working days from a day on', 'application/json').get,
      description:
        '起算之日不计；逐日列出计与不计的理由。超出已装入的日历不推算：409 no-calendar。 · ' +
        'The day it starts is not counted; each day is listed with why it counts or not. Beyond the loaded ' +
        'calendar nothing is guessed: 409 no-calendar.',
      parameters: parameters(deadlineQuery, 'query'),
    },
  },

  '/': pageAt('首页：我要办什么事，还要带什么 · Home'),
  '/services': pageAt('办事指南 · Services'),
  '/services/{code}': pageAt('一个服务事项的指南 · The guide of a service', serviceParam),
  '/catalog': pageAt('协助事项目录 · The catalogue'),
  '/items/{code}': pageAt('一个协助事项 · One item', itemParam),
  '/not-demandable': pageAt('这份证明还要吗 · Is this proof needed'),
  '/agencies/{uscc}': pageAt('一个机关 · One agency', agencyParam),
  '/pledges': pageAt('零报告承诺 · Nil-report pledges'),
  '/statistics': pageAt('统计 · Statistics'),
  '/assets/{hash}/{name}': {
    get: {
      ...open('页面所用文件 · What the pages load', '*/*').get,
      parameters: parameters(z.object({ hash: z.string(), name: z.string() })),
    },
  },
  '/.well-known/mianzheng': open('网关元数据 · Metadata', 'application/json'),
  '/.well-known/jwks.json': open('网关公钥 · Gateway keys', 'application/json'),
  '/problems': open('问题代码 · All problem codes', 'text/html'),
  '/problems/{code}': {
    get: {
      ...open('问题代码说明 · A problem code', 'text/html').get,
      parameters: parameters(z.object({ code: z.string() })),
    },
  },
  '/openapi.json': open('本文档 · This document', 'application/json'),
  '/healthz': open('存活 · Alive', 'application/json'),
  '/readyz': {
    get: {
      summary: '就绪 · Ready',
      responses: {
        200: { description: 'Ready', content: READINESS },
        503: { description: 'Not ready: `checks` says what', content: READINESS },
      },
    },
  },
  '/metrics': {
    get: {
      ...open(
        'Prometheus 指标；须持运行方令牌，否则 404 · Metrics, with the operator’s token; else 404',
        'text/plain',
      ).get,
      security: [{ operatorToken: [] }],
    },
  },
}

/** Of one shard, closed or current: `log`, `log-2` … */
function logPaths(name: string): [string, unknown][] {
  const tile = {
    ...open(
      '日志分块 · A tile; entries/… for auditors (c2sp.org/tlog-tiles)',
      'application/octet-stream',
    ).get,
    parameters: parameters(z.object({ path: z.string() })),
    security: [{}, ...READ],
  }
  return [
    [`/${name}/checkpoint`, open('最新检查点 · Latest checkpoint', 'text/plain')],
    [`/${name}/tile/{path}`, { get: tile }],
  ]
}

/** Only where `OPERATOR_KEY` names a key. */
const OPERATOR_PATHS = {
  '/v1/operator/registry': {
    put: upload(
      '上传目录（机关、系统、事项、约定等，附公钥） · Upload registry documents, with public keys',
      'application/json',
    ),
  },
  '/v1/operator/registers/{id}': {
    put: {
      ...upload(
        '上传登记库快照（CSV，全有或全无） · Upload a register, all or nothing',
        'text/csv',
      ),
      parameters: parameters(registerParam),
    },
  },
}

function upload(summary: string, media: string) {
  return {
    summary,
    security: [{ operatorProof: [] }],
    requestBody: { required: true, content: { [media]: {} } },
    responses: {
      200: { description: 'Recorded, in effect', content: { 'application/json': {} } },
      ...REFUSED,
    },
  }
}

function open(summary: string, media: string) {
  return {
    get: {
      summary,
      responses: { 200: { description: 'OK', content: { [media]: {} } }, ...REFUSED },
    },
  }
}

/** For people, in Chinese or English (`lang`); the same data as under `/v1/catalog`. */
function pageAt(summary: string, params?: z.ZodObject) {
  const { get } = open(summary, 'text/html')
  return { get: params ? { ...get, parameters: parameters(params) } : get }
}

/** Read page by page: `next` and the Link header lead to the following one; an ETag tells whether it changed. */
function listing(summary: string, query: z.ZodObject) {
  const { get } = open(summary, 'application/json')
  return { get: { ...get, parameters: parameters(query, 'query') } }
}

function read(summary: string, params: z.ZodObject, content: Record<string, unknown>) {
  const responses = { 200: { description: 'OK', content }, ...REFUSED }
  return { get: { summary, parameters: parameters(params), security: READ, responses } }
}

function parameters(schema: z.ZodObject, where: 'path' | 'query' = 'path') {
  return Object.entries(schema.shape).map(([name, one]) => ({
    name,
    in: where,
    required: where === 'path' || !(one as z.ZodType).safeParse(undefined).success,
    schema: toSchema(one as z.ZodType),
  }))
}

function toSchema(schema: z.ZodType) {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' })
  return json
}

function object(properties: Record<string, unknown>) {
  return { type: 'object', required: Object.keys(properties), properties }
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` }
}
