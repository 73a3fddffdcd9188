import { createPrivateKey, sign } from 'node:crypto'
import { encode } from '../../caller.ts'
import { nextInAlphabet } from '../../forging.ts'
import { ISSUER } from '../gateway.ts'
import type { RequestVector } from '../vectors.ts'
import { vector } from './answered.ts'
import {
  callerOf,
  claimsFor,
  HOUSING,
  headerFor,
  LICENCE,
  LICENCES,
  PROOF_TYPE,
  request,
  strangerAs,
} from './sign.ts'

const good = () => request(LICENCES, LICENCE)
const refused = (status: number, code: string) => ({ status, code })

/** Checks 1 to 6: whoever sends these is not known, so nothing of it is recorded. */
export function unattributed(): RequestVector[] {
  return [...form(), ...headers(), ...keys(), ...signatures(), ...audiences()]
}

function form(): RequestVector[] {
  const malformed = refused(400, 'malformed')
  const [header = '', payload = '', signature = ''] = good().split('.')
  const spelt = (name: string, zh: string, en: string, body: string) =>
    vector({ name, note: { zh, en }, row: 2, body, expect: malformed })
  const caller = callerOf(LICENCES)
  return [
    vector({
      name: 'too-large',
      note: { zh: '64 KiB 多一个字节', en: 'one byte over 64 KiB' },
      row: 1,
      body: { repeat: 'A', times: 64 * 1024 + 1 },
      expect: refused(413, 'too-large'),
    }),
    vector({
      name: 'media-type',
      note: { zh: '媒体类型是 JSON', en: 'sent as JSON' },
      row: 1,
      headers: { 'content-type': 'application/json' },
      body: good(),
      expect: refused(415, 'media-type'),
    }),
    spelt('malformed-line-feed', '末尾有换行', 'a line feed at the end', `${good()}\n`),
    spelt('malformed-padding', '有填充 =', 'padding', `${header}.${payload}.${signature}==`),
    spelt('malformed-space', '中间有空格', 'a space', `${header}. ${payload}.${signature}`),
    spelt(
      'malformed-spare-bits',
      '末字符多余位不为零',
      'spare bits are set',
      nextInAlphabet(good()),
    ),
    spelt(
      'malformed-alphabet',
      '用了 + 而非 -',
      'the alphabet of base64',
      `${header}+.${payload}.AA`,
    ),
    spelt('malformed-two-parts', '只有两段', 'two parts', `${header}.${payload}`),
    spelt('malformed-five-parts', '是加密而非签名', 'five parts, as of a JWE', `${good()}.AA.AA`),
    spelt('malformed-empty-signature', '签名为空', 'an empty signature', `${header}.${payload}.`),
    spelt(
      'malformed-array',
      '载荷是数组',
      'the payload is an array',
      caller.sign(headerFor(caller), '[]'),
    ),
    spelt(
      'malformed-utf8',
      '载荷不是 UTF-8',
      'the payload is not UTF-8',
      caller.sign(headerFor(caller), Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)),
    ),
  ]
}

function headers(): RequestVector[] {
  const caller = callerOf(LICENCES)
  const bent = (name: string, zh: string, en: string, members: Record<string, unknown>) =>
    vector({
      name: `header-${name}`,
      note: { zh, en },
      row: 3,
      body: request(LICENCES, LICENCE, { header: members }),
      expect: refused(400, 'header'),
    })
  const { d: _, ...jwk } = caller.jwk
  const twice = JSON.stringify(headerFor(caller)).replace('{', '{"alg":"none",')
  return [
    bent('jku', '自带 jku', 'it brings a jku', { jku: 'https://keys.example/jwks.json' }),
    bent('jwk', '自带公钥', 'it brings a key of its own', { jwk }),
    bent('crit', '有 crit', 'it has crit', { crit: ['exp'], exp: 1 }),
    bent('no-kid', '没有 kid', 'no kid', { kid: undefined }),
    bent('kid-number', 'kid 是数字', 'kid is a number', { kid: 7 }),
    vector({
      name: 'header-alg-twice',
      note: { zh: 'alg 出现两次', en: 'alg stands twice' },
      row: 3,
      body: caller.sign(twice, JSON.stringify(claimsFor(LICENCES, LICENCE))),
      expect: refused(400, 'header'),
    }),
    ...['JWT', PROOF_TYPE, 'application/assistance-request+jwt'].map((typ, i) =>
      vector({
        name: `wrong-type-${i + 1}`,
        note: { zh: `typ 是 ${typ}`, en: `typ is ${typ}` },
        row: 3,
        body: request(LICENCES, LICENCE, { header: { typ } }),
        expect: refused(400, 'wrong-type'),
      }),
    ),
  ]
}

