import { expect, test } from 'vitest'
import { type Code, ERRORS, isRetryable, UNRECORDED } from '../../src/errors.ts'
import { RECORDED } from './recorded.ts'
import { ROUTES, UNATTRIBUTED } from './unattributed.ts'

/** Reached by intend.test.ts, where a request was cut off. */
const CUT_OFF: readonly Code[] = ['in-progress']
/** Reached where one person proposes and another approves: the tests of people and proposals. */
const OF_PROPOSALS: readonly Code[] = [
  ...(['step-up', 'own-proposal', 'wrong-state', 'stale', 'no-precondition', 'blocked'] as const),
  ...(['sharing-class', 'only-once', 'too-late'] as const),
]

test('every code of the table is reached by a test', () => {
  // The unrecorded have tests of their own: checks.error.test.ts and platform/device.test.ts.
  const reached = [...UNATTRIBUTED, ...RECORDED, ...ROUTES].map(({ code }) => code)
  expect(new Set([...reached, ...UNRECORDED, ...CUT_OFF, ...OF_PROPOSALS])).toEqual(
    new Set(Object.keys(ERRORS)),
  )
})

test('every code says one status, whose move it is, what it means and what to do in both languages', () => {
  for (const { title, meaning, hint, status } of Object.values(ERRORS)) {
    expect(meaning.zh).not.toBe(title.zh)
    for (const text of [title, meaning, hint]) {
      expect(text.zh).toMatch(/\p{Script=Han}/u)
      expect(text.en).toMatch(/^[\x20-\x7e]+$/)
    }
    expect(status).toBeGreaterThanOrEqual(400)
  }
})

test('exactly the refusals that another try may heal are retryable', () => {
  const codes = (Object.keys(ERRORS) as Code[]).filter(isRetryable)
  expect(codes.sort()).toEqual([
    'in-progress',
    'log-unavailable',
    'probing',
    'provider-down',
    'provider-timeout',
    'quota',
    'rate',
    'signer-unavailable',
  ])
})
