import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBase64,
  decodeBase64Url,
  encodeBase64,
  encodeBase64Url,
} from '../../src/log/base64.ts'
import { Rejected } from '../../src/log/rejected.ts'
import { hex } from './naive-tree.ts'

describe('base64', () => {
  it('writes what Node writes and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(encodeBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
        expect(hex(decodeBase64(encodeBase64(bytes)))).toBe(hex(bytes))
        expect(hex(decodeBase64Url(encodeBase64Url(bytes)))).toBe(hex(bytes))
      }),
    )
    const long = new Uint8Array(70_000).fill(7)
    expect(encodeBase64(long)).toBe(Buffer.from(long).toString('base64'))
  })

  it.each([
    'Zg',
    'Zg=',
    'Zg===',
    'Zh==',
    'Zm9=',
    ' Zg==',
    'Zg==\n',
    'Z g==',
    'Zm-_',
    '=',
    'Zg==Zg==',
  ])('has no second spelling: %j', (text) => {
    expect(() => decodeBase64(text)).toThrow(Rejected)
  })

  it.each(['Zg==', 'Zh', 'Zm9', 'Zg ', 'Zg\n', 'Z', 'Zm+/', 'Zm9vY', '='])(
    'has no second spelling for URLs: %j',
    (text) => {
      expect(() => decodeBase64Url(text)).toThrow(Rejected)
    },
  )
})
