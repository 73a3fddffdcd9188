import type { Kysely } from 'kysely'
import { z } from 'zod'
import { clock } from '../../calendar/clocks.ts'
import type { Contract } from '../../contract/contract.ts'
import { Refusal } from '../../errors.ts'
import { parseLeaf } from '../../log/entry.ts'
import { uscc } from '../../registry/documents.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Tables } from '../../storage/tables.ts'
import { type Actor, holdsOn } from '../actor.ts'
import type { Clocks, Kind } from '../kind.ts'
import type { Move } from '../move.ts'
import { runningClock } from '../running-clock.ts'

export const CLAIMS_MAX = 50

const schema = z.strictObject({
  /** The answer's number in the log: it names the exchange, and nobody whom it was about. */
  entry: z.int().min(0),
  /** Which of the item's claims were found wrong. */
  claims: z.array(z.string().min(1).max(64)).min(1).max(CLAIMS_MAX),
  /** Written by us, from the entry. */
  item: z.string().optional(),
  requester: uscc.optional(),
})

type Correction = z.infer<typeof schema>

const REQUESTER = [
  { role: 'admin', of: 'agency' },
  { role: 'officer', of: 'agency' },
  { role: 'approver', of: 'agency' },
] as const
const PROVIDER = [
  { role: 'admin', of: 'party' },
  { role: 'officer', of: 'party' },
  { role: 'approver', of: 'party' },
] as const

const REPLY = { from: ['reported'], by: PROVIDER, needsReason: true, isAwaited: true } as const

const CORRECTING: readonly Move[] = [
  { verb: 'report', from: ['new'], to: 'reported', by: REQUESTER, edits: true, needsReason: true },
  { verb: 'withdraw', from: ['reported'], to: 'withdrawn', by: REQUESTER },
  { verb: 'mend', to: 'corrected', ...REPLY },
  { verb: 'confirm', to: 'confirmed', ...REPLY },
]

/**
 * 数据校核 (政务数据共享条例 art. 26): whoever was answered reports what is wrong, the provider verifies,
 * corrects and replies within 10 working days. The words of both stand beside the log, never in it. The
 * registry does not change: data lives with its provider.
 */
export const correctionKind: Kind<Correction> = {
  name: 'correction',
  thing: (target) => `correction/${target}`,
  schema,
  moves: CORRECTING,
  place: ({ entry, item = '', requester = '' }, registry) => ({
    target: String(entry),
    agency: requester,
    party: providerOf(registry, item) ?? '',
  }),
  current: () => undefined,
  prepare: async ({ entry, claims }, registry, db) => {
    const answer = await answerAt(db, registry, entry)
    if (!answer) throw new Refusal('parameters', at('/entry'))
    const unknown = claims.findIndex((claim) => !answer.claims.has(claim))
    if (unknown >= 0) throw new Refusal('parameters', at(`/claims/${unknown}`))
    const { item, requester } = answer
    return { entry, claims: [...new Set(claims)], item, requester }
  },
  check: () => [],
  clocks: {
    acts: CORRECTING.map(({ verb }) => `correction.${verb}`),
    of: running,
  },
  effect: () => [],
}

const at = (pointer: string) => ({ pointers: [`/doc${pointer}`] })

function providerOf({ items }: Registry, item: string): string | undefined {
  return items.get(item)?.[0]?.provider
}

/** What may be reported: an answer, not a refusal; with the claims of the item's version that it came from. */
export type Answer = {
  readonly entry: number
  readonly time: string
  /** Its code. */
  readonly item: string
  readonly requester: string
  readonly claims: Contract['claims']
}

/** Undefined where that number stands for anything else, or nothing. @param entry a number in the log */
export async function answerAt(
  db: Kysely<Tables>,
  { items, contracts }: Registry,
  entry: number,
): Promise<Answer | undefined> {
  const row = await db
    .selectFrom('entry')
    .select('leaf')
    .where('idx', '=', entry)
    .executeTakeFirst()
  const leaf = row && parseLeaf(row.leaf)
  if (leaf?.kind !== 'exchange' || leaf.requester === undefined) return undefined
  const { time, requester } = leaf
  const [item = '', version] = (leaf.item ?? '').split('@')
  const asked = items.get(item)?.find((one) => String(one.version) === version)
  const claims = contracts.get(asked?.contract ?? '')?.claims
  return claims && { entry, time, item, requester, claims }
}

/** Whether somebody may report what his agency was answered. */
export function mayReport(
  actor: Pick<Actor, 'roles'>,
  requester: string,
  { agencies }: Pick<Registry, 'agencies'>,
): boolean {
  const holds = holdsOn(actor, { agency: requester, party: null }, agencies)
  return REQUESTER.some(({ role, of }) => holds(role, of))
}

function running(...[history, when]: Parameters<Clocks['of']>) {
  const reported = history.find(({ what }) => what === 'correction.report')
  if (!reported) return []
  const doneAt = history.find(({ what }) => what !== 'correction.report')?.at
  const run = { name: 'data-correction', clock: clock('data-correction'), start: reported.at }
  return [runningClock({ ...run, doneAt }, when)]
}
