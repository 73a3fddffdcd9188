import { describe, expect, test } from 'vitest'
import { CHECKS, type Decision, decisionOf, type Standing } from '../../src/audit/decision.ts'
import { ERRORS } from '../../src/errors.ts'

function standings(decision: Decision | undefined): Record<string, Standing> {
  return Object.fromEntries((decision?.steps ?? []).map(({ check, standing }) => [check, standing]))
}

const of = (steps: Record<string, Standing>, standing: Standing) =>
  CHECKS.filter((check) => steps[check] === standing)

test('the checks stand in the order of the closed table', () => {
  const rows = [...new Set(Object.values(ERRORS).map(({ check }) => check))]
  expect(rows.filter((row) => CHECKS.some((check) => check === row))).toEqual([...CHECKS])
})

describe('of an entry', () => {
  test('about an answer every check held', () => {
    expect(of(standings(decisionOf({ kind: 'exchange' })), 'held')).toEqual([...CHECKS])
  })

  test('about a refusal those before it held, and the record was made', () => {
    const decision = decisionOf({ kind: 'refusal', check: 'no-agreement' })
    expect(decision?.code).toBe('no-agreement')
    const steps = standings(decision)
    expect(of(steps, 'failed')).toEqual(['agreement'])
    expect(of(steps, 'moot')).toEqual(['policy', 'limits', 'provider'])
    expect(of(steps, 'held').at(-1)).toBe('log')
    expect(of(steps, 'held')).toContain('content')
  })

  test('about an intent nothing is said of what came after it', () => {
    const steps = standings(decisionOf({ kind: 'intent' }))
    expect(of(steps, 'untold')).toEqual(['provider', 'log'])
    expect(steps.limits).toBe('held')
  })

  test('that stands for many requests only what let it name their caller is said to hold', () => {
    const steps = standings(decisionOf({ kind: 'refusal', check: 'rate', count: 40 }))
    expect(of(steps, 'failed')).toEqual(['limits'])
    expect(of(steps, 'held')).toEqual([
      'size',
      'form',
      'header',
      'key',
      'signature',
      'audience',
      'log',
    ])
    expect(steps.agreement).toBe('untold')
  })

  test('about a fault of the gateway no check is blamed', () => {
    const steps = standings(decisionOf({ kind: 'refusal', check: 'internal' }))
    expect(of(steps, 'failed')).toEqual([])
    expect(steps.time).toBe('untold')
  })

  test('written under a code that is no longer known no check is blamed', () => {
    const decision = decisionOf({ kind: 'refusal', check: 'of-another-release' })
    expect(decision?.code).toBeUndefined()
    expect(of(standings(decision), 'failed')).toEqual([])
  })

  test.each(['registry', 'act', 'erasure', 'shard', 'interrupted'] as const)(
    'of the kind %s there is no decision',
    (kind) => {
      expect(decisionOf({ kind })).toBeUndefined()
    },
  )
})
