import type { Deps } from '../deps.ts'
import { entryProof } from '../evidence/bundle.ts'
import { type Leaf, parseLeaf } from '../log/entry.ts'
import { type Decision, decisionOf } from './decision.ts'

/** What became of the sealed strings behind an entry: they stay, were destroyed, or never were. */
export type Content =
  | { readonly is: 'sealed' | 'none' }
  | { readonly is: 'erased'; readonly at: number }

/** One record of the log, opened. */
export type LogRecord = {
  readonly number: number
  readonly leaf: Leaf
  /** The leaf's exact canonical text: what the log's tree is built on. */
  readonly entry: string
  /** A `.tlog-proof` (c2sp.org/tlog-proof@v1) under the last committed checkpoint of its shard. */
  readonly receipt: string
  readonly decision: Decision | undefined
  readonly content: Content
  /** Of a person's act: what it belongs to, as `proposal/<id>`. */
  readonly thing: string | undefined
  /** Records of the whole log. */
  readonly size: number
}

/** @returns undefined where the log has no record of that number: not yet, or it was lost before a new shard. */
export async function openRecord(
  deps: Pick<Deps, 'store' | 'log' | 'crypto'>,
  number: number,
): Promise<LogRecord | undefined> {
  if ((await deps.store.readLeaf(number)) === undefined) return undefined
  const head = await deps.store.readHead()
  const size = head.base + head.size
  const { entry, receipt } = await entryProof(deps, number)
  const leaf = parseLeaf(entry)
  const content = await contentOf(deps.store, number)
  const thing = leaf.kind === 'act' ? await thingOf(deps.store, number) : undefined
  return { number, leaf, entry, receipt, decision: decisionOf(leaf), content, thing, size }
}

async function thingOf({ db }: Deps['store'], number: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('act')
    .select('thing')
    .where('entry', '=', number)
    .executeTakeFirst()
  return row?.thing
}

async function contentOf({ db }: Deps['store'], number: number): Promise<Content> {
  const row = await db
    .selectFrom('evidence')
    .select('erased_at')
    .where('idx', '=', number)
    .executeTakeFirst()
  if (!row) return { is: 'none' }
  return row.erased_at === null ? { is: 'sealed' } : { is: 'erased', at: row.erased_at }
}
