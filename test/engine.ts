import { sql } from 'kysely'
import type { Store } from '../src/storage/store.ts'
import type { TestGateway } from './harness.ts'

/** Puts something between the log and its engine. */
export function wrapAppend(
  { deps }: TestGateway,
  wrap: (append: Store['append']) => Store['append'],
): () => void {
  const store = deps.store as { append: Store['append'] }
  const { append } = store
  store.append = wrap(append)
  return () => {
    store.append = append
  }
}

/** The database takes no more entries, until the result is called. */
export async function refuseEntries({ gateway, deps }: TestGateway): Promise<() => Promise<void>> {
  if (!deps.store.shared) {
    gateway.raw.pragma('query_only = 1')
    return async () => void gateway.raw.pragma('query_only = 0')
  }
  const run = (text: string) => sql.raw(text).execute(deps.store.db)
  await run(
    `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$`,
  )
  await run('CREATE TRIGGER refused BEFORE INSERT ON entry EXECUTE FUNCTION refuse()')
  return async () => void (await run('DROP TRIGGER refused ON entry'))
}
