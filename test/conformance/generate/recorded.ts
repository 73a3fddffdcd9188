import { randomUUID } from 'node:crypto'
import type { Members } from '../../caller.ts'
import type { RequestVector } from '../vectors.ts'
import { late } from './late.ts'
import { type How, refusal } from './refusal.ts'
import {
  AUDIT,
  at,
  HOUSING,
  IDENTITY,
  KIOSK,
  LICENCE,
  LICENCES,
  RELIEF,
  RELIEVED,
  request,
  seconds,
} from './sign.ts'

const first = (text: string, name: string, value: string) =>
  text.replace('{', `{"${name}":${value},`)

/** Checks 7 to 17: the caller is known; each of these is signed and has an entry (but row 17). */
export function recorded(): RequestVector[] {
  return [...retries(), ...times(), ...schema(), ...registry(), ...content(), ...late()]
}

function retries(): RequestVector[] {
  const jti = randomUUID()
  const once = request(LICENCES, LICENCE, { claims: { jti } })
  const earlier = [{ now: at(0), body: once }]
  return [
    refusal(
      ['jti-reuse', 'jti-reuse', 409, '同一 jti，另一内容', 'the same jti, another content'],
      7,
      {
        earlier,
        claims: { jti, case: 'JY-2026-9999' },
      },
    ),
    refusal(
      [
        'answer-archived',
        'answer-archived',
        410,
        'exp 之后 24 小时又 1 秒',
        'a second past exp + 24 h',
      ],
      7,
      { earlier, body: once, now: at(120 + 86_401) },
    ),
    refusal(
      [
        'answer-erased',
        'answer-erased',
        410,
        '记录已删除，不再执行',
        'erased: it is never executed again',
      ],
      7,
      { earlier, body: once, state: 'erased', now: at(60) },
    ),
    refusal(
      [
        'in-progress',
        'in-progress',
        503,
        '意向未了，租期之内',
        'its intent is open, within the lease',
      ],
      7,
      { earlier, body: once, state: 'cut-off', now: at(60) },
    ),
    refusal(
      ['interrupted', 'provider-down', 503, '租期已过：重新判断', 'the lease is over: judged anew'],
      7,
      { earlier, body: once, state: 'cut-off', now: at(61) },
    ),
  ]
}

function times(): RequestVector[] {
  const iat = seconds + 31
  return [
    refusal(['expired', 'expired', 401, 'exp 之后 30 秒', '30 s after exp'], 8, { now: at(150) }),
    refusal(['not-yet-iat', 'not-yet', 401, 'iat 超前 31 秒', 'iat is 31 s ahead'], 8, {
      claims: { iat, exp: iat + 60 },
    }),
    refusal(['not-yet-nbf', 'not-yet', 401, 'nbf 超前 31 秒', 'nbf is 31 s ahead'], 8, {
      claims: { nbf: seconds + 31 },
    }),
  ]
}

function schema(): RequestVector[] {
  const fails = (name: string, zh: string, en: string, how: How) =>
    refusal([`schema-${name}`, 'request-schema', 422, zh, en], 9, how)
  const many = (n: number) => Array.from({ length: n }, (_, i) => `V${i}`)
  return [
    fails('member-twice', '成员重复', 'a member stands twice', {
      bend: (text) => first(text, 'item', '"ID-01"'),
    }),
    fails('escaped-name', '成员名用了转义', 'an escape in the name of a member', {
      bend: (text) => text.replace('"case":', '"c\\u0061se":'),
    }),
    fails('proto', '成员 __proto__', 'a member __proto__', {
      bend: (text) => first(text, '__proto__', '{}'),
    }),
    fails('unknown-member', '未知成员', 'an unknown member', { claims: { remark: '急' } }),
    fails('too-deep', '嵌套过深', 'nested too deep', {
      bend: (text) => first(text, 'deep', `${'['.repeat(20)}${']'.repeat(20)}`),
    }),
    fails('lives-too-long', '有效期 301 秒', 'it lives for 301 s', {
      claims: { exp: seconds + 301 },
    }),
    fails('no-jti', '没有 jti', 'no jti', { claims: { jti: undefined } }),
    fails('jti-not-v4', 'jti 不是第 4 版 UUID', 'jti is no version 4 UUID', {
      claims: { jti: '018f2f6e-7c1a-7b3c-8d4e-5f6a7b8c9d0e' },
    }),
    fails('exp-text', 'exp 是文本', 'exp is a text', { claims: { exp: String(seconds + 60) } }),
    fails('in-of-nine', '一个 in 有九个值', 'in with nine values', {
      question: { ...LICENCE, ask: [{ claim: 'status', in: many(9) }] },
    }),
    fails('seventeen', '问了十七项', 'seventeen questions', {
      question: { ...LICENCE, ask: many(17).map((claim) => ({ claim })) },
    }),
    fails('no-question', '什么也没问', 'nothing is asked', { question: { ...LICENCE, ask: [] } }),
  ]
}

