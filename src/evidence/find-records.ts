import { decodeJwt } from 'jose'
import type { Kysely } from 'kysely'
import type { Deps } from '../deps.ts'
import { parseLeaf } from '../log/entry.ts'
import type { Tables } from '../storage/tables.ts'
import { EraseError } from './erase-error.ts'
import { retryKey } from './retry-key.ts'
import { openStrings } from './seal.ts'

/** Sealed records opened between two looks at the database: about 60 µs each. */
const WINDOW = 500

/** A request, by its `jti` and where several systems used it the system, or by its hash (base64url SHA-256). */
export type Named =
  | { readonly jti: string; readonly system?: string | undefined }
  | { readonly hash: string }

/** What is on record about one request. */
export type Records = {
  readonly hash: string
  readonly system: string
  /** Undefined where no record of it opens any more. */
  readonly jti: string | undefined
  /** The last record of it. */
  readonly outcome: number
  /** Its outcome, and the refusals that came before it, as far as they are not erased. */
  readonly sealed: readonly number[]
  /** Whether a provider may be asked just now. */
  readonly isRunning: boolean
}

type Needs = Pick<Deps, 'store' | 'crypto' | 'registry'>

/**
 * The hash of the request that a `jti` names: by the retry table; where nothing holds the `jti`, since
 * its request was only refused for now or cut off, by opening every sealed request. That takes about a
 * minute for a million.
 *
 * @throws EraseError `unknown` or `ambiguous`.
 */
export async function findByJti(
  needs: Needs,
  { jti, system }: { readonly jti: string; readonly system?: string | undefined },
): Promise<string> {
  const { systems } = await needs.registry.view()
  const held = new Set<string>()
  for (const id of system === undefined ? systems.keys() : [system]) {
    const record = await needs.store.findRetry(retryKey(needs.crypto, id, jti))
    const leaf = record && parseLeaf(record.leaf)
    if (leaf?.caller === id && leaf.requestHash) held.add(leaf.requestHash)
  }
  const hashes = held.size > 0 ? held : await findSealed(needs, { jti, system })
  const [hash, another] = hashes
  if (hash === undefined) throw new EraseError('unknown', `no record of the request ${jti}`)
  if (another !== undefined)
    throw new EraseError(
      'ambiguous',
      `several requests used the jti ${jti}; name the system with --system, or one of them with --hash: ${[...hashes].join(', ')}`,
    )
  return hash
}

async function findSealed(
  { store, crypto }: Needs,
  { jti, system }: { readonly jti: string; readonly system?: string | undefined },
): Promise<Set<string>> {
  const hashes = new Set<string>()
  for (let from = -1; ; ) {
    const rows = await store.db
      .selectFrom('evidence')
      .innerJoin('entry', 'entry.idx', 'evidence.idx')
      .select(['evidence.idx', 'sealed', 'data_key', 'kek', 'leaf'])
      .where('evidence.idx', '>', from)
      .where('sealed', 'is not', null)
      .orderBy('evidence.idx')
      .limit(WINDOW)
      .execute()
    for (const row of rows) {
      const { caller, requestHash } = parseLeaf(row.leaf)
      if (requestHash === undefined || hashes.has(requestHash)) continue
      if (system !== undefined && caller !== system) continue
      if (jtiOf(crypto, row, requestHash) === jti) hashes.add(requestHash)
    }
    const last = rows.at(-1)
    if (!last) return hashes
    from = last.idx
  }
}

/**
 * What is on record about a request. Reads through the whole log, since nothing but the leaf names it.
 *
 * @throws EraseError `unknown`.
 */
export async function findByHash({ store, crypto }: Needs, hash: string): Promise<Records> {
  const rows = await about(store.db, hash)
  const last = rows.at(-1)
  const { caller } = last ? parseLeaf(last.leaf) : {}
  if (!last || caller === undefined)
    throw new EraseError('unknown', `no record of the request with the hash ${hash}`)
  const indices = rows.map(({ idx }) => idx)
  const intents = await store.db
    .selectFrom('intent')
    .select('idx')
    .where('idx', 'in', indices)
    .execute()
  const sealed = rows.filter((row) => row.sealed !== null)
  const jtis = sealed.map((row) => jtiOf(crypto, row, hash))
  return {
    hash,
    system: caller,
    jti: jtis.find((jti) => jti !== undefined),
    outcome: last.idx,
    sealed: sealed.map(({ idx }) => idx),
    isRunning: intents.length > 0,
  }
}

async function about(db: Kysely<Tables>, hash: string) {
  const rows = await db
    .selectFrom('entry')
    .innerJoin('evidence', 'evidence.idx', 'entry.idx')
    .select(['entry.idx', 'leaf', 'sealed', 'data_key', 'kek'])
    .where('leaf', 'like', `%"requestHash":"${hash}"%`)
    .orderBy('entry.idx')
    .execute()
  // `_` is a wildcard to LIKE and a character of base64url.
  return rows.filter(({ leaf }) => parseLeaf(leaf).requestHash === hash)
}

/** Undefined for a record that does not open, or whose request has no `jti`. */
function jtiOf(
  crypto: Needs['crypto'],
  { sealed, data_key, kek }: Pick<Tables['evidence'], 'sealed' | 'data_key' | 'kek'>,
  requestHash: string,
): string | undefined {
  if (!sealed || !data_key || !kek) return undefined
  try {
    const { request } = openStrings(crypto, { sealed, dataKey: data_key, kek }, requestHash)
    const { jti } = decodeJwt(request)
    return typeof jti === 'string' ? jti : undefined
  } catch {
    return undefined
  }
}
