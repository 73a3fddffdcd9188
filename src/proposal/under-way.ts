import type { Kysely } from 'kysely'
import type { Tables } from '../storage/tables.ts'
import type { Kind } from './kind.ts'

/** What proposals there are of one target: the one that is under way, and how many there ever were. */
export type UnderWay = { readonly open: Open | undefined; readonly ever: number }

type Open = { readonly id: string; readonly agency: string; readonly party: string | null }

/** A Durable Object binds a hundred values a statement. */
const AT_ONCE = 90

/**
 * By target. Under way is what may still be withdrawn; of several the one that changed last.
 *
 * @param owners whose a target is: what others have drafted of it, and can never submit, keeps nobody waiting
 */
export async function readUnderWay(
  db: Kysely<Tables>,
  { name, moves }: Kind,
  {
    targets,
    owners,
  }: { readonly targets: readonly string[]; readonly owners: ReadonlyMap<string, string> },
): Promise<ReadonlyMap<string, UnderWay>> {
  const withdrawable = moves.find(({ verb }) => verb === 'withdraw')?.from ?? []
  const found = new Map<string, UnderWay>()
  for (let at = 0; at < targets.length; at += AT_ONCE) {
    const rows = await db
      .selectFrom('proposal')
      .select(['id', 'target', 'state', 'agency', 'party'])
      .where('kind', '=', name)
      .where('target', 'in', targets.slice(at, at + AT_ONCE))
      .orderBy('changed_at')
      .execute()
    for (const { target, state, ...one } of rows) {
      const { open, ever } = found.get(target) ?? { open: undefined, ever: 0 }
      const isOpen =
        withdrawable.includes(state) && (owners.get(target) ?? one.agency) === one.agency
      found.set(target, { open: isOpen ? one : open, ever: ever + 1 })
    }
  }
  return found
}
