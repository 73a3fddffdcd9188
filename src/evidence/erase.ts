import type { Deps } from '../deps.ts'
import type { Appended } from '../log/batch.ts'
import { leafText } from '../log/entry.ts'
import { EraseError } from './erase-error.ts'
import { findByHash, findByJti, type Named, type Records } from './find-records.ts'
import { retryKey } from './retry-key.ts'

export type Erased = {
  /** The index of the request's outcome; of its last record where it has none. */
  readonly erased: number
  /** Every record whose evidence is gone now. */
  readonly records: readonly number[]
  /** The index of the last entry that says so. */
  readonly entry: number
  readonly system: string
}

type Needs = Pick<Deps, 'log' | 'store' | 'crypto' | 'registry'>

/** Entries of one erasure at the most: what was recorded beside it is looked for again. */
const ROUNDS_MAX = 5

/**
 * Destroys the sealed strings, data key and pseudonyms of every record of a request, in the commit of
 * the entry that says so. Leaves and proofs stay valid (promise 4). That entry takes the request's
 * `jti` where nothing holds it, so a retry is never executed again, nor its content recorded.
 *
 * May run beside a serving gateway. A retry that is judged in that very moment may still leave a
 * refusal: erasing once more finds it.
 *
 * @throws EraseError; LogUnavailable when nothing is known to have been erased.
 */
export async function eraseRecord(needs: Needs, named: Named): Promise<Erased> {
  const hash = 'hash' in named ? named.hash : await findByJti(needs, named)
  const records: number[] = []
  let entry: number | undefined
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const found = await findByHash(needs, hash)
    if (found.isRunning) throw new EraseError('running', 'the request is being answered')
    if (found.sealed.length === 0) {
      if (entry === undefined)
        throw new EraseError('already', `the record ${found.outcome} is erased`)
      return { erased: found.outcome, records, entry, system: found.system }
    }
    const { index, taken } = await append(needs, found)
    // Somebody took the jti meanwhile: nothing was written, and the request may be running.
    if (taken) continue
    entry = index
    records.push(...found.sealed)
  }
  throw new EraseError('running', 'the request is asked again and again')
}

async function append(
  { log, store, crypto }: Needs,
  { system, hash, jti, sealed: erases }: Records,
): Promise<Appended> {
  const key = jti === undefined ? undefined : retryKey(crypto, system, jti)
  const isFree = key !== undefined && !(await store.findRetry(key))
  // With caller and hash the entry is this request's outcome: `answer-erased`.
  const claim = isFree ? { caller: system, requestHash: hash } : {}
  return log.append({
    leaf: (time) => leafText({ kind: 'erasure', erases, ...claim }, time),
    erases,
    ...(isFree ? { retryKey: key } : {}),
  })
}
