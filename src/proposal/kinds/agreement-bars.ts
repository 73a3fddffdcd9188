import type { Code } from '../../errors.ts'
import { currentOf } from '../../registry/fate.ts'
import type { Barring, Marks } from '../kind.ts'
import type { Move } from '../move.ts'
import { type Run, whetherLate } from '../running-clock.ts'
import { answerRun, noticeRun, pastOf } from './agreement-clocks.ts'
import { type Application, isStanding, itemOf } from './agreement-document.ts'
import { SUSPENDERS, type Suspender } from './agreement-moves.ts'

type Bar = (on: Barring) => Code | undefined

/** By verb: what its row cannot say. */
const BARS: Readonly<Record<string, Bar>> = {
  file: mustBeShared('UNCONDITIONAL'),
  approve: mustBeShared('CONDITIONAL'),
  resubmit: mustBeShared('CONDITIONAL'),
  correct: (on) => once(on, 'correct') ?? inTime(on, noticeRun(on.history)),
  open: mustBeNew,
  edit: mustBeNew,
  amend: (on) =>
    itemCode(on.before ?? on.proposal.doc) === itemCode(on.proposal.doc)
      ? mustBeNew(on)
      : 'parameters',
  // What is suspended or ended already was so by the operator, who alone can say what holds.
  adopt: ({ proposal, registry }) =>
    currentOf('agreement', (proposal.doc as Application).agreement.id, registry)?.state === 'active'
      ? undefined
      : 'wrong-state',
  'ask-extension': (on) => once(on, 'ask-extension') ?? inTime(on, answerRun(on.history)),
  extend: (on) => undecided(on) ?? inTime(on, answerRun(on.history)),
  decline: undecided,
  answer: (on) => (pastOf(on.history).done('file') ? once(on, 'answer') : 'wrong-state'),
  deliver: (on) => {
    const hasConsent = pastOf(on.history).at('consent', 'order', 'answer') !== undefined
    return hasConsent ? once(on, 'deliver') : 'wrong-state'
  },
  dispute: (on) => (on.proposal.state === 'refused' ? undefined : onlyLate(on)),
}

/** @returns why a move may not be made although its row allows it. Pure. */
export function barAgreement({ verb }: Move, on: Barring): Code | undefined {
  const side = SUSPENDERS.find((one) => verb.endsWith(`-${one}`))
  if (!side) return BARS[verb]?.(on)
  const isSuspended = suspendersOf(on.proposal.marks).includes(side)
  return isSuspended === verb.startsWith('resume-') ? undefined : 'wrong-state'
}

/** Who has suspended the agreement and not resumed it. */
export function suspendersOf({ suspended }: Marks): readonly Suspender[] {
  return Array.isArray(suspended) ? suspended : []
}

function mustBeShared(sharing: 'UNCONDITIONAL' | 'CONDITIONAL'): Bar {
  return ({ proposal, registry }) => {
    const item = itemOf(registry, proposal.doc as Application)
    return item?.sharing.class === sharing ? undefined : 'sharing-class'
  }
}

/** An agreement that is there already is not applied for. */
function mustBeNew({ proposal, registry }: Barring): Code | undefined {
  return isStanding(registry, proposal.doc as Application) ? 'parameters' : undefined
}

function once({ history }: Barring, verb: string): Code | undefined {
  return pastOf(history).done(verb) ? 'only-once' : undefined
}

/** Asked for, not yet decided, and by somebody else than whoever decides. */
function undecided({ history, person }: Barring): Code | undefined {
  const { done } = pastOf(history)
  const asked = done('ask-extension')
  if (!asked) return 'wrong-state'
  if (done('extend') || done('decline')) return 'only-once'
  return asked.person === person ? 'own-proposal' : undefined
}

function inTime({ registry, now }: Barring, run: Run | undefined): Code | undefined {
  if (!run) return 'wrong-state'
  const late = whetherLate(run, { calendar: registry.calendar, now })
  if (late === 'no-calendar') return late
  return late ? 'too-late' : undefined
}

/** Silence may be disputed as a refusal may, once the answer is overdue. */
function onlyLate(on: Barring): Code | undefined {
  const bar = inTime(on, answerRun(on.history))
  if (bar === 'too-late') return undefined
  return bar ?? 'wrong-state'
}

function itemCode(doc: unknown): string {
  return (doc as Application).agreement.item
}
