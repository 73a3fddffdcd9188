import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../../src/registry/documents.ts'
import { documents, registryOf } from '../seeded.ts'
import { type Case, findings, of, tryCases } from './checking.ts'

const found = documents.agreements.find(({ id }) => id === 'senior-res-01')
if (!found) throw new Error('no such agreement')
const RESIDENCE: Agreement = { ...found, validFrom: '2026-11-01', validTo: '2029-10-31' }
const SUBDISTRICT = '11990102MB9901112P'
const AUDIT_BUREAU = '11990100MB9901139J'
const residence = documents.items.filter(({ code }) => code === 'RES-01')
const withItem = (members: object) =>
  registryOf({ items: residence.map((item) => ({ ...item, ...members })) })

const CASES: readonly Case<Agreement>[] = [
  ['an item that is not there', { ...RESIDENCE, item: 'NO-99' }, 'granted-item', 'block', '/item'],
  [
    'an item that is not shared',
    RESIDENCE,
    'granted-item',
    'block',
    '/item',
    { registry: withItem({ sharing: { ...residence[0]?.sharing, class: 'NOT_SHARED' } }) },
  ],
  [
    'an item that is suspended',
    RESIDENCE,
    'granted-item',
    'reason',
    '/item',
    { registry: withItem({ state: 'suspended' }) },
  ],
  ['no law', { ...RESIDENCE, law: [] }, 'request-basis', 'block', '/law'],
  [
    'a law without a name',
    { ...RESIDENCE, law: [{ title: '—', mark: 'read' }] },
    'request-basis',
    'block',
    '/law',
  ],
  ['no claims', { ...RESIDENCE, claims: {} }, 'request-basis', 'block', '/claims'],
  [
    'a purpose that is no service',
    { ...RESIDENCE, purposes: [{ service: 'S99', basis: 'B', scenario: 'x' }] },
    'purposes',
    'question',
    '/purposes/0',
  ],
  [
    'a purpose of somebody else',
    { ...RESIDENCE, requesters: [AUDIT_BUREAU] },
    'purposes',
    'question',
    '/purposes/0',
  ],
  [
    'a claim beyond the contract',
    { ...RESIDENCE, claims: { shoeSize: ['read'] } },
    'claims',
    'block',
    '/claims/shoeSize',
  ],
  [
    'a read of what is only compared',
    { ...RESIDENCE, item: 'MAR-01', claims: { spouseIdNo: ['read'] } },
    'claims',
    'block',
    '/claims/spouseIdNo',
  ],
  [
    'a read of what is sensitive',
    { ...RESIDENCE, item: 'RE-01', claims: { units: ['read'] } },
    'claims',
    'question',
    '/claims/units',
  ],
  [
    'a predicate of what is only read',
    { ...RESIDENCE, item: 'RE-01', claims: { units: ['predicate'] } },
    'claims',
    'block',
    '/claims/units',
  ],
  [
    'a region without the requester',
    { ...RESIDENCE, regions: ['990102'] },
    'regions',
    'block',
    '/regions',
  ],
  [
    'a region wider than the requester',
    { ...RESIDENCE, requesters: [SUBDISTRICT], regions: ['990100'] },
    'regions',
    'reason',
    '/regions/0',
  ],
  ['a quota of none', { ...RESIDENCE, dailyQuota: 0 }, 'quota', 'block', '/dailyQuota'],
  [
    'a quota for a country',
    { ...RESIDENCE, dailyQuota: 5_000_000 },
    'quota',
    'reason',
    '/dailyQuota',
  ],
  [
    'an end before its beginning',
    { ...RESIDENCE, validTo: '2026-10-31' },
    'validity',
    'block',
    '/validTo',
  ],
  [
    'an end that is past',
    { ...RESIDENCE, validFrom: '2020-01-01', validTo: '2026-11-22' },
    'validity',
    'block',
    '/validTo',
  ],
  [
    'an end in a lifetime',
    { ...RESIDENCE, validTo: '2099-12-31' },
    'validity',
    'reason',
    '/validTo',
  ],
  [
    'an unknown requester',
    { ...RESIDENCE, requesters: ['11990100MB9999999X'] },
    'requesters',
    'block',
    '/requesters/0',
  ],
  [
    'a requester without a system',
    { ...RESIDENCE, requesters: [AUDIT_BUREAU] },
    'requesters',
    'reason',
    '/requesters/0',
  ],
]

describe('an agreement that is applied for', () => {
  tryCases('agreement', CASES)

  test('passes whole where nothing is wrong', () => {
    const all = findings('agreement', RESIDENCE)
    expect(all.filter(({ level }) => level !== 'pass')).toEqual([])
    expect(all).toHaveLength(8)
  })

  test('may run to the same day three years later, and to its last day', () => {
    const to = (validFrom: string, validTo: string) =>
      of('validity', findings('agreement', { ...RESIDENCE, validFrom, validTo }))
    expect(to('2026-11-23', '2029-11-23')).toEqual([['pass', '']])
    expect(to('2026-11-23', '2029-11-24')).toEqual([['reason', '/validTo']])
    expect(to('2024-02-29', '2027-02-28')).toEqual([['pass', '']])
    expect(to('2025-01-01', '2026-11-23')).toEqual([['pass', '']])
  })

  test('about an item that officers answer has no claims to be judged', () => {
    const item = { ...RESIDENCE, item: 'KIN-01', claims: { anything: ['read' as const] } }
    expect(of('claims', findings('agreement', item))).toEqual([])
  })

  test('of the seed is blocked nowhere', () => {
    for (const agreement of documents.agreements) {
      const blocked = findings('agreement', agreement).filter(({ level }) => level === 'block')
      expect([agreement.id, blocked]).toEqual([agreement.id, []])
    }
  })
})