function registry(): RequestVector[] {
  const audited = { ...LICENCE, requester: '11990100MB9901139J' }
  const officers = { ...RELIEVED, item: 'KIN-01', ask: [{ claim: 'finding' }] }
  return [
    refusal(['suspended-system', 'suspended', 403, '系统已暂停', 'the system is suspended'], 10, {
      system: KIOSK,
    }),
    refusal(
      ['suspended-agency', 'suspended', 403, '所属机关已暂停', 'its agency is suspended'],
      10,
      {
        state: 'agency-suspended',
      },
    ),
    refusal(
      ['requester-other', 'requester', 403, '无权代表该机关', 'an agency it may not act for'],
      10,
      {
        claims: { requester: '11990100MB9901075L' },
      },
    ),
    refusal(
      ['requester-role', 'requester', 403, '审计系统不得请求', 'an auditor is no caller'],
      10,
      {
        system: AUDIT,
        question: audited,
      },
    ),
    refusal(['unknown-item', 'unknown-item', 404, '没有这个事项', 'there is no such item'], 11, {
      claims: { item: 'VEH-01' },
    }),
    refusal(['unknown-item-version', 'unknown-item', 404, '没有这个版本', 'no such version'], 11, {
      claims: { item: 'ENT-01@9' },
    }),
    refusal(['unknown-item-draft', 'unknown-item', 404, '尚未公布', 'it is not published'], 11, {
      state: 'item-draft',
    }),
    refusal(
      ['item-suspended', 'item-suspended', 409, '该版本已暂停', 'that version is suspended'],
      11,
      {
        claims: { item: 'ENT-01@1' },
      },
    ),
    refusal(['needs-officer', 'needs-officer', 501, '须由人办理', 'a person must see to it'], 11, {
      system: RELIEF,
      question: officers,
    }),
  ]
}

function content(): RequestVector[] {
  const subject = (name: string, zh: string, en: string, members: Members) =>
    refusal([`subject-${name}`, 'subject', 422, zh, en], 12, {
      system: HOUSING,
      question: { ...IDENTITY, subject: { ...IDENTITY.subject, ...members } },
    })
  const ask = (name: string, zh: string, en: string, one: Members) =>
    refusal([`ask-${name}`, 'ask', 422, zh, en], 12, { question: { ...LICENCE, ask: [one] } })
  return [
    subject('check-digit', '号码校验位不对', 'the check digit is wrong', {
      idNo: '990104198501250020',
    }),
    subject('missing', '缺一项', 'one input is missing', { name: undefined }),
    subject('unknown', '多一项', 'an input that the contract does not have', { phone: '1' }),
    ask('unknown-claim', '约定没有此项', 'no such claim', { claim: 'capital' }),
    ask('unreadable', '该项只可比较', 'a claim that is only compared', {
      claim: 'legalRepresentative',
    }),
    ask('predicate', '该项没有此谓词', 'a predicate that the claim does not have', {
      claim: 'name',
      atLeast: '甲',
    }),
    ask('two-predicates', '一项两个谓词', 'two predicates at once', {
      claim: 'establishedOn',
      atLeast: '2020-01-01',
      atMost: '2022-12-31',
    }),
    ask('value', '值与约定格式不符', 'a value that does not fit the claim', {
      claim: 'status',
      equals: 'OPEN',
    }),
  ]
}
