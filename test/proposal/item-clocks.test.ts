import { expect, test } from 'vitest'
import { instantOf } from '../../src/calendar/day.ts'
import { ITEM_CLOCKS } from '../../src/proposal/kinds/item-clocks.ts'
import type { Done } from '../../src/proposal/proposal.ts'
import { CALENDAR } from '../calendar/calendars.ts'

const act = (entry: number, verb: string, day: string, details = {}): Done => ({
  ...{ entry, what: `item.${verb}`, person: 'p', at: instantOf(day, '10:00'), details },
})
const on = (day: string, ...history: Done[]) =>
  ITEM_CLOCKS.of(history, { calendar: CALENDAR, now: instantOf(day, '12:00') })

test('publication is due 2 working days after the last approval, and a change 10 after the law’s', () => {
  const opened = act(1, 'open', '2026-11-09', { 'changed-on': '2026-11-06' })
  const sentBack = [act(2, 'approve', '2026-11-09'), act(3, 'send-back', '2026-11-10')]
  const [change, review] = on('2026-11-19', opened, ...sentBack, act(4, 'approve', '2026-11-18'))
  expect(change).toMatchObject({ name: 'item-change', due: { on: '2026-11-20' }, state: 'near' })
  expect(review).toMatchObject({ name: 'review', due: { on: '2026-11-20' }, state: 'near' })
})

test('without a day of change there is no clock for it; what was published late says so', () => {
  const history = [act(1, 'open', '2026-11-09'), act(2, 'approve', '2026-11-09')]
  expect(on('2026-11-10', ...history).map(({ name }) => name)).toEqual(['review'])
  const [review] = on('2026-11-13', ...history, act(3, 'publish', '2026-11-12'))
  expect(review).toMatchObject({ state: 'done', isLate: true })
})