function keys(): RequestVector[] {
  const unknown = refused(401, 'unknown-key')
  const revoked = refused(401, 'revoked-key')
  const asked = (name: string, zh: string, en: string, more: Partial<RequestVector>) =>
    vector({ name, note: { zh, en }, row: 4, body: good(), expect: unknown, ...more })
  return [
    asked('unknown-key-system', '没有这个系统', 'nobody registered that system', {
      body: request(LICENCES, LICENCE, { claims: { iss: 'harbour-office' } }),
    }),
    asked('unknown-key-of-another', 'kid 属于另一系统', 'the kid is of another system', {
      body: request(LICENCES, LICENCE, { header: { kid: callerOf(HOUSING).kid } }),
    }),
    asked('unknown-key-not-yet', '密钥尚未生效', 'the key is not valid yet', {
      state: 'key-not-yet-valid',
    }),
    asked('unknown-key-retired', '密钥已到期', 'the key is no longer valid', {
      state: 'key-retired',
    }),
    asked('revoked-key', '密钥已吊销', 'the key is revoked', {
      state: 'key-revoked',
      expect: revoked,
    }),
    ...['none', 'HS256', 'RS256', 'ES384', 'EdDSA', 'Ed25519'].map((alg) =>
      asked(
        `algorithm-${alg.toLowerCase()}`,
        `alg 写作 ${alg}`,
        `alg says ${alg} on an ES256 key`,
        {
          body: request(LICENCES, LICENCE, { header: { alg } }),
          expect: refused(401, 'algorithm'),
        },
      ),
    ),
  ]
}

function signatures(): RequestVector[] {
  const wrong = (name: string, zh: string, en: string, body: string) =>
    vector({
      name: `signature-${name}`,
      note: { zh, en },
      row: 5,
      body,
      expect: refused(401, 'signature'),
    })
  const caller = callerOf(LICENCES)
  const [header, payload, signature] = good().split('.')
  const other = encode(claimsFor(LICENCES, LICENCE, { case: 'JY-2026-9999' }))
  const key = createPrivateKey({ key: caller.jwk as JsonWebKey, format: 'jwk' })
  const der = sign('sha256', Buffer.from(`${header}.${payload}`), key).toString('base64url')
  const thief = strangerAs(LICENCES, caller.kid)
  return [
    wrong(
      'thief',
      '以自己的密钥冒用 kid',
      'by another key under that kid',
      request(LICENCES, LICENCE, { by: thief }),
    ),
    wrong(
      'payload',
      '签名后改过载荷',
      'the payload was changed',
      `${header}.${other}.${signature}`,
    ),
    wrong(
      'der',
      '签名是 DER，不是 r‖s',
      'the signature is DER, not r ‖ s',
      `${header}.${payload}.${der}`,
    ),
    wrong(
      'zero',
      '签名全零',
      'the signature is all zero',
      `${header}.${payload}.${'A'.repeat(86)}`,
    ),
  ]
}

function audiences(): RequestVector[] {
  const others = [
    'https://gateway.linjiang.example',
    `${ISSUER}/`,
    [ISSUER],
    [ISSUER, 'https://gateway.linjiang.example'],
    undefined,
  ]
  return others.map((aud, i) =>
    vector({
      name: `audience-${i + 1}`,
      note: {
        zh: `aud 是 ${JSON.stringify(aud) ?? '空缺'}`,
        en: `aud is ${JSON.stringify(aud) ?? 'absent'}`,
      },
      row: 6,
      body: request(LICENCES, LICENCE, { claims: { aud } }),
      expect: refused(401, 'audience'),
    }),
  )
}
