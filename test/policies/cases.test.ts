import { readdirSync, readFileSync } from 'node:fs'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, it } from 'vitest'
import { cedarEngine } from '../../src/policy/cedar.ts'
import type { Facts } from '../../src/policy/policy.ts'

type Case = {
  readonly name: string
  readonly facts: Facts
  readonly expect: { readonly permit: boolean; readonly policies?: readonly string[] }
}

const directory = new URL('../../policies/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, directory), 'utf8')
const files = readdirSync(directory).filter((file) => file.endsWith('.cedar'))
const text = files.map(read).join('\n')
const engine = cedarEngine(cedar, text, read('schema.cedarschema'))
const cases = JSON.parse(read('cases.json')) as Case[]

function parsed(): cedar.PolicyJson[] {
  const parts = cedar.policySetTextToParts(text)
  if (parts.type === 'failure') throw new Error('the rules do not parse')
  return parts.policies.map((policy) => {
    const json = cedar.policyToJson(policy)
    if (json.type === 'failure') throw new Error(policy)
    return json.json
  })
}

const rules = parsed()

describe("the city's rules", () => {
  it.each(cases)('$name', ({ facts, expect: wanted }) => {
    const decision = engine.decide(facts)
    expect(decision.permit).toBe(wanted.permit)
    if (!decision.permit) {
      expect(decision.error).toBeUndefined()
      expect([...decision.policies].sort()).toEqual(wanted.policies)
    }
  })

  it('each say what they rest on', () => {
    for (const { annotations } of rules)
      expect(Object.keys(annotations ?? {}).sort()).toEqual(['id', 'law', 'why'])
  })

  it('each forbid at least one case', () => {
    const forbids = rules.filter(({ effect }) => effect === 'forbid')
    const named = new Set(cases.flatMap((one) => one.expect.policies ?? []))
    expect(new Set(forbids.map(({ annotations }) => annotations?.id))).toEqual(named)
  })

  it('deny facts that do not fit the schema: Cedar alone would let an erring forbid pass', () => {
    const [first] = cases
    if (!first) throw new Error('no case')
    const { readsSensitive: _, ...context } = first.facts.context
    const decision = engine.decide({ ...first.facts, context } as Facts)
    expect(decision).toMatchObject({ permit: false, policies: [] })
  })

  it('hold nothing per request', () => {
    expect(text).not.toMatch(/context\.(?:jti|subject|official|case|iat)/)
  })
})
