import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOME, localPath } from '../../src/people/sign-in.ts'

describe('where one goes on to after signing in', () => {
  test.each(['/', '/console/items?page=2&q=%E5%A9%9A', '/items/MAR-01@1', '/sign-insurance'])(
    '%s is a place of ours',
    (path) => expect(localPath(path)).toBe(path),
  )

  test.each([
    undefined,
    '',
    'console',
    'https://evil.example',
    'https:/evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    '/a/..//evil.example',
    '/./\t/evil.example',
    '/\n/evil.example',
    '/ /evil.example',
    ' //evil.example',
    '/控制台',
    'javascript:alert(1)',
    '/sign-in',
    '/sign-in/start?return=/',
    '/sign-out',
    '/./sign-out',
    '/%2e/sign-out',
    `/${'a'.repeat(512)}`,
  ])('%j is not', (path) => expect(localPath(path)).toBe(HOME))

  test('whatever is asked, a browser stays here', () => {
    const piece = fc.constantFrom(
      ...['/', '\\', '//', '..', '.', '%2f', '%5c', '\t', '\n', ' ', '@', ':', '#', '?', ';', 'a'],
      ...['evil.example', 'https:', 'javascript:', 'sign-out', 'console', '\u2028', '\ufeff'],
    )
    const asked = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.oneof(asked, fc.string()), (text) => {
        const path = localPath(text)
        const there = new URL(path, 'https://gateway.example/sign-in/callback')
        expect(there.origin).toBe('https://gateway.example')
        expect(path).toMatch(/^\/(?![/\\])/)
        expect(there.pathname).not.toMatch(/^\/sign-(in|out)(\/|$)/)
      }),
      { numRuns: 2000 },
    )
  })
})
