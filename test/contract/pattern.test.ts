import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patternProblem } from '../../src/contract/pattern.ts'

describe('patterns of a contract', () => {
  it.each([
    '^[1-9][0-9]{5}$',
    '^[A-Z]{2,8}-[0-9]{2}$',
    '^\\p{Script=Han}[(（][0-9]{4}[)）]\\p{Script=Han}{2,12}不动产权第[0-9]{7}号$',
    '^[a-z]+$',
    '^(?:MATCH|NONE)$',
    '^(?:AB|C)?[0-9]*$',
    '^a\\.b-c$',
    '^$',
  ])('allow %s', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined()
  })

  it.each([
    ['^(a+)+$', 'nested quantifiers'],
    ['^((a+))+$', 'nested one deeper'],
    ['^(a*)*$', 'nested stars'],
    ['^(?:a{1,2}){1,30}$', 'nested bounded'],
    ['^(a*){3}$', 'a varying group a fixed number of times'],
    ['^(?:a|ab)+$', 'repeated alternation'],
    ['^(?:a|a){30}$', 'alternation a fixed number of times'],
    [
      '^(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)$',
      'many alternations',
    ],
    ['^a*a*$', 'two unbounded repetitions'],
    ['^[a-z]*[0-9]+x$', 'two unbounded repetitions of different classes'],
    ['^a{0,100}a{0,100}a{0,100}$', 'the product of bounded repetitions'],
    ['^a{1,100000}$', 'a very large bound'],
    ['^(?:a{200}){200}$', 'nested fixed repetitions'],
    ['^(a)\\1$', 'back-reference'],
    ['^(?=a)a$', 'look-ahead'],
    ['^(?<=a)a$', 'look-behind'],
    ['^(?<n>a)$', 'named group'],
    ['a+', 'not anchored'],
    ['^a', 'not anchored at the end'],
    ['^a|b$', 'alternation across the anchors'],
    ['^a$|^b$', 'inner anchors'],
    ['^a\\$', 'an escaped end'],
    ['^(a$', 'not a regular expression'],
    ['^[a$', 'not a regular expression'],
    [`^${'a'.repeat(300)}$`, 'too long'],
  ])('refuse %s: %s', (pattern) => {
    expect(patternProblem(pattern)).toBeTypeOf('string')
  })

  it('let nothing through that takes long on a hostile text', () => {
    const piece = fc.constantFrom('a', 'b', '[ab]', '(?:a|b)', '(a)', '(?:ab', ')', '|', 'a|', '(')
    const quantifier = fc.constantFrom('', '*', '+', '?', '{3}', '{2,9}', '{1,}')
    const pattern = fc
      .array(fc.tuple(piece, quantifier), { maxLength: 12 })
      .map((parts) => `^${parts.flat().join('')}$`)
    fc.assert(
      fc.property(pattern, (source) => {
        if (patternProblem(source) !== undefined) return
        const matcher = new RegExp(source, 'u')
        const start = performance.now()
        for (const text of ['a'.repeat(2000), `${'ab'.repeat(1000)}!`, `${'a'.repeat(2000)}b`])
          matcher.test(text)
        expect(performance.now() - start).toBeLessThan(500)
      }),
      { numRuns: 2000 },
    )
  })
})
