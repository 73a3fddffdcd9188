import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Filters,
  filtersOf,
  matches,
  needles,
  readSearch,
  searchText,
} from '../../src/audit/filters.ts'
import { parseLeaf } from '../../src/log/entry.ts'
import { AGENCIES, CALLERS, filters, leafFields, leafOf } from './leaves.ts'

const registry = {
  systems: new Map(CALLERS.map((id) => [id, {}])),
  agencies: new Map(AGENCIES.map((uscc) => [uscc, {}])),
} as unknown as Parameters<typeof readSearch>[1]

const read = (given: Record<string, string>) => readSearch(given, registry)

/** The names of what is wrong. */
function faults(given: Record<string, string>): string[] {
  const found = read(given)
  return 'faults' in found ? found.faults.map(({ filter, what }) => `${filter} ${what}`) : []
}

describe('a search', () => {
  test('reads what an address says; an empty parameter is none', () => {
    const given = { caller: 'housing-bureau', kind: 'refusal', result: '', first: '12', from: '' }
    expect(read(given)).toEqual({
      search: { caller: 'housing-bureau', kind: 'refusal', first: 12 },
    })
  })

  test('counts days and minutes as Asia/Shanghai does, both ends included', () => {
    const days = filtersOf({ from: '2026-11-23', to: '2026-11-24' })
    expect(days).toEqual({
      from: Date.parse('2026-11-22T16:00:00Z'),
      until: Date.parse('2026-11-24T16:00:00Z'),
    })
    const minutes = filtersOf({ from: '2026-11-23T09:30', to: '2026-11-23T09:30' })
    expect((minutes.until ?? 0) - (minutes.from ?? 0)).toBe(60_000)
  })

  test('has one spelling, whatever the order of its parameters', () => {
    const one = read({ item: 'MAR-01', caller: 'housing-bureau' })
    const other = read({ caller: 'housing-bureau', item: 'MAR-01' })
    const text = 'caller=housing-bureau&item=MAR-01'
    for (const found of [one, other])
      expect('search' in found && searchText(found.search)).toBe(text)
  })

  test.each([
    [{ from: '2026-02-30' }, 'from form'],
    [{ from: '23.11.2026' }, 'from form'],
    [{ to: '2026-11-23T24:00' }, 'to form'],
    [{ from: '2026-11-24', to: '2026-11-23' }, 'to order'],
    [{ first: '7', last: '6' }, 'last order'],
    [{ first: '-1' }, 'first form'],
    [{ last: '1e9' }, 'last form'],
    [{ last: '9'.repeat(16) }, 'last form'],
    [{ kind: 'everything' }, 'kind form'],
    [{ result: 'MATCH' }, 'result form'],
    [{ item: 'mar-01' }, 'item form'],
    [{ requester: 'x' }, 'requester form'],
    [{ nobody: 'x' }, 'nobody form'],
    [{ before: '0x10' }, 'before form'],
  ])('error: %j is refused by its name', (given, fault) => {
    expect(faults(given)).toEqual([fault])
  })

  test('security: a number that could be a person’s is no caller and no requester', () => {
    expect(faults({ caller: '990101199003078514' })).toEqual(['caller unknown'])
    expect(faults({ requester: '990101199003078514' })).toEqual(['requester unknown'])
    expect(faults({ caller: 'x'.repeat(65) })).toEqual(['caller form'])
  })
})

test('property: every entry that matches holds each needle', () => {
  fc.assert(
    fc.property(leafFields, filters, (fields, given) => {
      const text = leafOf(fields)
      const isMatch = matches(parseLeaf(text), given as Filters)
      const holds = needles(given as Filters).every((needle) => text.includes(needle))
      if (isMatch) expect(holds).toBe(true)
    }),
  )
})

test('an item without a version means all its versions, and no other item', () => {
  const isFound = (item: string, recorded: string) =>
    matches(parseLeaf(leafOf({ kind: 'refusal', item: recorded })), { item })
  expect(['MAR-01', 'MAR-01@1', 'MAR-01@12'].map((one) => isFound('MAR-01', one))).toEqual([
    true,
    true,
    true,
  ])
  expect(isFound('MAR-01@1', 'MAR-01@12')).toBe(false)
  expect(isFound('MAR-01@1', 'MAR-01')).toBe(false)
})
