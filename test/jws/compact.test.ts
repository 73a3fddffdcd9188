import { describe, expect, it } from 'vitest'
import { NotCompact, readCompact } from '../../src/jws/compact.ts'
import { isStrictJson } from '../../src/jws/strict-json.ts'

const encode = (text: string | Uint8Array) => Buffer.from(text).toString('base64url')
const HEADER = '{"alg":"ES256","kid":"k1","typ":"t"}'
const message = (header = HEADER, payload: string | Uint8Array = '{"a":1}') =>
  `${encode(header)}.${encode(payload)}.c2lnbmF0dXJl`

describe('readCompact', () => {
  it('reads header and claims', () => {
    expect(readCompact(message())).toEqual({
      text: message(),
      header: { alg: 'ES256', kid: 'k1', typ: 't' },
      payloadText: '{"a":1}',
      payload: { a: 1 },
    })
  })

  it.each([
    '',
    '..',
    'a.b',
    `${message()}.`,
    `${message()}.x`,
    `${message()}=`,
    `${message()} `,
    `${message()}\n`,
    ` ${message()}`,
    message().replace(/[^.]+$/, ''),
    message().replace(/[^.]+$/, 'c2lnbmF0dXJm+'),
    message().replace(/[^.]+$/, 'c2lnbmF0dXJ'),
    message().replace(/\.[^.]+\./, '..'),
    message().replace(/\.[^.]+\./, '.e31.'),
    message(HEADER, 'text'),
    message(HEADER, '[]'),
    message(HEADER, 'null'),
    message(HEADER, '\ufeff{}'),
    message(HEADER, new Uint8Array([0x7b, 0xff, 0x7d])),
  ])('refuses what is not one canonical compact JWS of an object (%#)', (jws) => {
    expect(() => readCompact(jws)).toThrow(NotCompact)
  })

  it.each([
    '{"alg":"ES256","kid":"k1"}',
    '{"alg":"ES256","typ":"t"}',
    '{"kid":"k1","typ":"t"}',
    '{"alg":"ES256","kid":1,"typ":"t"}',
    '{"alg":"ES256","kid":"k1","typ":"t","crit":["b64"],"b64":false}',
    '{"alg":"ES256","kid":"k1","typ":"t","jwk":{}}',
    '{"alg":"ES256","kid":"k1","typ":"t","x5u":"https://a.example"}',
    '{"alg":"ES256","kid":"k1","typ":"t","__proto__":{}}',
    '{"alg":"none","kid":"k1","typ":"t","alg":"ES256"}',
  ])('refuses a header that is not exactly alg, kid and typ: %s', (header) => {
    expect(() => readCompact(message(header))).toThrow(NotCompact)
  })

  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":{"b":1,"b":2}}', true],
    ['{"a":[{"b":1},{"c":1,"\\u0063":2}]}', true],
    ['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', false],
    ['{"a":"\\":\\\\","b":"{\\"a\\":1,\\"a\\":2}"}', false],
    ['{"a":"b","c":"a","d":["a","a"]}', false],
  ])('says whether a member is named twice: %s', (payload, ambiguous) => {
    const read = readCompact(message(HEADER, payload))
    expect(isStrictJson(read.payloadText, read.payload)).toBe(!ambiguous)
  })
})
