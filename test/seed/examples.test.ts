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

  it('are many, distinctly named, and reach every outcome of every item', () => {
    expect(examples.length).toBeGreaterThanOrEqual(30)
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length)
    for (const code of CONTRACT_CODES) {
      const results = JSON.stringify(
        examples.filter(({ claims }) => claims.item.startsWith(code)).map((one) => one.results),
      )
      for (const result of ['MATCH', 'NO_RECORD', '"value"']) expect(results).toContain(result)
    }
    const all = JSON.stringify(examples)
    for (const result of ['MISMATCH', 'UNDETERMINED']) expect(all).toContain(`"${result}"`)
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
    expect(new Set(family.map(({ claims }) => claims.item)).size).toBe(5)
    expect(new Set(family.map(({ claims }) => claims.case)).size).toBe(1)
    expect(new Set(family.map(({ system }) => system))).toEqual(new Set(['housing-bureau']))
    expect(new Set(family.map(({ claims }) => claims.item))).toEqual(
      new Set(['ID-01', 'HK-01', 'MAR-01', 'RE-01', 'ENT-01']),
    )
  })
})
