import { z } from 'zod'
import { type Clock, clock } from '../../calendar/clocks.ts'
import { dayInShanghai, instantOf } from '../../calendar/day.ts'
import type { Code } from '../../errors.ts'
import type { Barring, Clocks } from '../kind.ts'
import type { Done } from '../proposal.ts'
import { type Run, runningClock } from '../running-clock.ts'

/** The opening's detail by that name. */
export const CHANGED_ON = 'changed-on'

/** The day on which the law or the agency's duties changed, where that is why something is proposed. */
export const openingDetails = z.strictObject({ [CHANGED_ON]: z.iso.date().optional() })

/** A change that has not happened yet starts no clock. */
export function barOpening({ details, now }: Barring): Code | undefined {
  const day = details[CHANGED_ON]
  return day !== undefined && day > dayInShanghai(now) ? 'parameters' : undefined
}

/** The last act of a kind by that verb. */
export function lastOf(kind: string, history: readonly Done[], verb: string): Done | undefined {
  return history.findLast(({ what }) => what === `${kind}.${verb}`)
}

/** Each happens a few times at the most. */
const ACTS = ['open', 'approve', 'publish', 'send-back', 'withdraw']
const ENDS = ['publish', 'send-back', 'withdraw']

/** 条例 art. 17: the authority publishes within 2 working days of what the agency's head approved. */
function reviewRun(kind: string, history: readonly Done[]): Run | undefined {
  const approved = lastOf(kind, history, 'approve')
  if (!approved) return undefined
  const ends = ENDS.map((verb) => `${kind}.${verb}`)
  const ended = history.find(({ entry, what }) => ends.includes(what) && entry > approved.entry)
  return { name: 'review', clock: clock('review'), start: approved.at, doneAt: ended?.at }
}

/** From the day of the change to publication; counted only where the proposal says when it was. */
export function changeRun(
  kind: string,
  history: readonly Done[],
  { name, clock }: { readonly name: string; readonly clock: Clock },
): Run | undefined {
  const day = lastOf(kind, history, 'open')?.details?.[CHANGED_ON]
  if (day === undefined) return undefined
  const doneAt = (lastOf(kind, history, 'publish') ?? lastOf(kind, history, 'withdraw'))?.at
  return { name, clock, start: instantOf(day, '00:00'), doneAt }
}

/**
 * Of a kind that the authority publishes, from the acts alone, as an agreement's are.
 *
 * @param more verbs that the kind's own clocks are counted by, and those clocks, which come first
 */
export function publishingClocks(
  kind: string,
  more: readonly string[] = [],
  own: (history: readonly Done[]) => Run | undefined = () => undefined,
): Clocks {
  return {
    acts: [...ACTS, ...more].map((verb) => `${kind}.${verb}`),
    of: (history, when) =>
      [own(history), reviewRun(kind, history)].flatMap((run) =>
        run ? [runningClock(run, when)] : [],
      ),
  }
}
