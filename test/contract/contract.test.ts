import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadContract, subjectProblems } from '../../src/contract/contract.ts'
import { ContractError } from '../../src/contract/contract-error.ts'
import { DIALECT } from '../../src/contract/schema.ts'

type Json = Record<string, unknown>

function read(code: string): Json {
  const file = new URL(`../../contracts/items/${code}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Json
}

const CODES = readdirSync(new URL('../../contracts/items/', import.meta.url)).map((file) =>
  file.replace(/\.json$/, ''),
)

/** A small sound contract with one claim, some of it replaced. */
function contractWith(changes: { subject?: Json; claim?: Json; schema?: Json; top?: Json }): Json {
  return {
    code: 'TST-01',
    version: 1,
    title: { zh: '测试', en: 'Test' },
    subject: {
      type: 'object',
      additionalProperties: false,
      required: ['idNo'],
      properties: { idNo: { type: 'string', format: 'cn-id' } },
      ...changes.subject,
    },
    claims: {
      since: {
        title: { zh: '自', en: 'Since' },
        schema: { type: 'string', format: 'date', ...changes.schema },
        read: true,
        predicates: ['equals', 'atLeast'],
        sensitivity: 'personal',
        ...changes.claim,
      },
    },
    ...changes.top,
  }
}

function refusalOf(json: unknown): { code: string; pointer: string } {
  try {
    loadContract(json)
  } catch (error) {
    if (error instanceof ContractError) return { code: error.code, pointer: error.pointer }
    throw error
  }
  throw new Error('the contract was accepted')
}

const schemaAt = '/claims/since/schema'

describe('loading a contract', () => {
  it.each(CODES)('reads %s', (code) => {
    const contract = loadContract(read(code))
    expect(contract.code).toBe(code)
    expect(contract.claims.size).toBeGreaterThan(0)
  })

  it('reads the smallest one, with the stated dialect or none', () => {
    expect(loadContract(contractWith({})).claims.get('since')?.compare).toBe('exact')
    expect(() => loadContract(contractWith({ subject: { $schema: DIALECT } }))).not.toThrow()
  })

  it.each<[string, Json, { code: string; pointer: string }]>([
    ['not an object', 'x' as unknown as Json, { code: 'shape', pointer: '/' }],
    ['an unknown member', contractWith({ top: { extra: 1 } }), { code: 'shape', pointer: '/' }],
    ['a bad code', contractWith({ top: { code: 'x' } }), { code: 'shape', pointer: '/code' }],
    ['no claims', contractWith({ top: { claims: {} } }), { code: 'shape', pointer: '/claims' }],
    [
      'another dialect',
      contractWith({ subject: { $schema: 'http://json-schema.org/draft-07/schema#' } }),
      { code: 'dialect', pointer: '/subject/$schema' },
    ],
    [
      'a remote reference',
      contractWith({ subject: { properties: { idNo: { $ref: 'https://example.org/id.json' } } } }),
      { code: 'reference', pointer: '/subject/properties/idNo/$ref' },
    ],
    [
      'a reference to nothing',
      contractWith({ subject: { properties: { idNo: { $ref: '#/$defs/id' } } } }),
      { code: 'reference', pointer: '/subject/properties/idNo/$ref' },
    ],
    [
      'a reference to itself',
      contractWith({ schema: { $ref: '#' } }),
      { code: 'reference', pointer: `${schemaAt}/$ref` },
    ],
    [
      'a loop of definitions',
      contractWith({ subject: { $defs: { a: { $ref: '#/$defs/a' } } } }),
      { code: 'reference', pointer: '/subject/$defs/a/$ref' },
    ],
    [
      'a pattern that runs away',
      contractWith({ schema: { pattern: '^(a+)+$' } }),
      { code: 'pattern', pointer: `${schemaAt}/pattern` },
    ],
    [
      'a pattern hidden in a branch',
      contractWith({ subject: { anyOf: [{ properties: { idNo: { pattern: '^(a|a)*$' } } }] } }),
      { code: 'pattern', pointer: '/subject/anyOf/0/properties/idNo/pattern' },
    ],
    [
      'an unknown format, which JSON Schema would let pass',
      contractWith({ schema: { format: 'cnid' } }),
      { code: 'format', pointer: `${schemaAt}/format` },
    ],
    [
      'a misspelt keyword',
      contractWith({ schema: { maxlength: 3 } }),
      { code: 'keyword', pointer: `${schemaAt}/maxlength` },
    ],
    [
      'a keyword of the wrong kind',
      contractWith({ schema: { maxLength: '3' } }),
      { code: 'keyword', pointer: `${schemaAt}/maxLength` },
    ],
    [
      'an odd member name',
      contractWith({ subject: { properties: { __proto: {} } } }),
      { code: 'name', pointer: '/subject/properties' },
    ],
    [
      'an open subject',
      contractWith({ subject: { additionalProperties: true } }),
      { code: 'subject', pointer: '/subject' },
    ],
    [
      'a claim without a type',
      contractWith({ schema: { type: undefined } }),
      { code: 'claim-type', pointer: `${schemaAt}/type` },
    ],
    [
      'a predicate over a list',
      contractWith({ claim: { schema: { type: 'array' } } }),
      { code: 'predicate', pointer: '/claims/since/predicates' },
    ],
    [
      'a claim that cannot be asked at all',
      contractWith({ claim: { read: false, predicates: [] } }),
      { code: 'predicate', pointer: '/claims/since/predicates' },
    ],
    [
      'an order over text',
      contractWith({ claim: { schema: { type: 'string' } } }),
      { code: 'predicate', pointer: '/claims/since/predicates' },
    ],
    [
      'a name comparison of numbers',
      contractWith({ claim: { schema: { type: 'integer' }, compare: 'name' } }),
      { code: 'comparison', pointer: '/claims/since/compare' },
    ],
    [
      'NO_RECORD as a value: a silent "no"',
      contractWith({
        claim: { schema: { type: 'string', enum: ['YES', 'NO_RECORD'] }, predicates: [] },
      }),
      { code: 'no-record', pointer: schemaAt },
    ],
  ])('refuses %s', (_, json, refusal) => {
    expect(refusalOf(json)).toEqual(refusal)
  })

  it('names the file in the error where there is one', () => {
    const bad = contractWith({ schema: { pattern: '^(a+)+$' } })
    expect(() => loadContract(bad, 'contracts/items/TST-01.json')).toThrow(
      'contracts/items/TST-01.json#/claims/since/schema/pattern: repeats what itself varies',
    )
  })

  it('refuses a schema nested beyond reason', () => {
    let deep: Json = { type: 'string' }
    for (let i = 0; i < 20; i += 1) deep = { not: deep }
    expect(refusalOf(contractWith({ subject: deep })).code).toBe('depth')
  })

  it('compiles a definition that the schema brings itself', () => {
    const subject = {
      $defs: { id: { type: 'string', format: 'cn-id' } },
      properties: { idNo: { $ref: '#/$defs/id' } },
    }
    const contract = loadContract(contractWith({ subject }))
    expect(subjectProblems(contract, { idNo: '11010519491231002X' })).toEqual([])
    expect(subjectProblems(contract, { idNo: '110105194912310021' })).toEqual(['/subject/idNo'])
  })
})

describe('subjects', () => {
  const person = loadContract(read('ID-01'))
  const property = loadContract(read('RE-01'))
  const certNo = '泽(2019)云汀市不动产权第0001234号'

  it.each<[unknown, string[]]>([
    [{ idNo: '11010519491231002X', name: '陆知远' }, []],
    [{ idNo: '11010519491231002x', name: '陆知远' }, []],
    [{}, ['/subject/idNo', '/subject/name']],
    [{ idNo: '110105194912310021', name: '陆知远' }, ['/subject/idNo']],
    [{ idNo: 11, name: '' }, ['/subject/idNo', '/subject/name']],
    [{ idNo: '11010519491231002X', name: '陆知远', phone: '1' }, ['/subject/phone']],
    [null, ['/subject']],
    [[], ['/subject']],
    ['11010519491231002X', ['/subject']],
  ])('%j: %j', (subject, pointers) => {
    expect(subjectProblems(person, subject)).toEqual(pointers)
  })

  it('are known by person or by certificate, not by both', () => {
    const byPerson = { region: '990102', idNo: '11010519491231002X', name: '陆知远' }
    expect(subjectProblems(property, byPerson)).toEqual([])
    expect(subjectProblems(property, { region: '990102', certNo })).toEqual([])
    expect(subjectProblems(property, { ...byPerson, certNo })).not.toEqual([])
    expect(subjectProblems(property, { region: '990102' })).not.toEqual([])
    expect(subjectProblems(property, { certNo })).toEqual(['/subject/region'])
  })

  it('never come back as values, not even as a member name', () => {
    const strange = { '11010519491231002X': 1, idNo: '440524188001010014', name: '' }
    expect(JSON.stringify(subjectProblems(person, strange))).not.toMatch(/[0-9]/)
    expect(subjectProblems(person, strange)).toEqual(['/subject', '/subject/idNo', '/subject/name'])
  })
})
