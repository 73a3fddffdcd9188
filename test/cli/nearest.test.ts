import { describe, expect, test } from 'vitest'
import { nearest } from '../../src/cli/nearest.ts'
import { ERRORS } from '../../src/errors.ts'

const CODES = Object.keys(ERRORS)

describe('what somebody may have meant', () => {
  test.each([
    ['quot', 'quota'],
    ['qouta', 'quota'],
    ['QUOTA', 'quota'],
    ['no-agrement', 'no-agreement'],
    ['provider-dwon', 'provider-down'],
    ['erased', 'answer-erased'],
  ])('%s: %s before all others', (word, meant) => {
    expect(nearest(word, CODES)[0]).toBe(meant)
  })

  test('is five at the most, and nothing where nothing is near', () => {
    expect(nearest('provider-', CODES).length).toBeLessThanOrEqual(5)
    expect(nearest('S9', ['S01', 'S90', 'S91', 'S92', 'S93', 'S94', 'S95'])).toHaveLength(5)
    expect(nearest('zzz', CODES)).toEqual([])
    expect(nearest('', [])).toEqual([])
  })
})
