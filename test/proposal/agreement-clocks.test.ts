import { describe, expect, test } from 'vitest'
import { dayInShanghai, instantOf } from '../../src/calendar/day.ts'
import { barAgreement } from '../../src/proposal/kinds/agreement-bars.ts'
import { agreementClocks } from '../../src/proposal/kinds/agreement-clocks.ts'
import { AGREEING } from '../../src/proposal/kinds/agreement-moves.ts'
import type { Move } from '../../src/proposal/move.ts'
import { blank, type Done } from '../../src/proposal/proposal.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { CALENDAR, calendarWith, INVENTED_2027, seeded } from '../calendar/calendars.ts'

type Act = readonly [verb: string, day: string, details?: Record<string, string>]

/** Acts at ten in the morning of their days. */
function history(...acts: readonly Act[]): Done[] {
  return acts.map(([verb, day, details], entry) => ({
    ...{ entry, what: `agreement.${verb}`, person: 'p', at: instantOf(day, '10:00') },
    ...(details ? { details } : {}),
  }))
}

function clocksOn(day: string, acts: readonly Act[], calendar = CALENDAR) {
  const running = agreementClocks(history(...acts), { calendar, now: instantOf(day, '12:00') })
  return Object.fromEntries(running.map((one) => [one.name, one]))
}

describe('the clocks of an application', () => {
  test.each<[string, Act, string, string]>([
    ['answer', ['approve', '2026-02-14'], '2026-03-06', '调休 and the Spring Festival'],
    ['answer', ['approve', '2026-09-30'], '2026-10-20', 'the National Day'],
    ['answer', ['approve', '2026-11-20'], '2026-12-04', 'plain weeks'],
    ['answer', ['file', '2026-02-13'], '2026-02-14', 'a Saturday that is worked'],
    ['answer', ['file', '2026-02-20'], '2026-02-24', 'receipt on a holiday'],
    ['answer', ['file', '2025-12-31'], '2026-01-04', 'the turn of the year'],
    ['correction-notice', ['approve', '2026-02-11'], '2026-02-25', 'the Spring Festival'],
    ['correction-notice', ['approve', '2026-04-30'], '2026-05-11', 'the Labour Day'],
    ['correction-notice', ['approve', '2026-09-18'], '2026-09-24', 'a Sunday that is worked'],
    ['correction-notice', ['approve', '2025-09-26'], '2025-10-10', 'the National Day'],
  ])('%s after %j is due on %s: %s', (name, act, due) => {
    expect(clocksOn(act[1], [act])[name]?.due?.on).toBe(due)
  })

  test('delivery is counted from the consent, or the order', () => {
    for (const verb of ['consent', 'order']) {
      const { delivery } = clocksOn('2026-11-06', [
        ['approve', '2026-11-02'],
        [verb, '2026-11-06'],
      ])
      expect(delivery).toMatchObject({
        article: '政务数据共享条例第二十二条',
        due: { on: '2026-12-04' },
        state: 'normal',
      })
    }
  })

  test.each([
    ['2026-12-02', 'normal'],
    ['2026-12-03', 'near'],
    ['2026-12-04', 'near'],
    ['2026-12-07', 'overdue'],
  ])('an answer due on 4 December is on %s %s', (day, state) => {
    expect(clocksOn(day, [['approve', '2026-11-20']]).answer?.state).toBe(state)
  })

  test('an answer after its due date is done, and late', () => {
    const { answer } = clocksOn('2026-12-09', [
      ['approve', '2026-11-20'],
      ['refuse', '2026-12-08'],
    ])
    expect(answer).toMatchObject({ state: 'done', isLate: true, due: { on: '2026-12-04' } })
  })

  test('a notice that nobody gave in time is not owed any more', () => {
    expect(clocksOn('2026-12-01', [['approve', '2026-11-20']])['correction-notice']).toBeUndefined()
  })

  test('each carries all that is needed to count it again', () => {
    const { answer } = clocksOn('2026-11-23', [
      ['approve', '2026-11-20'],
      ['ask-extension', '2026-11-23', { days: '3' }],
      ['extend', '2026-11-23'],
    ])
    expect(answer?.due?.on).toBe('2026-12-09')
    expect(answer?.trace).toMatchObject({ extension: { n: 3 }, calendars: [{ year: 2026 }] })
    expect(answer?.trace?.days.filter(({ n }) => n !== undefined)).toHaveLength(13)
  })
})

describe('beyond the calendar', () => {
  const filed: readonly Act[] = [['file', '2026-12-31']]

  test('no day is guessed, and the year that is missing is named', () => {
    expect(clocksOn('2026-12-31', filed).answer).toMatchObject({
      ...{ state: 'no-calendar', year: 2027, due: null },
    })
  })

  test('the same acts are counted once the year is loaded', () => {
    const calendar = calendarWith(seeded(2026), INVENTED_2027)
    expect(clocksOn('2026-12-31', filed, calendar).answer?.due?.on).toBe('2027-01-04')
  })

  test('what cannot be due yet is not too late; what nobody can tell is said', () => {
    const bar = (day: string) => {
      const acts = history(['approve', '2026-12-30'])
      const correct = AGREEING.find(({ verb }) => verb === 'correct') as Move
      const proposal = { ...blank('id', 'agreement', 'p'), state: 'applied' }
      const registry = { calendar: CALENDAR } as unknown as Registry
      const now = instantOf(day, '09:00')
      const on = { proposal, history: acts, registry, now, details: {}, person: 'p' }
      return barAgreement(correct, on)
    }
    expect(bar('2026-12-31')).toBeUndefined()
    expect(bar('2027-01-04')).toBe('no-calendar')
    expect(dayInShanghai(instantOf('2027-01-04', '09:00'))).toBe('2027-01-04')
  })
})
