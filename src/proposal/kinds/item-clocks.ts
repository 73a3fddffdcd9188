import { clock } from '../../calendar/clocks.ts'
import type { Code } from '../../errors.ts'
import type { Barring, Clocks } from '../kind.ts'
import type { Move } from '../move.ts'
import type { Done } from '../proposal.ts'
import { type Run, whetherLate } from '../running-clock.ts'
import { extensionDetails } from './extension.ts'
import { barOpening, changeRun, lastOf, publishingClocks } from './publishing-clocks.ts'

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
  {
    ...{ verb: 'extend', from: EXTENDABLE, by: AUTHORITY, stepUp: true },
    awaitedAfter: 'ask-extension',
  },
  { verb: 'decline', from: EXTENDABLE, by: AUTHORITY, stepUp: true, needsReason: true },
]

/**
 * What has no clock, or is past it, is not extended;
 * nor is anything twice, nor by whoever asked for it.
 */
export function barItem({ verb }: Move, on: Barring): Code | undefined {
  if (verb === 'open') return barOpening(on)
  const asked = last(on.history, 'ask-extension')
  if (verb === 'ask-extension') return asked ? 'only-once' : inTime(on)
  if (verb !== 'extend' && verb !== 'decline') return undefined
  if (!asked) return 'wrong-state'
  if (last(on.history, 'extend') ?? last(on.history, 'decline')) return 'only-once'
  if (asked.person === on.person) return 'own-proposal'
  return verb === 'extend' ? inTime(on) : undefined
}

function inTime({ history, registry, now }: Barring): Code | undefined {
  const run = itemChangeRun(history)
  if (!run) return 'wrong-state'
  const late = whetherLate(run, { calendar: registry.calendar, now })
  if (late === 'no-calendar') return late
  return late ? 'too-late' : undefined
}

const last = (history: readonly Done[], verb: string) => lastOf('item', history, verb)

/**
 * 条例 art. 17: 10 working days from the change and what was granted beyond them; counted only where the
 * proposal says when it was.
 */
function itemChangeRun(history: readonly Done[]): Run | undefined {
  const run = changeRun('item', history, { name: 'item-change', clock: CHANGE })
  if (!run) return undefined
  const asked = Number(last(history, 'ask-extension')?.details?.days)
  return last(history, 'extend') ? { ...run, extension: asked } : run
}

/** None of the extension's acts happens twice. */
export const ITEM_CLOCKS: Clocks = publishingClocks(
  'item',
  EXTENDING.map(({ verb }) => verb),
  itemChangeRun,
)
