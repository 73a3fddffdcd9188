import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { readMessage } from '../../src/exchange/compact.ts'
import { encode } from '../caller.ts'

const HEADER = encode({ alg: 'ES256', kid: 'k', typ: 't' })
const PAYLOAD = encode({ iss: 'housing-bureau' })

/** Canonical: the one spelling of its bytes, and not empty. */
function isIdentity(part: string): boolean {
  return part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part
}

function codeOf(text: string): string | undefined {
  try {
    readMessage(text, 't')
    return undefined
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error)
  }
}

const unit = fc.constantFrom(...'ABCDEFGHQgwxyz0123456789-_AQgw=+/ .\n\u00e9')
const part = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 70 }).map((bytes) => encode(bytes)),
  fc.string({ unit, maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'ABCQgw048_-'), maxLength: 9 }),
)

test('a signature part is taken exactly when decode → encode is identity', () => {
  let taken = 0
  fc.assert(
    fc.property(part, (signature) => {
      const wanted = isIdentity(signature)
      if (wanted) taken += 1
      expect(codeOf(`${HEADER}.${PAYLOAD}.${signature}`)).toBe(wanted ? undefined : 'malformed')
    }),
    { numRuns: 5000 },
  )
  expect(taken).toBeGreaterThan(500)
  expect(taken).toBeLessThan(4500)
})

test('so are header and payload: another spelling of the same JSON is refused', () => {
  const json = fc
    .record({ alg: fc.constant('ES256'), kid: fc.string(), typ: fc.constant('t') })
    .map((header) => encode(header))
  fc.assert(
    fc.property(json, fc.nat(63), (header, step) => {
      const last = header.at(-1) as string
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      const other = alphabet[(alphabet.indexOf(last) + step) % 64] as string
      const bent = `${header.slice(0, -1)}${other}`
      const isSame = isIdentity(bent)
      const code = codeOf(`${bent}.${PAYLOAD}.AAAA`)
      if (!isSame) expect(code).toBe('malformed')
      if (bent === header) expect(code).toBeUndefined()
    }),
    { numRuns: 1000 },
  )
})

describe('the form', () => {
  test.each([
    ['', 'malformed'],
    ['.', 'malformed'],
    ['..', 'malformed'],
    [`${HEADER}.${PAYLOAD}`, 'malformed'],
    [`${HEADER}.${PAYLOAD}.`, 'malformed'],
    [`.${PAYLOAD}.AAAA`, 'malformed'],
    [`${HEADER}..AAAA`, 'malformed'],
    [`${HEADER}.${PAYLOAD}.AAAA.AAAA`, 'malformed'],
    [`${HEADER}.${PAYLOAD}.AAAA`, undefined],
    [`${HEADER}.${encode('null')}.AAAA`, 'malformed'],
    [`${encode({ alg: 'ES256', kid: 'k', typ: 'u' })}.${PAYLOAD}.AAAA`, 'wrong-type'],
    [`${encode({ alg: 'ES256', kid: 'k' })}.${PAYLOAD}.AAAA`, 'header'],
  ])('%#', (text, code) => {
    expect(codeOf(text)).toBe(code)
  })

  test('64 KiB of good characters are judged at once', () => {
    const since = performance.now()
    expect(codeOf('A'.repeat(65_536))).toBe('malformed')
    expect(codeOf(`${'A'.repeat(21_845)}.${'A'.repeat(21_845)}.${'A'.repeat(21_844)}`)).toBe(
      'malformed',
    )
    expect(codeOf(`${'A.'.repeat(32_768)}`)).toBe('malformed')
    expect(performance.now() - since).toBeLessThan(500)
  })
})
