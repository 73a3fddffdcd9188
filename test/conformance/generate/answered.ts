import type { RequestVector } from '../vectors.ts'
import {
  at,
  HOUSEHOLD,
  HOUSING,
  IDENTITY,
  LICENCE,
  LICENCES,
  RELIEF,
  RELIEVED,
  request,
  seconds,
} from './sign.ts'

type Short = Pick<RequestVector, 'name' | 'note' | 'body' | 'expect'> & Partial<RequestVector>

/** A vector as it stands in the file, over what most of them have. */
export const vector = (one: Short): RequestVector => ({
  row: 0,
  state: 'as-registered',
  now: at(0),
  headers: { 'content-type': 'application/jwt' },
  ...one,
})

const named = (name: string) => ({ ...IDENTITY, subject: { ...IDENTITY.subject, name } })
const MATCHED = { status: 200, outcome: 'ANSWERED', claims: { match: { result: 'MATCH' } } }
const READ_AND_COMPARED = {
  name: { value: '云汀市半亩餐饮管理有限公司' },
  status: { result: 'MATCH' },
}

/** Every check holds: what is answered, and how names are compared. */
export function answered(): RequestVector[] {
  const retried = request(LICENCES, LICENCE)
  return [
    vector({
      name: 'answered',
      note: { zh: '读取一项、比较一项', en: 'one claim read, one compared' },
      body: request(LICENCES, LICENCE),
      expect: {
        status: 200,
        type: 'application/jwt',
        outcome: 'ANSWERED',
        claims: READ_AND_COMPARED,
      },
    }),
    vector({
      name: 'answered-with-evidence',
      note: {
        zh: 'Accept: application/json 取回存证包',
        en: 'Accept: application/json brings the bundle',
      },
      headers: { 'content-type': 'application/jwt', accept: 'application/json' },
      body: request(LICENCES, LICENCE),
      expect: {
        status: 200,
        type: 'application/json',
        outcome: 'ANSWERED',
        claims: READ_AND_COMPARED,
      },
    }),
    vector({
      name: 'answered-ed25519',
      note: { zh: '请求系统用 Ed25519 密钥', en: 'the calling system signs with Ed25519' },
      body: request(RELIEF, RELIEVED),
      expect: { status: 200, outcome: 'ANSWERED', claims: { hukouRegion: { result: 'MATCH' } } },
    }),
    vector({
      name: 'answered-version',
      note: { zh: '指明事项版本', en: 'the version of the item is named' },
      body: request(LICENCES, { ...LICENCE, item: 'ENT-01@2' }),
      expect: { status: 200, outcome: 'ANSWERED', claims: READ_AND_COMPARED },
    }),
    vector({
      name: 'predicates',
      note: { zh: '谓词只答是否', en: 'predicates answer yes or no, never the value' },
      body: request(LICENCES, {
        ...LICENCE,
        ask: [
          { claim: 'validTo', atLeast: '2027-12-31' },
          { claim: 'status', in: ['REVOKED', 'DEREGISTERED'] },
          { claim: 'establishedOn', atMost: '2022-10-25' },
        ],
      }),
      expect: {
        status: 200,
        outcome: 'ANSWERED',
        claims: {
          validTo: { result: 'MATCH' },
          status: { result: 'MISMATCH' },
          establishedOn: { result: 'MATCH' },
        },
      },
    }),
    vector({
      name: 'no-record',
      note: { zh: '没有记录不等于不一致', en: 'no record is not a mismatch' },
      body: request(LICENCES, { ...LICENCE, subject: { uscc: '91990104MA0000023J' } }),
      expect: {
        status: 200,
        outcome: 'NO_RECORD',
        claims: { name: { result: 'NO_RECORD' }, status: { result: 'NO_RECORD' } },
      },
    }),
    vector({
      name: 'retry',
      note: {
        zh: '重发同一请求得同一答复，逐字节相同',
        en: 'the same request again: the same bytes',
      },
      row: 7,
      earlier: [{ now: at(0), body: retried }],
      now: at(60),
      body: retried,
      expect: { status: 200, same: 0 },
    }),
    vector({
      name: 'retry-after-exp',
      note: {
        zh: '过期后 24 小时内仍可取回',
        en: 'a retry is answered until exp + 24 h, though it expired',
      },
      row: 7,
      earlier: [{ now: at(0), body: retried }],
      now: at(120 + 86_400),
      body: retried,
      expect: { status: 200, same: 0 },
    }),
    ...names(),
    ...times(),
  ]
}

