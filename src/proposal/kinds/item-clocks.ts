import { z } from 'zod'
import { clock } from '../../calendar/clocks.ts'
import { dayInShanghai, instantOf } from '../../calendar/day.ts'
import type { Code } from '../../errors.ts'
import type { Barring, Clocks } from '../kind.ts'
import type { Move } from '../move.ts'
import type { Done } from '../proposal.ts'
import { type Run, runningClock } from '../running-clock.ts'

const CHANGED_ON = 'changed-on'

/** The day on which the law or the agency's duties changed, where that is why the item changes. */
export const openingDetails = z.strictObject({ [CHANGED_ON]: z.iso.date().optional() })

/** A change that has not happened yet starts no clock. */
export function barItem({ verb }: Move, { details, now }: Barring): Code | undefined {
  const day = details[CHANGED_ON]
  return verb === 'open' && day !== undefined && day > dayInShanghai(now) ? 'parameters' : undefined
}

const lastOf = (history: readonly Done[], verb: string) =>
  history.findLast(({ what }) => what === `item.${verb}`)

/** 条例 art. 17: the authority publishes within 2 working days of what the agency's head approved. */
function reviewRun(history: readonly Done[]): Run | undefined {
  const approved = lastOf(history, 'approve')
  if (!approved) return undefined
  const ended = history.find(({ entry, what }) => {
    const isEnd = ['item.publish', 'item.send-back', 'item.withdraw'].includes(what)
    return isEnd && entry > approved.entry
  })
  return { name: 'review', clock: clock('review'), start: approved.at, doneAt: ended?.at }
}

/** 条例 art. 17: 10 working days from the change; counted only where the proposal says when it was. */
function changeRun(history: readonly Done[]): Run | undefined {
  const day = lastOf(history, 'open')?.details?.[CHANGED_ON]
  if (day === undefined) return undefined
  const doneAt = (lastOf(history, 'publish') ?? lastOf(history, 'withdraw'))?.at
  const start = instantOf(day, '00:00')
  return { name: 'item-change', clock: clock('item-change'), start, doneAt }
}

/** From the acts alone, as an agreement's are. */
export const ITEM_CLOCKS: Clocks = {
  acts: ['open', 'approve', 'publish', 'send-back', 'withdraw'].map((verb) => `item.${verb}`),
  of: (history, when) =>
    [changeRun(history), reviewRun(history)].flatMap((run) =>
      run ? [runningClock(run, when)] : [],
    ),
}
