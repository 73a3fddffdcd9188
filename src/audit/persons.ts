import type { Deps } from '../deps.ts'
import type { Leaf } from '../log/entry.ts'

/** The names of those who act in these entries, by the ids that stand there. Who is gone has none. */
export async function namesIn(
  { db }: Pick<Deps['store'], 'db'>,
  leaves: readonly Pick<Leaf, 'act'>[],
): Promise<ReadonlyMap<string, string>> {
  const ids = leaves.flatMap(({ act }) =>
    act ? [act.by, act.proposer, act.approver].filter((id) => id !== undefined) : [],
  )
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('person')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
