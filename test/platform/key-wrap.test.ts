import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodeKeyWrap } from '../../src/platform/crypto.ts'
import { nobleKeyWrap } from '../../src/platform/workers-key-wrap.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const same = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** RFC 3394 §4.6: 256 bits of key data with a 256-bit key. */
const KEY = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f')
const DATA = hex('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f')
const WRAPPED = '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21'

const WAYS = [
  ['OpenSSL', nodeKeyWrap],
  ['noble', nobleKeyWrap],
] as const

describe.each(WAYS)('key wrap by %s', (_, wrapping) => {
  test('gives the bytes of the RFC, and the data key back', () => {
    expect(same(wrapping.wrap(KEY, DATA))).toBe(WRAPPED)
    expect(same(wrapping.unwrap(KEY, hex(WRAPPED)))).toBe(same(DATA))
  })

  test('refuses whatever was altered, by one bit, or wrapped under another key', () => {
    for (let bit = 0; bit < 320; bit++) {
      const altered = hex(WRAPPED)
      altered[bit >> 3] = (altered[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(() => wrapping.unwrap(KEY, altered)).toThrow()
    }
    expect(() => wrapping.unwrap(DATA, hex(WRAPPED))).toThrow()
  })
})

test('what one wraps the other unwraps, whatever the keys', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(bytes, bytes, (key, dataKey) => {
      const wrapped = nodeKeyWrap.wrap(key, dataKey)
      expect(same(nobleKeyWrap.wrap(key, dataKey))).toBe(same(wrapped))
      expect(same(nobleKeyWrap.unwrap(key, wrapped))).toBe(same(dataKey))
    }),
  )
})
