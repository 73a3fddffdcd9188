import type { Calendar } from '../../calendar/calendar.ts'
import { clock } from '../../calendar/clocks.ts'
import type { Stop } from '../../calendar/trace.ts'
import type { Done } from '../proposal.ts'
import { type Run, type RunningClock, runningClock, whetherLate } from '../running-clock.ts'

/** The acts that clocks are counted by: none of them happens twice to one application. */
const VERBS = [
  ...['approve', 'file', 'correct', 'resubmit', 'ask-extension', 'extend', 'decline', 'consent'],
  ...['refuse', 'answer', 'deliver', 'uphold', 'order', 'withdraw', 'end', 'terminate'],
] as const

export const TIMED: readonly string[] = VERBS.map((verb) => `agreement.${verb}`)

const STOP = '政务数据共享条例第二十一条（一次性告知至材料补齐）'

/** What happened to an application, by verb. */
export function pastOf(history: readonly Done[]) {
  const done = (verb: string) => history.find(({ what }) => what === `agreement.${verb}`)
  const at = (...verbs: string[]) => {
    const times = verbs.flatMap((verb) => done(verb)?.at ?? [])
    return times.length === 0 ? undefined : Math.min(...times)
  }
  return { done, at }
}

/**
 * 答复 (art. 21): 1 working day from filing, or 10 and what was granted beyond them; it stands still from
 * the notice to the complete receipt. Undefined before there is an application.
 */
export function answerRun(history: readonly Done[]): Run | undefined {
  const { done, at } = pastOf(history)
  const filed = at('file')
  const start = filed ?? at('approve')
  if (start === undefined) return undefined
  const answered = at('answer', 'consent', 'refuse', 'uphold', 'order', 'withdraw')
  const doneAt = answered ?? at('end', 'terminate')
  const notice = at('correct')
  const stops: Stop[] =
    notice === undefined
      ? []
      : [{ from: notice, to: at('resubmit') ?? doneAt ?? null, basis: STOP }]
  const asked = Number(done('ask-extension')?.details?.days)
  const extension = done('extend') ? asked : undefined
  const sharing = filed === undefined ? 'CONDITIONAL' : 'UNCONDITIONAL'
  return { name: 'answer', clock: clock('answer', sharing), start, stops, extension, doneAt }
}

/** 一次性告知: what may be demanded only once, and only so long; after that all counts as received. */
export function noticeRun(history: readonly Done[]): Run | undefined {
  const start = pastOf(history).at('approve')
  if (start === undefined) return undefined
  const doneAt = pastOf(history).at('correct', 'consent', 'refuse', 'withdraw', 'order', 'uphold')
  return { name: 'correction-notice', clock: clock('correction-notice'), start, doneAt }
}

/** 同意后共享 (art. 22): 20 working days from the consent, whoever gave it. */
function deliveryRun(history: readonly Done[]): Run | undefined {
  const { at } = pastOf(history)
  const start = at('consent', 'order', 'answer')
  if (start === undefined) return undefined
  const doneAt = at('deliver', 'end', 'terminate')
  return { name: 'delivery', clock: clock('delivery'), start, doneAt }
}

type When = { readonly calendar: Calendar; readonly now: number }

/**
 * The clocks of an application, from its acts alone, so that whoever has them counts the same (promise 8).
 *
 * @param history the acts that `TIMED` names, oldest first
 * @param when `now` in epoch milliseconds
 */
export function agreementClocks(history: readonly Done[], when: When): readonly RunningClock[] {
  const notice = noticeRun(history)
  const closed = notice && closedNotice(notice, when)
  return [answerRun(history), closed, deliveryRun(history)].flatMap((run) =>
    run ? [runningClock(run, when)] : [],
  )
}

/** Whoever demands nothing in time owes nothing: the clock is done, not overdue. */
function closedNotice(run: Run, when: When): Run | undefined {
  const isMissed = run.doneAt === undefined && whetherLate(run, when) === true
  return isMissed ? undefined : run
}
