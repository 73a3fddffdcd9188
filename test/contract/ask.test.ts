import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Ask, askProblems } from '../../src/contract/ask.ts'
import { loadContract } from '../../src/contract/contract.ts'

function contractOf(code: string) {
  const file = new URL(`../../contracts/items/${code}.json`, import.meta.url)
  return loadContract(JSON.parse(readFileSync(file, 'utf8')))
}

const marriage = contractOf('MAR-01')
const property = contractOf('RE-01')

describe('what is asked', () => {
  it.each<[string, readonly Ask[], string[]]>([
    ['a read', [{ claim: 'status' }], []],
    ['a predicate', [{ claim: 'status', equals: 'REGISTERED' }], []],
    ['several values', [{ claim: 'status', in: ['REGISTERED', 'DISSOLVED'] }], []],
    ['a date in order', [{ claim: 'regDate', atMost: '2020-12-31' }], []],
    ['the spouse compared', [{ claim: 'spouseIdNo', equals: '11010519491231002X' }], []],
    ['nothing', [], ['/ask']],
    ['an unknown claim', [{ claim: 'wealth' }], ['/ask/0/claim']],
    ['an inherited name', [{ claim: 'constructor' }], ['/ask/0/claim']],
    [
      'a claim twice',
      [{ claim: 'status' }, { claim: 'status', equals: 'DISSOLVED' }],
      ['/ask/1/claim'],
    ],
    ['the spouse read', [{ claim: 'spouseIdNo' }], ['/ask/0/claim']],
    [
      'two predicates',
      [{ claim: 'regDate', atLeast: '2020-01-01', atMost: '2020-12-31' }],
      ['/ask/0/atLeast', '/ask/0/atMost'],
    ],
    ['a predicate not allowed', [{ claim: 'status', atLeast: 'REGISTERED' }], ['/ask/0/atLeast']],
    ['a value outside the claim', [{ claim: 'status', equals: 'UNMARRIED' }], ['/ask/0/equals']],
    ['NO_RECORD as a value', [{ claim: 'status', equals: 'NO_RECORD' }], ['/ask/0/equals']],
    ['a value of another type', [{ claim: 'regDate', atMost: 2020 }], ['/ask/0/atMost']],
    ['a date that does not exist', [{ claim: 'regDate', atMost: '2023-02-29' }], ['/ask/0/atMost']],
    [
      'a bad check digit',
      [{ claim: 'spouseIdNo', equals: '110105194912310021' }],
      ['/ask/0/equals'],
    ],
    ['null', [{ claim: 'status', equals: null }], ['/ask/0/equals']],
    ['no values', [{ claim: 'status', in: [] }], ['/ask/0/in']],
    [
      'the same value twice',
      [{ claim: 'status', in: ['REGISTERED', 'REGISTERED'] }],
      ['/ask/0/in'],
    ],
    ['one bad value of two', [{ claim: 'status', in: ['REGISTERED', 'X'] }], ['/ask/0/in/1']],
    [
      'several mistakes',
      [{ claim: 'x' }, { claim: 'status', equals: 1 }],
      ['/ask/0/claim', '/ask/1/equals'],
    ],
  ])('%s', (_, ask, problems) => {
    expect(askProblems(marriage, ask)).toEqual(problems)
  })

  it('is at most eight values: more would be a way to read', () => {
    const household = contractOf('HK-01')
    const regions = Array.from({ length: 9 }, (_, i) => `99010${i}`)
    expect(askProblems(household, [{ claim: 'hukouRegion', in: regions.slice(1) }])).toEqual([])
    expect(askProblems(household, [{ claim: 'hukouRegion', in: regions }])).toEqual(['/ask/0/in'])
  })

  it('is never a predicate over a list', () => {
    expect(askProblems(property, [{ claim: 'units' }])).toEqual([])
    expect(askProblems(property, [{ claim: 'units', equals: [] }])).toEqual(['/ask/0/equals'])
  })
})
