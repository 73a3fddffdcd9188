import { Refusal } from '../../errors.ts'
import type { Agreement } from '../../registry/documents.ts'
import { currentOf } from '../../registry/fate.ts'
import { nextVersion } from '../../registry/registry.ts'
import type { Effect, Kind, Marks } from '../kind.ts'
import type { Move } from '../move.ts'
import { barAgreement, suspendersOf } from './agreement-bars.ts'
import { agreementClocks, TIMED } from './agreement-clocks.ts'
import {
  type Application,
  applicationSchema,
  checkApplication,
  isStanding,
  itemOf,
} from './agreement-document.ts'
import { AGREEING, SUSPENDERS } from './agreement-moves.ts'

/**
 * 共享申请 (政务数据共享条例 art. 20–22, 25–28) and the agreement that it becomes. The registry's copy has the
 * one state that the path judges by; who suspended it stands in the marks. It expires by its `validTo`, which
 * the path compares with the day of each request: no act, no entry.
 */
export const agreementKind: Kind<Application> = {
  name: 'agreement',
  thing: (target) => `agreement/${target}`,
  schema: applicationSchema,
  moves: AGREEING,
  place: (doc, registry) => ({
    target: doc.agreement.id,
    agency: doc.agreement.requesters[0] as string,
    party: itemOf(registry, doc)?.provider ?? '',
  }),
  current: ({ target }, { registry }) => {
    const found = currentOf('agreement', target, registry)
    if (!found) return undefined
    const { state: _, ...agreement } = found
    return { agreement }
  },
  // An id in use belongs to another application, whose suspensions would fight with this one's: it may be
  // named to take that agreement on record as it is, and for nothing else (bars).
  prepare: async (doc, registry) => {
    if (!itemOf(registry, doc)) throw new Refusal('unknown-item')
    if (currentOf('agreement', doc.agreement.id, registry) && !isStanding(registry, doc))
      throw new Refusal('parameters', { pointers: ['/doc/agreement/id'] })
    return doc
  },
  check: checkApplication,
  bar: barAgreement,
  mark: (move, { marks }) => marksAfter(move, marks),
  leads: (move, marks) => sideOf(move) && (suspendersOf(marks).length > 0 ? 'suspended' : 'active'),
  clocks: { acts: TIMED, of: agreementClocks },
  effect: (doc, on) =>
    on.move.isFirst ? [nextVersion(on.db)] : [upsertion(doc, on), nextVersion(on.db)],
}

function sideOf({ verb }: Move) {
  return SUSPENDERS.find((one) => verb.endsWith(`-${one}`))
}

function marksAfter(move: Move, marks: Marks): Marks {
  const side = sideOf(move)
  if (!side) return marks
  const others = suspendersOf(marks).filter((one) => one !== side)
  return { ...marks, suspended: move.verb.startsWith('suspend-') ? [...others, side] : others }
}

function upsertion({ agreement }: Application, { db, move, marks }: Effect) {
  const { id, item } = agreement
  const doc = JSON.stringify({ ...agreement, state: stateAfter(move, marks) })
  return db
    .insertInto('agreement')
    .values({ id, item, doc })
    .onConflict((on) => on.column('id').doUpdateSet({ doc }))
}

function stateAfter({ to }: Move, marks: Marks): Agreement['state'] {
  if (to === 'ended' || to === 'terminated') return 'ended'
  return suspendersOf(marks).length > 0 ? 'suspended' : 'active'
}
