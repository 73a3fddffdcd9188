import { base64url } from 'jose'
import type { Kysely } from 'kysely'
import type { SyncCrypto } from '../crypto.ts'
import type { SignInTable, Tables } from '../storage/tables.ts'

const LIFE_MILLIS = 10 * 60_000
const RANDOM_BYTES = 32
/** Of one address within ten minutes: an agency's people may all come from one. */
const OF_ADDRESS_MAX = 300
const ALL_MAX = 20_000

type Needs = {
  readonly db: Kysely<Tables>
  readonly crypto: Pick<SyncCrypto, 'sha256' | 'randomBytes' | 'pseudonym'>
}

export type AttemptKind = 'provider' | 'passkey' | 'registration'

export type NewAttempt = {
  readonly kind: AttemptKind
  /** What the browser holds, or undefined where it holds nothing yet. */
  readonly browser: string | undefined
  /** Where it comes from; kept as a pseudonym for ten minutes, to be counted. */
  readonly address: string
  readonly returnTo: string
  readonly isStepUp: boolean
  /** Who alone may end it: of a step-up, or of a registration. */
  readonly person?: string | undefined
}

/** A sign-in under way. `state` and `browser` are known outside only; here are their hashes. */
export type Attempt = {
  readonly state: string
  readonly browser: string
  readonly nonce: string
  readonly verifier: string
}

export type Taken = Pick<NewAttempt, 'returnTo' | 'isStepUp'> & {
  readonly nonce: string
  readonly verifier: string
  readonly person: string | undefined
  /** Epoch milliseconds. */
  readonly beganAt: number
}

/**
 * Writes down that somebody begins to sign in, bound to his browser: what another browser brings back is
 * worth nothing, so nobody is signed in as somebody else without his knowing.
 *
 * @param state of a passkey's challenge: random by itself; drawn here where it is not given
 * @returns undefined where there are too many, from there or altogether; ten minutes later there are fewer.
 */
export async function beginAttempt(
  { db, crypto }: Needs,
  wanted: NewAttempt,
  now: number,
): Promise<Attempt | undefined> {
  const random = () => base64url.encode(crypto.randomBytes(RANDOM_BYTES))
  const address = crypto.pseudonym('address', wanted.address)
  await db.deleteFrom('sign_in').where('expires_at', '<=', now).execute()
  if ((await isTooMany(db, address)) === true) return undefined
  const attempt = {
    ...{ state: random(), browser: wanted.browser ?? random() },
    ...{ nonce: random(), verifier: random() },
  }
  const row: SignInTable = {
    ...{ kind: wanted.kind, address, used: 0, began_at: now, expires_at: now + LIFE_MILLIS },
    state: crypto.sha256(attempt.state),
    browser: crypto.sha256(attempt.browser),
    nonce: attempt.nonce,
    verifier: attempt.verifier,
    person: wanted.person ?? null,
    return_to: wanted.returnTo,
    step_up: wanted.isStepUp ? 1 : 0,
  }
  await db.insertInto('sign_in').values(row).execute()
  return attempt
}

async function isTooMany(db: Kysely<Tables>, address: string): Promise<boolean> {
  const count = db.selectFrom('sign_in').select(({ fn }) => fn.countAll<number>().as('n'))
  const own = await count.where('address', '=', address).executeTakeFirstOrThrow()
  if (Number(own.n) >= OF_ADDRESS_MAX) return true
  return Number((await count.executeTakeFirstOrThrow()).n) >= ALL_MAX
}

/**
 * What was begun in this browser under this state, once: of two that bring it back at the same time, one
 * gets it. What was used keeps counting against its address, without its secrets.
 */
export async function takeAttempt(
  { db, crypto }: Pick<Needs, 'db'> & { readonly crypto: Pick<SyncCrypto, 'sha256'> },
  { state, browser, kind }: { state: string; browser: string; kind: AttemptKind },
  now: number,
): Promise<Taken | undefined> {
  const key = crypto.sha256(state)
  const row = await db
    .selectFrom('sign_in')
    .selectAll()
    .where('state', '=', key)
    .where('kind', '=', kind)
    .where('browser', '=', crypto.sha256(browser))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (!row) return undefined
  const used = await db
    .updateTable('sign_in')
    .set({ used: 1, nonce: null, verifier: null })
    .where('state', '=', key)
    .where('used', '=', 0)
    .executeTakeFirst()
  if (used.numUpdatedRows !== 1n) return undefined
  return {
    nonce: row.nonce ?? '',
    verifier: row.verifier ?? '',
    person: row.person ?? undefined,
    returnTo: row.return_to,
    isStepUp: row.step_up === 1,
    beganAt: row.began_at,
  }
}
