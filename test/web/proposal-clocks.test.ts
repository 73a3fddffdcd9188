import { describe, expect, test } from 'vitest'
import type { RunningClock } from '../../src/proposal/running-clock.ts'
import { clockList, clockTag, mostUrgent } from '../../src/web/console/proposal-clocks.ts'

const DUE = { on: '2026-12-07', at: '2026-12-07T18:00:00+08:00' }
const LEFT = { zh: '还剩 10 个工作日（12 月 7 日 星期一）', en: '10 working days left' }

function clockOf(members: Partial<RunningClock>): RunningClock {
  return {
    ...{ name: 'answer', names: { zh: '答复', en: 'Answer' }, article: '第二十一条' },
    ...{ state: 'normal', due: DUE, left: LEFT },
    ...members,
  }
}

describe('how a clock stands, in words', () => {
  test.each<[string, Partial<RunningClock>, string, string]>([
    ['running', {}, '还剩 10 个工作日', 'success'],
    ['near', { state: 'near' }, '还剩 10 个工作日', 'warning'],
    ['overdue', { state: 'overdue', left: { zh: '已超时', en: 'overdue' } }, '已超时', 'danger'],
    [
      'kept',
      { state: 'done', doneAt: '2026-12-04T10:00:00+08:00' },
      '12 月 4 日 星期五 办结',
      'neutral',
    ],
    [
      'kept too late',
      { state: 'done', doneAt: '2026-12-08T10:00:00+08:00', isLate: true },
      '超时，12 月 8 日 星期二 办结',
      'danger',
    ],
  ])('%s', (_, members, words, color) => {
    const shown = String(clockTag('zh-CN', clockOf(members)))
    expect(shown).toContain(words)
    expect(shown).toContain(`data-color="${color}"`)
  })

  test('beyond the calendar says which year is missing, and guesses no day', () => {
    const { left: _, ...rest } = clockOf({ state: 'no-calendar', due: null, year: 2028 })
    expect(String(clockTag('zh-CN', rest))).toContain('2028 年的工作日历尚未装入')
    expect(String(clockTag('en', rest))).toContain('of 2028 is not loaded')
  })

  test('nothing runs: nothing is said', () => {
    expect(clockList('en', [])).toBe('')
  })
})

describe('the most urgent of several', () => {
  const soon = clockOf({
    name: 'delivery',
    due: { on: '2026-12-01', at: '2026-12-01T18:00:00+08:00' },
  })

  test('is the open one that ends first; one that stands still comes after those that run', () => {
    const still = clockOf({ name: 'answer', state: 'stopped', due: null })
    expect(mostUrgent([still, clockOf({}), soon])).toBe(soon)
    expect(mostUrgent([still])).toBe(still)
  })

  test('is none that is over, nor the notice, which nobody owes', () => {
    const over = clockOf({ state: 'done', doneAt: '2026-12-01T10:00:00+08:00' })
    expect(mostUrgent([over, { ...soon, name: 'correction-notice' }])).toBeUndefined()
  })
})
