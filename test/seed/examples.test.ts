import { readdirSync } from 'node:fs'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, it } from 'vitest'
import { lookupKey, snapshotConnector } from '../../src/connector/snapshot.ts'
import { Refusal } from '../../src/errors.ts'
import { authorize, type Grant } from '../../src/exchange/authorize.ts'
import { minimise } from '../../src/exchange/minimise.ts'
import { obtain } from '../../src/exchange/obtain.ts'
import { type Request, requestSchema } from '../../src/exchange/request.ts'
import { cedarEngine } from '../../src/policy/cedar.ts'
import type { Registry } from '../../src/registry/registry.ts'
import {
  agencies,
  agreements,
  CONTRACT_CODES,
  contractOf,
  type Example,
  examples,
  items,
  readText,
  registers,
  rowsOf,
  systems,
} from './seed.ts'

const NOW = Date.parse('2026-11-21T10:00:00+08:00')

const rules = readdirSync(new URL('../../policies/', import.meta.url))
  .filter((file) => file.endsWith('.cedar'))
  .map((file) => readText(`policies/${file}`))
const policy = cedarEngine(cedar, rules.join('\n'), readText('policies/schema.cedarschema'))

const registry: Registry = {
  version: 1,
  agencies: new Map(agencies.map((agency) => [agency.uscc, agency])),
  systems: new Map(systems.map((system) => [system.id, system])),
  keys: new Map(),
  items: Map.groupBy(
    items.toSorted((a, b) => b.version - a.version),
    (item) => item.code,
  ),
  contracts: new Map(CONTRACT_CODES.map((code) => [code, contractOf(code)])),
  agreements: Map.groupBy(agreements, (agreement) => agreement.item),
  registers: new Map(
    registers.map((register, id) => {
      const snapshot = { id, asOf: NOW, version: 'seed' }
      return [register.id, { register, snapshot }]
    }),
  ),
  services: new Map(),
  blacklists: new Map(),
}

const snapshots = registers.map((register) => {
  const held = new Map<string, string[]>()
  for (const row of rowsOf(register))
    for (const column of register.keys) {
      const key = lookupKey(column, row[column] ?? '')
      held.set(key, [...(held.get(key) ?? []), JSON.stringify(row)])
    }
  return held
})

const connectors = {
  snapshot: snapshotConnector({
    snapshotRows: async (snapshot: number, key: string) => snapshots[snapshot]?.get(key) ?? [],
  }),
}

/** What S04 (公共租赁住房申请) asks about a family, and its employer's licence. */
const FAMILY_ITEMS = [
  ...['ID-01', 'HK-01', 'MAR-01', 'RE-01', 'SOC-01', 'HPF-01', 'VEH-01', 'LOW-01', 'LOW-02'],
  'ENT-01',
]

/** The path of the gateway from check 9 on, without keys, limits and log. */
async function answerTo({ system: id, claims }: Example) {
  const seconds = NOW / 1000
  const times = { iat: seconds, exp: seconds + 60, jti: crypto.randomUUID() }
  const read = requestSchema.safeParse({
    iss: id,
    aud: 'https://gateway.test',
    ...times,
    ...claims,
  })
  if (!read.success) return { code: 'request-schema' }
  const system = registry.systems.get(id)
  const principal = { system, compact: { text: '' } }
  const request = { principal, claims: read.data } as unknown as Request
  const grant: Grant = authorize({ registry, policy }, request, NOW)
  return minimise(grant, await obtain({ connectors, registry }, grant, { now: NOW }))
}

describe('examples', () => {
  it.each(examples)('$name', async (example) => {
    const answer = await answerTo(example).catch((error: unknown) => {
      if (error instanceof Refusal) return { code: error.code }
      throw error
    })
    if (example.expect.code) expect(answer).toEqual({ code: example.expect.code })
    else
      expect(answer).toMatchObject({
        outcome: example.expect.outcome,
        claims: example.results ?? {},
      })
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
    const inquiries = items.filter(({ kind }) => kind === 'inquiry').map(({ code }) => code)
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
