import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { agreements, CONTRACT_CODES, examples, items } from './seed.ts'

/** What S04 (公共租赁住房申请) asks about a family, and its employer's licence. */
const FAMILY_ITEMS = [
  ...['ID-01', 'HK-01', 'MAR-01', 'RE-01', 'SOC-01', 'HPF-01', 'VEH-01', 'LOW-01', 'LOW-02'],
  'ENT-01',
]

/** The whole gateway, its three ways to a provider and the demo city's own providers. */
let gateway: TestGateway
beforeAll(async () => {
  gateway = await openTestGateway()
}, 60_000)
afterAll(checkWholeLog)

describe('examples', () => {
  it.each(examples)('$name', async ({ system, claims, expect: expected, results }) => {
    const reply = await gateway.ask(system, claims)
    expect(reply.status).toBe(expected.status)
    if (expected.code) expect(reply.problem?.code).toBe(expected.code)
    else expect(reply.answer).toMatchObject({ outcome: expected.outcome, claims: results ?? {} })
    // Refused or answered: what was said is on record, and proves itself.
    expect((await gateway.verify(reply)).ok).toBe(true)
    gateway.wait(1)
  })

  it('are many, and distinctly named', () => {
    expect(examples.length).toBeGreaterThanOrEqual(100)
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length)
    const all = JSON.stringify(examples)
    for (const result of ['MISMATCH', 'UNDETERMINED']) expect(all).toContain(`"${result}"`)
  })

  it.each(CONTRACT_CODES)('%s: a yes, and a no, no record or cannot tell', (code) => {
    const own = examples.filter(({ claims }) => claims.item.split('@')[0] === code)
    const results = own.flatMap((one) => Object.values(one.results ?? {}))
    const said = (...words: string[]) =>
      results.some((one) => words.includes((one as { result?: string }).result ?? 'value'))
    expect(said('MATCH')).toBe(true)
    expect(said('MISMATCH', 'UNDETERMINED')).toBe(true)
    expect(said('NO_RECORD')).toBe(true)
    const grantsRead = agreements.some(
      ({ item, claims }) => item === code && Object.values(claims).flat().includes('read'),
    )
    expect(said('value')).toBe(grantsRead)
  })

  it('leave every inquiry to an officer', () => {
    const defined = items.filter(({ kind, adopts }) => kind === 'inquiry' && !adopts)
    const inquiries = defined.map(({ code }) => code)
    expect(inquiries).toHaveLength(3)
    for (const code of inquiries) {
      const own = examples.filter(({ claims }) => claims.item === code)
      expect(own.length).toBeGreaterThan(0)
      for (const { expect: to } of own) expect(to).toEqual({ status: 501, code: 'needs-officer' })
    }
  })

  it('reach every refusal that a well-signed request can', () => {
    const codes = new Set(examples.flatMap(({ expect: { code } }) => code ?? []))
    expect([...codes].sort()).toEqual([
      'ask',
      'authorization',
      'claims',
      'item-suspended',
      'needs-officer',
      'no-agreement',
      'policy',
      'purpose',
      'region',
      'request-schema',
      'requester',
      'subject',
      'suspended',
      'unknown-item',
    ])
  })

  it('tell the case of one family, under one number, by one system', () => {
    const family = examples.filter((example) => example.family)
    expect(new Set(family.map(({ claims }) => claims.case)).size).toBe(1)
    expect(new Set(family.map(({ system }) => system))).toEqual(new Set(['housing-bureau']))
    expect(new Set(family.map(({ claims }) => claims.item))).toEqual(new Set(FAMILY_ITEMS))
  })
})
