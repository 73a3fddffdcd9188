import { encode, payloadOf } from '../../caller.ts'
import { nextInAlphabet } from '../../forging.ts'
import type { EvidenceVector } from '../vectors.ts'
import { type Fails, flipped, type Honest, refused as vector } from './lies.ts'
import { callerOf, LICENCES } from './sign.ts'
import { receipts } from './tampered-receipts.ts'

const ALL: Fails = ['signature', 'binding', 'inclusion', 'checkpoint']

/** What a liar would make of an honest bundle, or whom a careless verifier would trust. */
export function tampered(honest: Honest): EvidenceVector[] {
  return [
    ...trusted(honest),
    ...messages(honest),
    ...entries(honest),
    ...receipts(honest),
    ...shapes(honest),
  ]
}

function trusted({ answer }: Honest): EvidenceVector[] {
  return [
    vector(
      ['caller-revoked-before', '请求密钥早已吊销', "the caller's key was revoked before"],
      answer,
      ['signature'],
      'caller-revoked-before',
    ),
    vector(
      ['caller-not-yet-valid', '请求密钥其时尚未生效', "the caller's key was not valid yet"],
      answer,
      ['signature'],
      'caller-not-yet-valid',
    ),
    vector(
      ['caller-unknown', '信任文件没有该系统', 'the trust file does not name the caller'],
      answer,
      ['signature'],
      'caller-unknown',
    ),
    vector(
      ['gateway-key-retired', '答复密钥其时已到期', "the gateway's key was no longer valid"],
      answer,
      ['signature'],
      'gateway-key-retired',
    ),
    vector(
      ['other-issuer', '另一网关的信任文件', 'the trust file is of another gateway'],
      answer,
      ['binding'],
      'other-issuer',
    ),
    vector(
      ['other-log-key', '同名日志，另一密钥', 'a log of that name by another key'],
      answer,
      ['checkpoint'],
      'other-log-key',
    ),
  ]
}

function messages({ answer, other, refusal }: Honest): EvidenceVector[] {
  const said = payloadOf(answer.answer)
  const [header, , signature] = answer.answer.split('.')
  const lied = encode({
    ...said,
    claims: { name: { value: '另一家' }, status: { result: 'MATCH' } },
  })
  const caller = callerOf(LICENCES)
  const typ = 'assistance-answer+jwt'
  const byCaller = caller.sign({ alg: 'ES256', kid: caller.kid, typ }, said)
  const both: Fails = ['signature', 'binding']
  return [
    vector(
      ['answer-changed', '答复内容被改', "the answer's payload was changed"],
      { ...answer, answer: `${header}.${lied}.${signature}` },
      both,
    ),
    vector(
      ['answer-signature', '答复签名被改', "the answer's signature was changed"],
      { ...answer, answer: flipped(answer.answer, -40) },
      both,
    ),
    vector(
      ['answer-by-caller', '请求系统自己签的“答复”', "an answer by the caller's own key"],
      { ...answer, answer: byCaller },
      both,
    ),
    vector(
      ['answer-of-another', '另一请求的答复', 'the answer to another request'],
      { ...answer, answer: other.answer },
      ['binding'],
    ),
    vector(
      ['answer-is-refusal', '拒绝充作答复', 'a refusal in place of the answer'],
      { ...answer, answer: refusal.answer },
      both,
    ),
    vector(
      ['request-of-another', '另一请求', 'another request'],
      { ...answer, request: other.request },
      ['binding'],
    ),
    vector(
      ['request-signature', '请求签名被改', "the request's signature was changed"],
      { ...answer, request: flipped(answer.request, -40) },
      both,
    ),
    vector(
      ['request-spare-bits', '请求的多余位不为零', 'spare bits of the request are set'],
      { ...answer, request: nextInAlphabet(answer.request) },
      both,
    ),
  ]
}

function entries({ answer, other, refusal }: Honest): EvidenceVector[] {
  const entry = answer.entry.replace('"outcome":"ANSWERED"', '"outcome":"NO_RECORD"')
  const later = answer.entry.replace('.000Z"', '.001Z"')
  return [
    vector(
      ['entry-outcome', '条目的结果被改', "the entry's outcome was changed"],
      { ...answer, entry },
      ['binding', 'inclusion'],
    ),
    vector(
      ['entry-time', '条目的时间被改', "the entry's time was changed"],
      { ...answer, entry: later },
      ['inclusion'],
    ),
    vector(
      ['entry-spaces', '条目不是规范写法', 'the entry is not canonical JSON'],
      { ...answer, entry: answer.entry.replace(':', ': ') },
      ['signature', 'binding', 'inclusion'],
    ),
    vector(
      ['entry-of-another', '另一请求的条目与回执', 'entry and receipt of another request'],
      { ...answer, entry: other.entry, receipt: other.receipt },
      ['binding'],
    ),
    vector(
      ['entry-is-refusal', '条目属于一次拒绝', 'the entry is of a refusal'],
      { ...answer, entry: refusal.entry, receipt: refusal.receipt },
      ['signature', 'binding'],
    ),
  ]
}

function shapes({ answer }: Honest): EvidenceVector[] {
  const { receipt: _, ...without } = answer
  const keys = { keys: [callerOf(LICENCES).jwk.x] }
  return [
    vector(
      ['own-keys', '存证包自带密钥', 'the bundle brings its own keys'],
      { ...answer, ...keys },
      ALL,
    ),
    vector(['no-receipt', '没有回执', 'no receipt'], without, ALL),
    vector(
      ['entry-as-object', '条目是对象而非文本', 'the entry is an object, not a text'],
      { ...answer, entry: JSON.parse(answer.entry) },
      ALL,
    ),
  ]
}
