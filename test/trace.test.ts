import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headersOf, nextSpan, readTrace, startTrace } from '../src/trace.ts'

const ID = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const HEADER = `00-${ID}-${PARENT}-01`

describe('a traceparent that holds', () => {
  test.each([
    ['sampled', HEADER, true],
    ['not sampled', `00-${ID}-${PARENT}-00`, false],
    ['with flags that are not defined yet', `00-${ID}-${PARENT}-03`, true],
    ['of a later version', `01-${ID}-${PARENT}-01`, true],
    ['of a later version that says more', `cc-${ID}-${PARENT}-01-what-comes-later`, true],
  ])('%s', (_, header, isSampled) => {
    expect(readTrace(header)).toEqual({ id: ID, parent: PARENT, isSampled })
  })

  test('goes on in the version and with the flag that are known here', () => {
    const later = readTrace(`cc-${ID}-${PARENT}-ff-more`)
    expect(later && headersOf(later)).toEqual({ traceparent: HEADER })
  })
})

test.each([
  ['is not there', undefined],
  ['is empty', ''],
  ['is of the forbidden version', `ff-${ID}-${PARENT}-01`],
  ['has no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ['has no parent', `00-${ID}-${'0'.repeat(16)}-01`],
  ['is in upper case', `00-${ID.toUpperCase()}-${PARENT}-01`],
  ['is no hex', `00-${'g'.repeat(32)}-${PARENT}-01`],
  ['is short', `00-${ID}-${PARENT}`],
  ['says more than its version has', `${HEADER}-00`],
  ['ends in a dash', `${HEADER}-`],
  ['is longer by a letter, in a later version', `01-${ID}-${PARENT}-01x`],
  ['came twice', `${HEADER}, ${HEADER}`],
  ['has space around it', ` ${HEADER}`],
  ['has a second line', `${HEADER}\nx: y`],
])('a traceparent that %s is none, and takes its tracestate along', (_, header) => {
  expect(readTrace(header, 'a=1')).toBeUndefined()
})

describe('a tracestate', () => {
  const stateOf = (text: string) => readTrace(HEADER, text)?.state

  test.each([
    ['one member', 'congo=t61rcWkgMzE', 'congo=t61rcWkgMzE'],
    ['tenants and odd keys', 'a@b=1,0x/y_z-*=2', 'a@b=1,0x/y_z-*=2'],
    ['empty members and space', ' a=1 , ,\tb=x y,', 'a=1,b=x y'],
    ['thirty-two members', many(32), many(32)],
  ])('is passed on: %s', (_, text, passed) => {
    expect(stateOf(text)).toBe(passed)
  })

  test.each([
    ['thirty-three members', many(33)],
    ['a key twice', 'a=1,b=2,a=3'],
    ['an upper-case key', 'A=1'],
    ['no value', 'a='],
    ['an equals sign in a value', 'a=b=c'],
    ['what is not ASCII', 'a=戴如远'],
    ['a control character', 'a=b\u0007'],
    ['nothing', ' , '],
  ])('is dropped alone: %s', (_, text) => {
    expect(readTrace(HEADER, text)).toEqual({ id: ID, parent: PARENT, isSampled: true })
  })

  test('over 512 characters loses its long members first, then the last ones', () => {
    const long = `long=${'x'.repeat(200)}`
    const short = Array.from({ length: 9 }, (_, i) => `k${i}=${'y'.repeat(60)}`)
    const kept = stateOf([...short.slice(0, 4), long, ...short.slice(4)].join(','))
    expect(kept).toBe(short.slice(0, 8).join(','))
    const others = ['b', 'c'].map((key) => `${key}=${'z'.repeat(250)}`)
    expect(stateOf([long, ...others].join(','))).toBe(`${long},${others[0]}`)
  })

  test('never exceeds 512 characters and never loses a member of those that stay, whatever comes', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/)
    const value = fc.stringMatching(/^[!-+.-<>-~]{1,250}$/)
    const members = fc.uniqueArray(fc.tuple(key, value), { maxLength: 40, selector: ([k]) => k })
    fc.assert(
      fc.property(members, (list) => {
        const texts = list.map(([k, v]) => `${k}=${v}`)
        const state = stateOf(texts.join(',')) ?? ''
        expect(state.length).toBeLessThanOrEqual(512)
        for (const member of state.split(',').filter(Boolean)) expect(texts).toContain(member)
      }),
    )
  })
})

test('whatever comes in, what goes out is read back as the same', () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
  const traceparent = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.tuple(hex(2), hex(32), hex(16), hex(2)).map((parts) => parts.join('-')),
  )
  fc.assert(
    fc.property(traceparent, fc.string({ maxLength: 600 }), (parent, state) => {
      const read = readTrace(parent, state)
      if (!read) return
      const { traceparent: out, tracestate } = headersOf(read)
      expect(out).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
      expect(readTrace(out, tracestate)).toEqual(read)
    }),
  )
})

test('a trace that begins here holds; the next span has the trace and an id of its own', () => {
  const trace = startTrace()
  const { traceparent } = headersOf(trace)
  expect(readTrace(traceparent)).toEqual({ ...trace, isSampled: false })
  const next = nextSpan({ ...trace, state: 'a=1' })
  expect(next).toMatchObject({ id: trace.id, state: 'a=1' })
  expect(next.parent).toMatch(/^[0-9a-f]{16}$/)
  expect(next.parent).not.toBe(trace.parent)
})

function many(count: number): string {
  return Array.from({ length: count }, (_, i) => `k${i}=v`).join(',')
}
