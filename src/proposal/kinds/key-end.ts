import { z } from 'zod'
import { Refusal } from '../../errors.ts'
import { systemSchema } from '../../registry/documents.ts'
import { nextVersion, type Registry } from '../../registry/registry.ts'
import { judgeKeyEnd, SystemKeyError } from '../../registry/system-keys.ts'
import type { Kind } from '../kind.ts'

const schema = z.strictObject({
  system: systemSchema.shape.id,
  kid: z.string().min(1).max(128),
})

type KeyEnded = z.infer<typeof schema>

const WHO = [
  { role: 'admin', of: 'agency' },
  { role: 'approver', of: 'agency' },
  { role: 'authority', of: 'authority' },
] as const

const ENDING = { from: ['new'], to: 'in-force', by: WHO, edits: true } as const
const AT_ONCE = { stepUp: true, needsReason: true, takesEffect: true } as const

/**
 * One person alone ends a key, since whoever found it may be using it while a second one is looked for. A
 * retired key signed rightly until then, a revoked one does not count any more.
 */
export const keyEndKind: Kind<KeyEnded> = {
  name: 'key-end',
  thing: (target) => `system/${target}`,
  schema,
  moves: [
    { verb: 'retire', ...ENDING, ...AT_ONCE },
    { verb: 'revoke', ...ENDING, ...AT_ONCE },
  ],
  place: ({ system }, { systems }) => ({
    target: system,
    agency: systems.get(system)?.agency ?? '',
  }),
  current: () => undefined,
  prepare: async (doc, { keys }) => {
    if (!keys.has(`${doc.system} ${doc.kid}`))
      throw new Refusal('parameters', { pointers: ['/doc/kid'] })
    return doc
  },
  check: () => [],
  bar: ({ verb }, { proposal, registry, now }) =>
    isOver(registry, proposal.doc as KeyEnded, { step: verb as Step, now })
      ? 'wrong-state'
      : undefined,
  effect: ({ system, kid }, { db, move, timeAt }) => [
    db
      .updateTable('system_key')
      .set(move.verb === 'retire' ? { valid_to: timeAt } : { revoked_at: timeAt })
      .where('system', '=', system)
      .where('kid', '=', kid),
    nextVersion(db),
  ],
}

type Step = 'retire' | 'revoke'

/** A retired key can still be revoked; a revoked one is over. */
function isOver(
  registry: Registry,
  doc: KeyEnded,
  { step, now }: { readonly step: Step; readonly now: number },
): boolean {
  try {
    judgeKeyEnd(registry, { ...doc, step, at: now }, now)
    return false
  } catch (error) {
    if (error instanceof SystemKeyError) return true
    throw error
  }
}
