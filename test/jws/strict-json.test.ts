import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isStrictJson } from '../../src/jws/strict-json.ts'

/** A JSON text with its spelling: names may repeat, be escaped, and white space be anywhere. */
type Spelt =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Spelt[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Spelt])[] }

const DEPTH_MAX = 12

const awkward = fc.constantFrom(
  'a',
  'b',
  '',
  ':',
  '"',
  '\\',
  '{"a":1}',
  '\u2028',
  '__proto__',
  '姓名',
)
const text = fc.oneof(awkward, fc.string())

function quoted(name: string): fc.Arbitrary<string> {
  const plain = JSON.stringify(name)
  const escaped = [...name].map((char) => escapeOf(char)).join('')
  return fc.constantFrom(plain, plain, `"${escaped}"`)
}

function escapeOf(char: string): string {
  return Array.from({ length: char.length }, (_, i) => char.charCodeAt(i))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
}

const scalar: fc.Arbitrary<Spelt> = fc
  .oneof(text.chain(quoted), fc.double().map(JSON.stringify), fc.constantFrom('true', 'null', '-0'))
  .map((text) => ({ kind: 'scalar', text }))

const name = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constant('a') })

const { spelt } = fc.letrec<{ spelt: Spelt }>((tie) => {
  const list: fc.Arbitrary<Spelt> = fc
    .array(tie('spelt'), { maxLength: 4 })
    .map((items) => ({ kind: 'list', items }))
  const object: fc.Arbitrary<Spelt> = fc
    .array(fc.tuple(name.chain(quoted), tie('spelt')), { maxLength: 4 })
    .map((members) => ({ kind: 'object', members }))
  return { spelt: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, list, object) }
})

function write(value: Spelt, space: string): string {
  if (value.kind === 'scalar') return value.text
  if (value.kind === 'list')
    return `[${space}${value.items.map((item) => write(item, space)).join(`,${space}`)}]`
  const members = value.members.map(([key, one]) => `${key}${space}:${space}${write(one, space)}`)
  return `{${members.join(`${space},`)}${space}}`
}

/** The definition, from the spelling itself. */
function isStrict(value: Spelt, depth = 1): boolean {
  if (value.kind === 'scalar') return true
  if (depth > DEPTH_MAX) return false
  if (value.kind === 'list') return value.items.every((item) => isStrict(item, depth + 1))
  const names = value.members.map(([key]) => JSON.parse(key) as string)
  if (value.members.some(([key]) => key.includes('\\'))) return false
  return (
    new Set(names).size === names.length &&
    !names.includes('__proto__') &&
    value.members.every(([, one]) => isStrict(one, depth + 1))
  )
}

test('agrees with the definition on any JSON, however it is spelt', () => {
  const space = fc.constantFrom('', ' ', '\n\t', '\r\n')
  let strict = 0
  let loose = 0
  fc.assert(
    fc.property(spelt, space, (value, between) => {
      const written = write(value, between)
      const wanted = isStrict(value)
      if (wanted) strict += 1
      else loose += 1
      expect(isStrictJson(written, JSON.parse(written)), written).toBe(wanted)
    }),
    { numRuns: 5000 },
  )
  // Else the generator tests only one half.
  expect(strict).toBeGreaterThan(500)
  expect(loose).toBeGreaterThan(100)
})

test('a repetition behind an escape is seen whatever the engine was fed before', () => {
  // nodejs/node#63785: from here on V8 may read the escaped name as a backslash.
  JSON.parse('{"a":1,"\\\\":1}')
  const twice = '{"a":1,"\\u0061":2}'
  expect(isStrictJson(twice, JSON.parse(twice))).toBe(false)
})

describe('by hand', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  test.each([
    ['{}', true],
    ['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', true],
    ['{"a":1,"a":1}', false],
    ['{"a":1,"\\u0061":1}', false],
    ['{"x":{"a":1,"a":1}}', false],
    ['[{"a":1,"b":2,"a":3}]', false],
    ['{"__proto__":1}', false],
    ['{"\\u005f_proto__":1}', false],
    ['{"constructor":1,"toString":2}', true],
    ['{":":":","[":"\\\\\\":"}', true],
    ['{"\\u0061":1}', false],
    ['{"\\"":1}', false],
    ['{"a":"\\u0061\\"","b":["\\\\" , ":"]}', true],
    [deep(12), true],
    [deep(13), false],
    [deep(30_000), false],
    [`{"a":"${'x'.repeat(60_000)}"}`, true],
    [`{"a":"${'\\"'.repeat(30_000)}","a":1}`, false],
  ])('%.40s', (written, wanted) => {
    expect(isStrictJson(written, JSON.parse(written))).toBe(wanted)
  })
})
