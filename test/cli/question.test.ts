import { describe, expect, it } from 'vitest'
import { claimsFrom, parseQuestion, parseSubject } from '../../src/cli/question.ts'

const TYPES = { count: 'integer', seized: 'boolean', status: 'string', hukouRegion: 'string' }

describe('a question as it is typed', () => {
  it.each([
    ['status', { claim: 'status' }],
    ['status=ACTIVE', { claim: 'status', equals: 'ACTIVE' }],
    ['status in ACTIVE, MOVED', { claim: 'status', in: ['ACTIVE', 'MOVED'] }],
    ['count<=1', { claim: 'count', atMost: 1 }],
    ['validTo>=2026-01-01', { claim: 'validTo', atLeast: '2026-01-01' }],
    ['seized=false', { claim: 'seized', equals: false }],
    ['hukouRegion=990102', { claim: 'hukouRegion', equals: '990102' }],
    ['idNo=990104197812170016', { claim: 'idNo', equals: '990104197812170016' }],
    ['name=a=b', { claim: 'name', equals: 'a=b' }],
  ])('%s', (text, question) => expect(parseQuestion(text, TYPES)).toEqual(question))

  it.each(['', '=x', 'a b', 'count>3'])('refuses %j', (text) => {
    expect(() => parseQuestion(text, TYPES)).toThrow('--ask')
  })
})

describe('claims from flags', () => {
  it('takes a subject as name=value, the rest of the text being the value', () => {
    expect(parseSubject(['idNo=1', 'name=a=b'])).toEqual({ idNo: '1', name: 'a=b' })
    expect(() => parseSubject(['idNo'])).toThrow('--subject')
  })

  it('lays flags over an example without touching what they do not name', () => {
    const base = { item: 'ID-01', purpose: { service: 'S04', basis: 'B', scenario: 'C' } }
    expect(claimsFrom({ scenario: 'other', ask: ['count'] }, TYPES, base)).toEqual({
      item: 'ID-01',
      purpose: { service: 'S04', basis: 'B', scenario: 'other' },
      ask: [{ claim: 'count' }],
    })
  })
})
