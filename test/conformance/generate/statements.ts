import { createHash, randomUUID } from 'node:crypto'
import { callerWith, type Members } from '../../caller.ts'
import { cutOffEntries, ISSUER } from '../gateway.ts'
import {
  type Body,
  type Keys,
  readVectors,
  type State,
  type StatementVector,
  type Vectors,
} from '../vectors.ts'
import { at, headerFor, LICENCE, LICENCES, PROVIDER, request, seconds } from './sign.ts'
import { STATES } from './states.ts'

const STATEMENT_TYPE = 'assistance-statement+jwt'
const NAME = { value: '云汀市半亩餐饮管理有限公司' }
const STATUS = { value: 'IN_BUSINESS' }
const BOTH = { name: NAME, status: STATUS }
const MATCHED = { name: NAME, status: { result: 'MATCH' } }
const NONE = { result: 'NO_RECORD' }
const UNTOLD = { result: 'UNDETERMINED' }

type Bend = {
  readonly claims?: Members
  readonly header?: Members
  readonly bend?: (text: string) => string
  readonly by?: Keys['gateway']
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')

/** An honest provider's statement about that request, bent; a member that is undefined is left out. */
function statement(about: string, { claims, header, bend, by }: Bend = {}): string {
  const { systems, stranger } = readVectors('keys.json')
  const provider = callerWith(PROVIDER, by ?? systems[PROVIDER] ?? stranger)
  const said = {
    iss: PROVIDER,
    aud: ISSUER,
    iat: seconds,
    jti: randomUUID(),
    request: { hash: hashOf(about) },
    item: { code: 'ENT-01', version: 2 },
    outcome: 'ANSWERED',
    claims: BOTH,
    asOf: at(0),
    source: { register: 'enterprise-live', version: '20261123' },
    ...claims,
  }
  const text = JSON.stringify(said)
  return provider.sign(
    headerFor(provider, { typ: STATEMENT_TYPE, ...header }),
    bend?.(text) ?? text,
  )
}

const replied = (body: Body, status = 200, contentType = 'application/jwt') => ({
  status,
  contentType,
  body,
})

/** What a provider may reply, and what it may not; all of it to one request. */
export async function statements(): Promise<Vectors['statements.json']> {
  const about = request(LICENCES, LICENCE)
  return {
    issuer: ISSUER,
    provider: PROVIDER,
    state: 'provider-online',
    now: at(0),
    request: about,
    vectors: [
      ...taken(about),
      ...foreign(about),
      ...unfitting(about),
      ...untimely(about),
      ...failures(about),
    ],
    cutOff: await cutOffEntries(STATES['cut-off'] as State, about),
  }
}

function taken(about: string): StatementVector[] {
  const good = (
    name: string,
    zh: string,
    en: string,
    bend: Bend,
    claims: Members = MATCHED,
    outcome = 'ANSWERED',
  ) => ({
    name,
    note: { zh, en },
    reply: replied(statement(about, bend)),
    expect: { status: 200, outcome, claims },
  })
  const untold = { claims: { claims: {}, outcome: 'UNDETERMINED' } }
  const none = { claims: { claims: {}, outcome: 'NO_RECORD' } }
  return [
    good('answered', '照所问陈述', 'what was asked', {}),
    good('more-than-asked', '多出的项不外传', 'what was not asked goes no further', {
      claims: { claims: { ...BOTH, region: { value: '990104' } } },
    }),
    good(
      'no-record',
      '没有记录',
      'there is no record',
      none,
      { name: NONE, status: NONE },
      'NO_RECORD',
    ),
    good(
      'undetermined',
      '无法判定',
      'it cannot be told',
      untold,
      { name: UNTOLD, status: UNTOLD },
      'UNDETERMINED',
    ),
    good(
      'no-record-of-one',
      '其中一项没有记录',
      'one claim has no record',
      {
        claims: { claims: { name: NAME, status: NONE } },
      },
      { name: NAME, status: NONE },
    ),
    good(
      'undetermined-of-one',
      '其中一项无法判定',
      'one claim cannot be told',
      {
        claims: { claims: { name: NAME, status: UNTOLD } },
      },
      { name: NAME, status: UNTOLD },
    ),
    good(
      'repeated',
      '先前陈述的重发：至早于请求前 60 秒',
      'a repeat: as old as the request, less 60 s',
      {
        claims: { iat: seconds - 60 },
      },
    ),
    good('clock-ahead', 'iat 超前 60 秒', 'iat is 60 s ahead', { claims: { iat: seconds + 60 } }),
  ]
}

type Said = readonly [name: string, zh: string, en: string]

const void_ = ([name, zh, en]: Said, body: Body): StatementVector => ({
  name,
  note: { zh, en },
  reply: replied(body),
  expect: { status: 502, code: 'provider-invalid' },
})

/** Not by the provider, not to this gateway, not about this request. */
function foreign(about: string): StatementVector[] {
  const { stranger, systems } = readVectors('keys.json')
  const own = systems[PROVIDER]?.kid as string
  const no = (said: Said, bend: Bend) => void_(said, statement(about, bend))
  return [
    no(['typ', '别的类型', 'another typ'], { header: { typ: 'assistance-answer+jwt' } }),
    no(['stranger', '未登记的密钥', 'a key that nobody registered'], { by: stranger }),
    no(['forged', '借用提供方的 kid', "another key under the provider's kid"], {
      by: { ...stranger, kid: own },
    }),
    no(['by-caller', '请求系统自签', 'signed by the caller itself'], {
      by: systems[LICENCES] ?? stranger,
    }),
    no(['algorithm', '算法与登记的不符', 'not the registered algorithm'], {
      header: { alg: 'Ed25519' },
    }),
    no(['issuer', '另一系统的陈述', "another system's"], { claims: { iss: LICENCES } }),
    no(['audience', '给另一网关的', 'to another gateway'], {
      claims: { aud: 'https://gateway.linjiang.example' },
    }),
    void_(
      ['other-request', '另一请求的陈述', "another request's statement"],
      statement(request(LICENCES, LICENCE)),
    ),
    no(['other-item', '另一事项', 'another item'], {
      claims: { item: { code: 'ID-01', version: 1 } },
    }),
    no(['other-version', '事项的另一版本', 'another version of the item'], {
      claims: { item: { code: 'ENT-01', version: 1 } },
    }),
  ]
}

function unfitting(about: string): StatementVector[] {
  const no = (said: Said, bend: Bend) => void_(said, statement(about, bend))
  const twice = (text: string) => text.replace('{', '{"outcome":"NO_RECORD",')
  return [
    no(['no-record-with-claims', 'NO_RECORD 而有值', 'NO_RECORD with values'], {
      claims: { outcome: 'NO_RECORD' },
    }),
    no(['claim-missing', '所问之项未答', 'a claim that was asked is missing'], {
      claims: { claims: { name: NAME } },
    }),
    no(['claim-type', '值的类型不合契约', 'a value of the wrong type'], {
      claims: { claims: { name: NAME, status: { value: 7 } } },
    }),
    no(['claim-value', '值不在契约之内', 'a value outside the contract'], {
      claims: { claims: { name: NAME, status: { value: 'OPEN' } } },
    }),
    no(['claim-judged', '提供方代为比较', 'the provider compares'], {
      claims: { claims: { name: NAME, status: { result: 'MATCH' } } },
    }),
    no(['outcome', '未知的结果', 'an outcome that nobody knows'], { claims: { outcome: 'MAYBE' } }),
    no(['extra-member', '未知成员', 'an unknown member'], { claims: { remark: '急' } }),
    no(['member-missing', '缺 source', 'no source'], { claims: { source: undefined } }),
    no(['member-twice', '成员重复', 'a member stands twice'], { bend: twice }),
    no(['short-jti', 'jti 太短', 'its jti is too short'], { claims: { jti: '1' } }),
    void_(['padded', '带填充', 'base64 with padding'], `${statement(about)}=`),
  ]
}

function untimely(about: string): StatementVector[] {
  const no = (said: Said, claims: Members) => void_(said, statement(about, { claims }))
  return [
    no(['before-request', '早于请求 61 秒', '61 s before the request'], { iat: seconds - 61 }),
    no(['ahead', 'iat 超前 61 秒', 'iat is 61 s ahead'], { iat: seconds + 61 }),
    no(['as-of-ahead', 'asOf 超前 61 秒', 'asOf is 61 s ahead'], { asOf: at(61) }),
  ]
}

/** What comes instead of a statement. */
function failures(about: string): StatementVector[] {
  const fails = (
    [name, zh, en]: Said,
    reply: StatementVector['reply'],
    status = 502,
    code = 'provider-invalid',
  ) => ({
    name,
    note: { zh, en },
    reply,
    expect: { status, code },
  })
  const html = 'text/html'
  return [
    fails(['html', '网页', 'a web page'], replied('<h1>维护中</h1>', 200, html)),
    fails(
      ['other-type', '陈述，但媒体类型不对', 'a statement of another media type'],
      replied(statement(about), 200, 'text/plain'),
    ),
    fails(['nothing', '空正文', 'an empty body'], replied('')),
    fails(['redirect', '重定向：不跟随', 'a redirect, which is not followed'], replied('', 302)),
    fails(
      ['declined', '提供方拒答', 'the provider declines'],
      replied('{"code":"not-asked"}', 403, 'application/problem+json'),
    ),
    fails(['not-found', '404', 'a 404'], replied('', 404, html)),
    fails(
      ['error', '500（三次）', 'a 500, three times'],
      replied('', 500, html),
      503,
      'provider-down',
    ),
    fails(
      ['busy', '429（三次）', 'a 429, three times'],
      replied('', 429, html),
      503,
      'provider-down',
    ),
    fails(
      ['late', '504（三次）', 'a 504, three times'],
      replied('', 504, html),
      504,
      'provider-timeout',
    ),
  ]
}
