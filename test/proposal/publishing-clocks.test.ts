import { expect, test } from 'vitest'
import { instantOf } from '../../src/calendar/day.ts'
import { pledgeKind, serviceKind } from '../../src/proposal/kinds/document.ts'
import { ITEM_CLOCKS } from '../../src/proposal/kinds/item-clocks.ts'
import { retirementKind } from '../../src/proposal/kinds/item-state.ts'
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

test('a service is registered within 20 working days of the day on which it came about', () => {
  const service = (one: Done) => ({ ...one, what: one.what.replace('item.', 'service.') })
  const opened = service(act(1, 'open', '2026-11-09', { 'changed-on': '2026-11-06' }))
  const history = [opened, service(act(2, 'approve', '2026-11-18'))]
  const clocks = serviceKind.clocks?.of(history, {
    ...{ calendar: CALENDAR, now: instantOf('2026-11-19', '12:00') },
  })
  expect(clocks).toMatchObject([
    { name: 'service-registration', due: { on: '2026-12-04' }, state: 'normal' },
    { name: 'review', due: { on: '2026-11-20' } },
  ])
})

test.each([pledgeKind, retirementKind])('the review of a $name has its clock, too', (kind) => {
  const approved = { ...act(2, 'approve', '2026-11-18'), what: `${kind.name}.approve` }
  const clocks = kind.clocks?.of([approved], {
    ...{ calendar: CALENDAR, now: instantOf('2026-11-23', '12:00') },
  })
  expect(clocks).toMatchObject([{ name: 'review', due: { on: '2026-11-20' }, state: 'overdue' }])
})
