import { describe, expect, it } from 'vitest'
import { isRegionCode, isUscc, organisationCheck } from '../../src/contract/identifiers.ts'
import { SANDBOX_AGENCY } from '../../src/registry/sandbox.ts'
import {
  agencies,
  agreements,
  CONTRACT_CODES,
  contractOf,
  items,
  purposes,
  registers,
  systems,
} from './seed.ts'

const known = new Set(agencies.map((agency) => agency.uscc))

/** What domain research read in full; nothing else may be cited as read. */
const READ_IN_FULL = ['政务数据共享条例', '中华人民共和国个人信息保护法']

describe('agencies and systems', () => {
  it('carry valid codes of the invented city', () => {
    for (const { uscc, region } of agencies) {
      expect(isUscc(uscc)).toBe(true)
      expect(organisationCheck(uscc.slice(8, 16))).toBe(uscc.charAt(16))
      expect(isRegionCode(region)).toBe(true)
      expect(region.startsWith('99')).toBe(true)
      expect(uscc.slice(2, 8)).toBe(region)
    }
    expect(known.size).toBe(agencies.length)
  })

  it('refer to one another', () => {
    for (const { parent } of agencies) if (parent) expect(known).toContain(parent)
    for (const { agency, actsFor } of systems)
      for (const uscc of [agency, ...actsFor]) expect(known).toContain(uscc)
  })

  it('are four callers, one auditor and one suspended system', () => {
    const active = systems.filter((system) => system.status === 'active')
    expect(active.filter((system) => system.roles.includes('caller'))).toHaveLength(4)
    expect(active.filter((system) => system.roles.includes('auditor'))).toHaveLength(1)
    expect(systems.length - active.length).toBe(1)
  })
})

describe('items', () => {
  it.each(items)('$code version $version states the seven fields in both languages', (item) => {
    const { conditions, content, procedure, mode, responsibility, fee } = item
    for (const field of [conditions, content, procedure, mode, responsibility, fee]) {
      expect(field.zh.length).toBeGreaterThan(1)
      expect(field.en.length).toBeGreaterThan(1)
    }
    const { statutory, promised } = item.timeLimit
    expect(promised.n).toBeLessThanOrEqual(statutory.n)
    expect(known).toContain(item.provider)
    expect(item.replaces.length).toBeGreaterThan(0)
  })

  it('cite as read only what was read', () => {
    const laws = [...items.flatMap((item) => item.law), ...purposes.bases]
    for (const { title, mark } of laws)
      if (mark === 'read') expect(READ_IN_FULL).toContain(title)
      else expect(['excerpt', 'unverified']).toContain(mark)
  })

  it('promise by kind: an inquiry has no machine behind it, all else has', () => {
    for (const { kind, contract, connector } of items)
      expect([contract === null, connector === null]).toEqual([
        kind === 'inquiry',
        kind === 'inquiry',
      ])
  })

  it('bind every claim of their contract to columns of their register', () => {
    for (const { contract: code, connector } of items) {
      if (code === null || connector?.kind !== 'snapshot') continue
      const contract = contractOf(code)
      const register = registers.find(({ id }) => id === connector.register)
      const columns = Object.keys((register?.row.properties ?? {}) as object)
      expect(Object.keys(connector.claims).sort()).toEqual([...contract.claims.keys()].sort())
      const inputs = Object.keys(contract.subject.json.properties ?? {})
      for (const { subject, column } of [...connector.lookup, ...connector.confirm]) {
        expect(inputs).toContain(subject)
        expect(columns).toContain(column)
      }
      for (const { column } of connector.lookup) expect(register?.keys).toContain(column)
      for (const binding of Object.values(connector.claims))
        for (const column of [binding.column, ...Object.values(binding.fields ?? {})])
          if (column) expect(columns).toContain(column)
    }
  })

  it('are 28 verifications, 6 queries and 3 inquiries beside ECHO-00, with an older version suspended', () => {
    const published = items.filter((item) => item.state === 'published')
    const real = published.filter(({ code, adopts }) => code !== 'ECHO-00' && !adopts)
    const byKind = Map.groupBy(real, ({ kind }) => kind)
    expect([...byKind].map(([kind, own]) => [kind, own.length]).sort()).toEqual([
      ['inquiry', 3],
      ['query', 6],
      ['verification', 28],
    ])
    const automatic = published.filter((item) => item.contract)
    expect(automatic.map((item) => item.code).sort()).toEqual(CONTRACT_CODES)
    expect(items.filter((item) => item.state === 'suspended').map((item) => item.code)).toEqual([
      'ENT-01',
    ])
  })
})

describe('agreements', () => {
  it.each(agreements)('$id grants what its contract can give', (agreement) => {
    const item = items.find(({ code, state }) => code === agreement.item && state === 'published')
    const contract = contractOf(item?.contract ?? '')
    for (const [name, ways] of Object.entries(agreement.claims)) {
      const claim = contract.claims.get(name)
      if (ways.includes('read')) expect(claim?.read).toBe(true)
      if (ways.includes('predicate')) expect(claim?.predicates.size).toBeGreaterThan(0)
    }
    for (const uscc of agreement.requesters) expect(known).toContain(uscc)
    for (const region of agreement.regions) expect(isRegionCode(region)).toBe(true)
    expect(agreement.validFrom < agreement.validTo).toBe(true)
  })

  it('name purposes that are explained', () => {
    const codes = (list: readonly { code: string }[]) => list.map(({ code }) => code)
    for (const { service, basis, scenario } of agreements.flatMap((one) => one.purposes)) {
      expect(codes(purposes.services)).toContain(service)
      expect(codes(purposes.bases)).toContain(basis)
      expect(codes(purposes.scenarios)).toContain(scenario)
    }
  })

  it('are each usable by an active system', () => {
    const served = systems.filter(({ status }) => status === 'active').flatMap((one) => one.actsFor)
    // The sandbox's agency is served by systems that register themselves.
    for (const { requesters } of agreements)
      for (const uscc of requesters) expect([...served, SANDBOX_AGENCY]).toContain(uscc)
  })
})
