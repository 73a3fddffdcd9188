import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarOf } from '../../src/calendar/calendar.ts'
import { type NotDemandable, notDemandable } from '../../src/registry/not-demandable.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { blacklistSchema, type Service } from '../../src/registry/service-item.ts'
import { items as seeded } from '../seed/seed.ts'
import { MOVING } from '../service-items.ts'

const CODES = ['ENT-01', 'ID-01', 'HK-01', 'MAR-01', 'RE-01', 'KIN-01']
const items = seeded.filter(({ code }) => CODES.includes(code))

const LIST = blacklistSchema.parse({
  id: 'L1',
  names: { zh: '不应出具的证明', en: 'Proofs that must not be issued' },
  rule: { zh: '村（居）委会不出具', en: 'Village committees do not issue them' },
  law: [{ title: '民发〔2020〕20号', mark: 'excerpt' }],
  sources: ['https://example.org/list'],
  proofs: [
    { names: { zh: '健在证明', en: 'Proof of being alive' }, also: ['活着的证明'] },
    { names: { zh: '邻里意见', en: 'Opinion of neighbours' }, also: [] },
  ],
})

const registryOf = (...services: Service[]): Registry => ({
  version: 1,
  agencies: new Map(),
  systems: new Map(),
  keys: new Map(),
  items: Map.groupBy(items, (item) => item.code),
  contracts: new Map(),
  agreements: new Map(),
  registers: new Map(),
  services: new Map(services.map((service) => [service.code, service])),
  blacklists: new Map([[LIST.id, LIST]]),
  pledges: new Map(),
  calendar: calendarOf([]),
})
const registry = registryOf(MOVING)
const grounds = ({ matches }: NotDemandable) => matches.map(({ ground }) => ground)

describe('may this proof be demanded', () => {
  test.each([
    ['旧居证明（原件）', 'NOT_DEMANDABLE', ['proven']],
    ['旧居证明', 'NOT_DEMANDABLE', ['proven']],
    ['邻里意见', 'NOT_DEMANDABLE', ['abolished', 'listed']],
    ['健在证明', 'NOT_FROM_ISSUER', ['listed']],
    ['活着的证明', 'NOT_FROM_ISSUER', ['listed']],
    ['迁居申请书', 'DEPENDS', ['kept']],
    ['同住亲属证明', 'DEPENDS', ['pending']],
    ['营业执照复印件', 'NOT_DEMANDABLE', ['proven']],
    ['月球居住证明', 'NOT_LISTED', []],
  ] as const)('%s: %s', (asked, verdict, expected) => {
    const found = notDemandable(registry, asked)
    expect(found.verdict).toBe(verdict)
    expect(grounds(found)).toEqual(expected)
    expect(found.says).toEqual({ zh: expect.any(String), en: expect.any(String) })
  })

  test('each match gives its reason, its law, and where it stands', () => {
    const [proven] = notDemandable(registry, '旧居证明').matches
    expect(proven).toMatchObject({
      match: 'exact',
      service: { code: 'T01', names: MOVING.names },
      items: [{ code: 'ID-01' }, { code: 'HK-01' }],
      law: [{ title: '政务数据共享条例', article: '第十九条', mark: 'read' }],
    })
    const [listed] = notDemandable(registry, '健在证明').matches
    expect(listed).toMatchObject({ reason: LIST.rule, list: { id: 'L1', sources: LIST.sources } })
  })

  test.each([
    '健 在·证明',
    '健在証明'.replace('証', '证'),
    'ＰＲＯＯＦ of being ALIVE',
    'proofofbeingalive',
  ])('%s is the same name: width, case, dots and spaces do not count', (asked) => {
    expect(notDemandable(registry, asked).verdict).toBe('NOT_FROM_ISSUER')
  })

  test.each(['健在', '健在证明原件一份'])('%s only resembles, and decides nothing', (asked) => {
    const found = notDemandable(registry, asked)
    expect(found.verdict).toBe('RESEMBLES')
    expect(found.matches).toMatchObject([{ match: 'contains', ground: 'listed' }])
  })

  test('a service that is not published says nothing', () => {
    const draft = registryOf({ ...MOVING, state: 'draft' })
    expect(notDemandable(draft, '旧居证明').verdict).toBe('NOT_LISTED')
  })

  test('an item that is suspended makes its paper pending, in a view of its own', () => {
    const suspended = items.map((item) => ({ ...item, state: 'suspended' as const }))
    const later = { ...registry, items: Map.groupBy(suspended, (item) => item.code) }
    expect(notDemandable(later, '旧居证明').verdict).toBe('DEPENDS')
    expect(notDemandable(registry, '旧居证明').verdict).toBe('NOT_DEMANDABLE')
  })

  test('at most fifty matches are told, the exact ones first, and how many there are', () => {
    const many = Array.from({ length: 30 }, (_, i): Service => ({ ...MOVING, code: `T${i}` }))
    const found = notDemandable(registryOf(...many), 'paper')
    expect(found.total).toBe(30 * 3)
    expect(found.matches).toHaveLength(50)
    const exact = notDemandable(registryOf(...many), '健在证明')
    expect(exact.matches[0]?.match).toBe('exact')
  })

  test('whatever is asked, there is a verdict, and none without a ground', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 100, unit: 'grapheme' }), (asked) => {
        const { verdict, total, matches } = notDemandable(registry, asked)
        expect(verdict === 'NOT_LISTED').toBe(total === 0)
        expect(matches.length).toBe(Math.min(total, 50))
      }),
    )
  })
})