function names(): RequestVector[] {
  return [
    ...(
      [
        ['dot', '古丽娜尔•艾山', { zh: '间隔号 • 与 ·', en: 'the dots • and · are one' }],
        [
          'katakana-dot',
          '古丽娜尔・艾山',
          { zh: '间隔号 ・ 与 ·', en: 'the dots ・ and · are one' },
        ],
        ['spaces', ' 古丽娜尔 · 艾山 ', { zh: '空格不计', en: 'spaces do not count' }],
      ] as const
    ).map(([name, written, note]) =>
      vector({
        name: `name-${name}`,
        note,
        body: request(HOUSING, named(written)),
        expect: MATCHED,
      }),
    ),
    vector({
      name: 'name-other',
      note: { zh: '姓名不同', en: 'another name' },
      body: request(HOUSING, named('古丽娜尔·买买提')),
      expect: { ...MATCHED, claims: { match: { result: 'MISMATCH' } } },
    }),
    vector({
      name: 'name-private-use',
      note: {
        zh: '登记簿中是自造字：无法判定，不是不一致',
        en: 'the register has a private-use character: undetermined, never a mismatch',
      },
      body: request(HOUSING, {
        ...IDENTITY,
        subject: { idNo: '990103198705080152', name: '雷䶮' },
      }),
      expect: { ...MATCHED, claims: { match: { result: 'UNDETERMINED' } } },
    }),
    vector({
      name: 'name-confirms-undetermined',
      note: {
        zh: '以姓名确认的对象无法判定，整个答复即无法判定',
        en: 'where the name confirms the subject, the whole answer is undetermined',
      },
      body: request(HOUSING, {
        ...HOUSEHOLD,
        subject: { idNo: '990103198705080152', name: '雷䶮' },
      }),
      expect: {
        status: 200,
        outcome: 'UNDETERMINED',
        claims: { status: { result: 'UNDETERMINED' }, hukouRegion: { result: 'UNDETERMINED' } },
      },
    }),
    vector({
      name: 'name-confirms-other',
      note: {
        zh: '号码与姓名不属一人：没有这样的记录',
        en: 'number and name are of two people: there is no such record',
      },
      body: request(HOUSING, { ...HOUSEHOLD, subject: { ...HOUSEHOLD.subject, name: '戴小予' } }),
      expect: {
        status: 200,
        outcome: 'NO_RECORD',
        claims: { status: { result: 'NO_RECORD' }, hukouRegion: { result: 'NO_RECORD' } },
      },
    }),
  ]
}

/** The last moments at which a request is still in time. */
function times(): RequestVector[] {
  const inTime = { status: 200, outcome: 'ANSWERED' }
  const ahead = { iat: seconds + 30, nbf: seconds + 30, exp: seconds + 90 }
  return [
    vector({
      name: 'in-time-last-second',
      note: { zh: 'exp 之后 29 秒仍在容差内', en: '29 s after exp is within the skew' },
      now: at(149),
      body: request(LICENCES, LICENCE),
      expect: inTime,
    }),
    vector({
      name: 'in-time-clock-ahead',
      note: { zh: 'iat、nbf 超前 30 秒', en: 'iat and nbf are 30 s ahead' },
      body: request(LICENCES, LICENCE, { claims: ahead }),
      expect: inTime,
    }),
    vector({
      name: 'in-time-longest',
      note: { zh: '有效期恰为 300 秒', en: 'it lives for exactly 300 s' },
      body: request(LICENCES, LICENCE, { claims: { exp: seconds + 300 } }),
      expect: inTime,
    }),
    vector({
      name: 'key-revoked-later',
      note: { zh: '密钥一秒后才吊销', en: 'the key is revoked a second later' },
      state: 'key-revoked-later',
      body: request(LICENCES, LICENCE),
      expect: inTime,
    }),
  ]
}
