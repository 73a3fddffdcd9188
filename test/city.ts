import { readFileSync } from 'node:fs'
import type { Deps } from '../src/deps.ts'
import { bumpVersion } from '../src/registry/registry.ts'
import type { Members } from './caller.ts'

type Example = {
  readonly name: string
  readonly system: string
  readonly claims: Members & {
    readonly purpose: Members
    readonly subject: Members
    readonly ask: readonly Members[]
  }
  readonly expect: { readonly status: number; readonly outcome?: string; readonly code?: string }
  readonly results?: Readonly<Record<string, unknown>>
}

const home = new URL('../', import.meta.url)
export const EXAMPLES: readonly Example[] = JSON.parse(
  readFileSync(new URL('seed/examples.json', home), 'utf8'),
)

/** The claims of a seeded example: a person of the invented city with a case. */
export function claimsOf(name: string): Example['claims'] {
  const example = EXAMPLES.find((one) => one.name === name)
  if (!example) throw new Error(`no example ${name}`)
  return example.claims
}

export type DocumentTable = 'agency' | 'system' | 'item' | 'agreement'

/** Changes every registry document under that id, as an administrator's tool would. */
export async function amend(
  { store: { db } }: Deps,
  table: DocumentTable,
  { id, members }: { readonly id: string; readonly members: Members },
): Promise<void> {
  const key = { agency: 'uscc', system: 'id', item: 'code', agreement: 'id' } as const
  const rows = await db
    .selectFrom(table)
    .selectAll()
    .where(key[table] as 'doc', '=', id)
    .execute()
  if (rows.length === 0) throw new Error(`no ${table} ${id}`)
  for (const row of rows) {
    const doc = JSON.stringify({ ...JSON.parse(row.doc), ...members })
    await db.updateTable(table).set({ doc }).where('doc', '=', row.doc).execute()
  }
  await bumpVersion(db)
}
