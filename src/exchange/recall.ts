import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { SyncCrypto } from '../crypto.ts'
import { Refusal } from '../errors.ts'
import { retryKey } from '../evidence/retry-key.ts'
import { openStrings, type SignedStrings } from '../evidence/seal.ts'
import type { Log } from '../log/append.ts'
import { parseLeaf } from '../log/entry.ts'
import type { Recorded, Store } from '../storage/store.ts'
import type { Principal } from './authenticate.ts'
import { interrupt, leaseOf } from './intend.ts'
import { ANSWER_TYPE, type Outcome } from './outcome.ts'

const RETRY_SECONDS = 24 * 3600
const JTI_LENGTH_MAX = 64

/** What a retry is known by: the `jti`, or the exact string where there is none that could be one. */
export function retryNameOf({ compact, hash }: Principal): string {
  const { jti } = compact.payload
  return typeof jti === 'string' && jti.length <= JTI_LENGTH_MAX ? jti : `#${hash}`
}

/** The principal's own retry key. */
export function retryKeyOf(crypto: Pick<SyncCrypto, 'sha256'>, principal: Principal): Uint8Array {
  return retryKey(crypto, principal.system.id, retryNameOf(principal))
}

/** How often a request looks whether the node that has claimed it is done. */
const LOOK_MILLIS = 100

type Needs = {
  readonly store: Pick<Store, 'findRetry' | 'shared'>
  readonly crypto: SyncCrypto
  readonly log: Pick<Log, 'append'>
}

type Recalling = {
  readonly key: Uint8Array
  readonly now: number
  /** Called before it waits for another node: nobody's commit must wait along. */
  readonly onWait?: () => void
  readonly mayWait?: boolean
}

/**
 * Check 7: a retry is not a second request (promise 6). A known (iss, jti) with the same hash gets its
 * stored outcome, byte for byte, until exp + 24 h; nothing is executed, logged or counted.
 *
 * An intent under that key is a request on its way, or one that was cut off: another node's is waited
 * for once, and it is closed when its lease is over.
 *
 * @returns undefined for a request that was never ended, so that it may be executed.
 * @throws Refusal `jti-reuse`, `in-progress`, `answer-archived` or `answer-erased`.
 */
export async function recall(
  { store, crypto, log }: Needs,
  principal: Principal,
  { key, now, onWait, mayWait = true }: Recalling,
): Promise<Outcome | undefined> {
  const found = await store.findRetry(key)
  if (!found) return undefined
  const { kind, caller, requestHash, time } = parseLeaf(found.leaf)
  if (caller !== principal.system.id || requestHash !== principal.hash)
    throw new Refusal('jti-reuse')
  if (kind === 'intent') {
    if (mayWait && store.shared && now <= leaseOf(time)) {
      onWait?.()
      if (await endedElsewhere(store, key, found.index))
        return recall({ store, crypto, log }, principal, { key, now, mayWait: false })
    }
    await interrupt(log, found, now)
    return undefined
  }
  const outcome = openRecorded(crypto, found, requestHash)
  if (now > retryUntil(principal.compact.payload.exp, time)) throw new Refusal('answer-archived')
  return outcome
}

/** Waits for another node to end the intent that it claimed. @returns false when it took too long. */
async function endedElsewhere(
  store: Needs['store'],
  key: Uint8Array,
  intent: number,
): Promise<boolean> {
  const patience = store.shared?.patienceMillis ?? 0
  for (let waited = 0; waited < patience; waited += LOOK_MILLIS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS))
    if ((await store.findRetry(key))?.index !== intent) return true
  }
  return false
}

/** In milliseconds: exp + 24 h; from its record on where a refused request had no such time ahead. */
function retryUntil(exp: unknown, time: string): number {
  const recorded = Date.parse(time)
  const from = typeof exp === 'number' ? Math.max(exp * 1000, recorded) : recorded
  return from + RETRY_SECONDS * 1000
}

/** The stored outcome of a record. @throws Refusal `answer-erased` when its key was destroyed. */
export function openRecorded(
  crypto: SyncCrypto,
  { index, sealed, dataKey, kek }: Recorded,
  requestHash: string,
): Outcome & Pick<SignedStrings, 'request' | 'statement'> {
  if (!sealed || !dataKey || !kek) throw new Refusal('answer-erased')
  const pair = openStrings(crypto, { sealed, dataKey, kek }, requestHash)
  const isAnswer = decodeProtectedHeader(pair.answer).typ === ANSWER_TYPE
  const { jti } = decodeJwt(pair.request)
  return {
    kind: isAnswer ? 'answer' : 'refusal',
    jws: pair.answer,
    index,
    jti,
    request: pair.request,
    statement: pair.statement,
  }
}
