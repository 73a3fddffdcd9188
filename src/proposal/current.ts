import type { Deps } from '../deps.ts'
import type { Registry } from '../registry/registry.ts'
import type { Kind } from './kind.ts'
import type { Proposal } from './proposal.ts'

/** What stands now where a proposal would change something; undefined where there is nothing yet. */
export async function currentOf(
  kind: Kind,
  { target, doc }: Pick<Proposal, 'target' | 'doc'>,
  { view, store }: { readonly view: Registry; readonly store: Pick<Deps['store'], 'db'> },
): Promise<unknown> {
  return kind.read ? kind.read(store.db, doc) : kind.current(target, view)
}
