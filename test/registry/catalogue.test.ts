import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findItems, SORTS, wordsOf } from '../../src/registry/catalogue.ts'
import type { Item } from '../../src/registry/documents.ts'
import { findServices, guideOf } from '../../src/registry/guide.ts'
import { isPublic } from '../../src/registry/order.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { statisticsOf } from '../../src/registry/statistics.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'

let registry: Registry

beforeAll(async () => {
  registry = await (await openTestGateway()).deps.registry.view()
})

afterAll(checkWholeLog)

const codes = (query: Parameters<typeof findItems>[1]) =>
  findItems(registry, query).entries.map(({ item }) => item.code)

const changed = (code: string, states: readonly Item['state'][]): Registry => {
  const [item] = registry.items.get(code) as [Item]
  const versions = states.map((state, i) => ({ ...item, state, version: states.length - i }))
  return { ...registry, items: new Map([...registry.items, [code, versions]]) }
}

describe('a search', () => {
  test('without a question finds each item once, by code', () => {
    const all = codes({})
    expect(all).toEqual([...new Set(all)].sort())
    expect(all.length).toBe(registry.items.size)
  })

  test.each([
    ['MAR-01', ['MAR-01']],
    ['mar-01', ['MAR-01']],
    ['ＭＡＲ－０１', ['MAR-01']],
    ['婚姻登记', ['MAR-01']],
    ['结婚证', ['MAR-01']],
    ['公安 亲属', ['HK-02', 'KIN-01']],
    ['公安局　民族', ['ETH-01']],
    ['Marriage registration', ['MAR-01']],
    ['没有这样的事项', []],
  ])('%s finds what bears it in code, name, provider or a paper replaced', (q, wanted) => {
    expect(codes({ q })).toEqual(wanted)
  })

  test('every word counts, so more words never find more', () => {
    const words = fc.array(fc.constantFrom('证', '公安', '核验', '云汀', '查询', '登记', 'x'), {
      maxLength: 4,
    })
    fc.assert(
      fc.property(words, fc.constantFrom('证', '婚', 'e'), (some, more) => {
        const less = codes({ q: [...some, more].join(' ') })
        expect(codes({ q: some.join(' ') })).toEqual(expect.arrayContaining(less))
      }),
    )
  })

  test('no word reaches over from one text into the next', () => {
    const [item] = registry.items.get('MAR-01') as [Item]
    const across = `${item.names.zh.at(-1)}${item.names.en.slice(0, 3)}`
    expect(codes({ q: across })).toEqual([])
  })

  test('takes eight words at the most, however many were sent', () => {
    expect(wordsOf(Array.from({ length: 50 }, (_, i) => `w${i}`).join(' '))).toHaveLength(8)
    expect(wordsOf('  \u3000 ')).toEqual([])
  })
})

describe('filters', () => {
  test('narrow, each by its own field', () => {
    const inquiries = codes({ kind: 'inquiry' })
    expect(inquiries).toEqual(expect.arrayContaining(['CRM-01', 'KIN-01', 'LOW-02']))
    for (const code of inquiries) expect(registry.items.get(code)?.[0]?.kind).toBe('inquiry')
    for (const { item, provider } of findItems(registry, {
      sharing: 'UNCONDITIONAL',
      level: 'city',
    }).entries) {
      expect(item.sharing.class).toBe('UNCONDITIONAL')
      expect(provider?.level).toBe('city')
    }
    expect(codes({ state: 'suspended' })).toEqual([])
  })

  test('count the providers of what the others leave, so the choice never leads to nothing', () => {
    const { agencies } = findItems(registry, { kind: 'query' })
    for (const { uscc, count } of agencies)
      expect(codes({ kind: 'query', agency: uscc })).toHaveLength(count)
    const counts = agencies.map(({ count }) => count)
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect(findItems(registry, { kind: 'query', agency: agencies[0]?.uscc }).agencies).toEqual(
      agencies,
    )
  })

  test.each(SORTS)('sorted by %s it is the same items', (sort) => {
    expect(codes({ sort }).toSorted()).toEqual(codes({}))
    const turned = sort.startsWith('-') ? sort.slice(1) : `-${sort}`
    expect(codes({ sort: turned as typeof sort })).toEqual(codes({ sort }).toReversed())
  })
})

describe('an item of several versions', () => {
  test.each([
    [['published', 'suspended'], 'published'],
    [['suspended', 'published'], 'published'],
    [['suspended', 'suspended'], 'suspended'],
  ] as const)('in the states %j is listed as %s', (states, state) => {
    const found = findItems(changed('MAR-01', states), { q: 'MAR-01' }).entries
    expect(found.map(({ item }) => item.state)).toEqual([state])
    expect(found[0]?.versions).toHaveLength(2)
  })

  test.each(['draft', 'submitted', 'approved', 'retired'] as const)(
    'only %s is not listed',
    (state) => {
      expect(isPublic({ state })).toBe(false)
      expect(findItems(changed('MAR-01', [state]), { q: 'MAR-01' }).entries).toEqual([])
    },
  )
})

describe('the guide of a service', () => {
  test('says of each paper who verifies it, in the order of the service', () => {
    const [service] = findServices(registry, '公共租赁住房')
    if (!service) throw new Error('no such service')
    const lines = guideOf(registry, service)
    expect(lines.map(({ material }) => material)).toEqual(service.materials)
    const marriage = lines.find(({ material }) => material.names.zh === '婚姻证明')
    expect(marriage?.standing).toBe('proven')
    expect(marriage?.items[0]).toMatchObject({
      code: 'MAR-01',
      provider: { names: { zh: '云汀市民政局' } },
    })
  })

  test('is found by a paper too, drafts never', () => {
    const found = findServices(registry, '预防接种').map(({ code }) => code)
    expect(found).toEqual(['S05'])
    const [first] = registry.services.values()
    if (!first) throw new Error('no service')
    const drafts = {
      ...registry,
      services: new Map([[first.code, { ...first, state: 'draft' as const }]]),
    }
    expect(findServices(drafts)).toEqual([])
  })
})

test('the statistics add up', () => {
  const { papers, services, items, kinds, sharing, providers, reach } = statisticsOf(registry)
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
  expect(sum(services.map(({ counts }) => counts.before))).toBe(papers.before)
  expect(sum(services.map(({ counts }) => counts.after))).toBe(papers.after)
  expect(sum(Object.values(kinds))).toBe(items.all)
  expect(sum(Object.values(sharing))).toBe(items.all)
  expect(sum(providers.map((one) => one.items))).toBe(items.all)
  expect(items.automatic).toBe(items.all - kinds.inquiry)
  expect(reach[0]).toMatchObject({ code: 'ID-01' })
  expect(sum(reach.map((one) => one.papers))).toBeGreaterThanOrEqual(papers.proven)
})
