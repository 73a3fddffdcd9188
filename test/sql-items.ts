import type { Deps } from '../src/deps.ts'
import { type Item, itemSchema, type SnapshotBinding } from '../src/registry/documents.ts'
import { bumpVersion } from '../src/registry/registry.ts'

/** The table that stands for a register in a provider's own database. */
export function tableOf(register: string): string {
  return register.replaceAll('-', '_')
}

/** One query that looks a subject up as the snapshot would. */
function queryOf({ register, lookup }: SnapshotBinding): string {
  const found = lookup.map(({ subject, column }) => `${column} = :${subject}`).join(' OR ')
  return `SELECT * FROM ${tableOf(register)} WHERE ${found}`
}

/** Gives every item that a snapshot answers a provider's database of the same rows instead. */
export async function answerBySql(
  { store: { db } }: Pick<Deps, 'store'>,
  source: string,
  bend: (item: Item) => object = () => ({}),
): Promise<number> {
  const rows = await db.selectFrom('item').selectAll().execute()
  let changed = 0
  for (const row of rows) {
    const item = JSON.parse(row.doc) as Item
    if (item.connector?.kind !== 'snapshot') continue
    const bound = { ...item.connector, kind: 'sql', source, query: queryOf(item.connector) }
    const connector = { ...bound, ...bend(item) }
    const doc = JSON.stringify(itemSchema.parse({ ...item, connector }))
    await db.updateTable('item').set({ doc }).where('doc', '=', row.doc).execute()
    changed += 1
  }
  await bumpVersion(db)
  return changed
}
