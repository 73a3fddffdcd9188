import { z } from 'zod'
import { clock } from '../../calendar/clocks.ts'
import { dayInShanghai, instantOf } from '../../calendar/day.ts'
import type { Code } from '../../errors.ts'
import type { Barring, Clocks } from '../kind.ts'
import type { Move } from '../move.ts'
import type { Done } from '../proposal.ts'
import { type Run, runningClock, whetherLate } from '../running-clock.ts'
import { extensionDetails } from './extension.ts'

const CHANGED_ON = 'changed-on'

/** The day on which the law or the agency's duties changed, where that is why the item changes. */
export const openingDetails = z.strictObject({ [CHANGED_ON]: z.iso.date().optional() })

const CHANGE = clock('item-change')
const EXTENDABLE = ['draft', 'submitted', 'approved']
const AGENCY = [
  { role: 'admin', of: 'agency' },
  { role: 'approver', of: 'agency' },
] as const
const AUTHORITY = [{ role: 'authority', of: 'authority' }] as const

/** 条例 art. 17: where ten working days do not do, up to five more with the authority's consent. */
export const EXTENDING: readonly Move[] = [
  {
    ...{ verb: 'ask-extension', from: EXTENDABLE, by: AGENCY, needsReason: true },
    details: extensionDetails(CHANGE.extensionMax),
  },
  { verb: 'extend', from: EXTENDABLE, by: AUTHORITY, stepUp: true },
  { verb: 'decline', from: EXTENDABLE, by: AUTHORITY, stepUp: true, needsReason: true },
]

/**
 * A change that has not happened yet starts no clock. What has no clock, or is past it, is not extended;
 * nor is anything twice, nor by whoever asked for it.
 */
export function barItem({ verb }: Move, on: Barring): Code | undefined {
  if (verb === 'open') {
    const day = on.details[CHANGED_ON]
    return day !== undefined && day > dayInShanghai(on.now) ? 'parameters' : undefined
  }
  const asked = lastOf(on.history, 'ask-extension')
  if (verb === 'ask-extension') return asked ? 'only-once' : inTime(on)
  if (verb !== 'extend' && verb !== 'decline') return undefined
  if (!asked) return 'wrong-state'
  if (lastOf(on.history, 'extend') ?? lastOf(on.history, 'decline')) return 'only-once'
  if (asked.person === on.person) return 'own-proposal'
  return verb === 'extend' ? inTime(on) : undefined
}

function inTime({ history, registry, now }: Barring): Code | undefined {
  const run = changeRun(history)
  if (!run) return 'wrong-state'
  const late = whetherLate(run, { calendar: registry.calendar, now })
  if (late === 'no-calendar') return late
  return late ? 'too-late' : undefined
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

/**
 * 条例 art. 17: 10 working days from the change and what was granted beyond them; counted only where the
 * proposal says when it was.
 */
function changeRun(history: readonly Done[]): Run | undefined {
  const day = lastOf(history, 'open')?.details?.[CHANGED_ON]
  if (day === undefined) return undefined
  const doneAt = (lastOf(history, 'publish') ?? lastOf(history, 'withdraw'))?.at
  const start = instantOf(day, '00:00')
  const asked = Number(lastOf(history, 'ask-extension')?.details?.days)
  const extension = lastOf(history, 'extend') ? asked : undefined
  return { name: 'item-change', clock: CHANGE, start, extension, doneAt }
}

/** The first five and the extension's; none of the latter happens twice. */
const VERBS = [
  ...['open', 'approve', 'publish', 'send-back', 'withdraw'],
  ...EXTENDING.map(({ verb }) => verb),
]

/** From the acts alone, as an agreement's are. */
export const ITEM_CLOCKS: Clocks = {
  acts: VERBS.map((verb) => `item.${verb}`),
  of: (history, when) =>
    [changeRun(history), reviewRun(history)].flatMap((run) =>
      run ? [runningClock(run, when)] : [],
    ),
}
