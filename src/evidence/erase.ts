import type { Kysely } from 'kysely'
import type { Deps } from '../deps.ts'
import { leafText, parseLeaf } from '../log/entry.ts'
import type { Tables } from '../storage/tables.ts'
import { retryKey } from './retry-key.ts'

/** `unknown`: no such record; `already`: erased before; `ambiguous`: name the system; `running`: wait. */
export class EraseError extends Error {
  override readonly name = 'EraseError'
  readonly code: 'unknown' | 'already' | 'ambiguous' | 'running'

  constructor(code: 'unknown' | 'already' | 'ambiguous' | 'running', message: string) {
    super(message)
    this.code = code
  }
}

export type Erased = {
  /** The index of the request's outcome. */
  readonly erased: number
  /** Every record whose evidence is gone now. */
  readonly records: readonly number[]
  /** The index of the entry that says so. */
  readonly entry: number
  readonly system: string
}

/**
 * Destroys a record's sealed strings, data key and pseudonyms, in the commit of the entry that says
 * so. Its leaf and every proof stay valid (promise 4); a retry of its request is never executed again.
 *
 * @throws EraseError; LogUnavailable when nothing is known to have been erased.
 */
export async function eraseRecord(
  { log, store, crypto, registry }: Pick<Deps, 'log' | 'store' | 'crypto' | 'registry'>,
  { jti, system }: { readonly jti: string; readonly system?: string | undefined },
): Promise<Erased> {
  const { systems } = await registry.view()
  const found: { id: string; index: number; hash: string; isRunning: boolean }[] = []
  for (const id of system === undefined ? systems.keys() : [system]) {
    const record = await store.findRetry(retryKey(crypto, id, jti))
    const leaf = record && parseLeaf(record.leaf)
    if (record && leaf?.caller === id && leaf.requestHash)
      found.push({
        id,
        index: record.index,
        hash: leaf.requestHash,
        isRunning: leaf.kind === 'intent',
      })
  }
  const [one, another] = found
  if (one?.isRunning) throw new EraseError('running', `the request ${jti} is being answered`)
  if (!one) throw new EraseError('unknown', `no record of the request ${jti}`)
  if (another) throw new EraseError('ambiguous', `several systems used the jti ${jti}`)
  const erases = await sealedRecords(store.db, one.hash)
  if (erases.length === 0) throw new EraseError('already', `the record ${one.index} is erased`)
  const { index } = await log.append({
    leaf: (time) => leafText({ kind: 'erasure', erases }, time),
    erases,
  })
  return { erased: one.index, records: erases, entry: index, system: one.id }
}

/**
 * Every record that still holds this request: its outcome, and the refusals that came before it. Reads
 * through the whole log, since nothing but the leaf names the request.
 */
async function sealedRecords(db: Kysely<Tables>, requestHash: string): Promise<number[]> {
  const rows = await db
    .selectFrom('entry')
    .innerJoin('evidence', 'evidence.idx', 'entry.idx')
    .select(['entry.idx', 'entry.leaf'])
    .where('evidence.sealed', 'is not', null)
    .where('entry.leaf', 'like', `%"requestHash":"${requestHash}"%`)
    .orderBy('entry.idx')
    .execute()
  // `_` is a wildcard to LIKE and a character of base64url.
  return rows.filter(({ leaf }) => leaf.includes(requestHash)).map(({ idx }) => idx)
}
