import { calculateJwkThumbprint, importJWK, type JWK } from 'jose'
import type { Kysely } from 'kysely'
import { type Algorithm, isAlgorithm, publicJwk } from '../keys/signer.ts'
import type { Tables } from '../storage/tables.ts'
import { bumpVersion, type Registry } from './registry.ts'

const KID = /^[A-Za-z0-9._~-]{1,128}$/
const PRIVATE = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']
const CURVES: Readonly<Record<Algorithm, string>> = { ES256: 'EC P-256', Ed25519: 'OKP Ed25519' }

/** A caller's public key, fit to be registered. */
export type SystemJwk = JWK & { readonly kid: string; readonly alg: Algorithm }

export type SystemKeyCode =
  | 'private'
  | 'unfit'
  | 'system'
  | 'known'
  | 'unknown'
  | 'already'
  | 'instant'

/** A change of a system's keys that may not be made; nothing was recorded or written. */
export class SystemKeyError extends Error {
  override readonly name = 'SystemKeyError'
  readonly code: SystemKeyCode

  constructor(code: SystemKeyCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Whether it carries what only its owner may have (RFC 7518 §6). */
export function hasPrivateHalf(jwk: JWK): boolean {
  return PRIVATE.some((name) => Object.hasOwn(jwk, name))
}

/** What a key signs by, stated or told by its curve; undefined where it is none of ours, or not for signing. */
export function algorithmOf(jwk: JWK): Algorithm | undefined {
  const alg = jwk.alg ?? (jwk.crv === 'Ed25519' ? 'Ed25519' : 'ES256')
  const isForSigning = (jwk.use ?? 'sig') === 'sig'
  const isFit = isAlgorithm(alg) && `${jwk.kty} ${jwk.crv}` === CURVES[alg] && isForSigning
  return isFit ? alg : undefined
}

/**
 * A public JWK as its owner hands it over (RFC 7517). Without a `kid` it gets its RFC 7638 thumbprint.
 *
 * @throws SystemKeyError `private` when it carries a private half, which then nobody may use any more;
 *   `unfit` for anything but a P-256 or Ed25519 signature key.
 */
export async function readSystemJwk(input: unknown): Promise<SystemJwk> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new SystemKeyError('unfit', 'not a JWK')
  const jwk = input as JWK
  if (hasPrivateHalf(jwk)) throw new SystemKeyError('private', 'the file holds a private key')
  const alg = algorithmOf(jwk)
  if (!alg) throw new SystemKeyError('unfit', 'not a signature key for ES256 or Ed25519')
  try {
    await importJWK(jwk, alg)
    const kid = jwk.kid ?? (await calculateJwkThumbprint(jwk))
    if (!KID.test(kid)) throw new SystemKeyError('unfit', 'kid: 1 to 128 of A-Z a-z 0-9 . _ ~ -')
    return (await publicJwk({ ...jwk, kid, alg })) as SystemJwk
  } catch (error) {
    if (error instanceof SystemKeyError) throw error
    throw new SystemKeyError('unfit', 'the point is not on its curve')
  }
}

/**
 * Judges whether a key may be registered. One key has one owner: a key that two systems shared would
 * prove nothing about who asked.
 *
 * @throws SystemKeyError `system`, `known`, `instant`.
 */
export async function judgeNewKey(
  { systems, keys }: Pick<Registry, 'systems' | 'keys'>,
  { system, jwk, validFrom }: { system: string; jwk: SystemJwk; validFrom: number },
  now: number,
): Promise<void> {
  if (!systems.has(system)) throw new SystemKeyError('system', `there is no system ${system}`)
  if (validFrom < now) throw new SystemKeyError('instant', 'a key cannot become valid in the past')
  const thumbprint = await calculateJwkThumbprint(jwk)
  for (const key of keys.values()) {
    if (key.system === system && key.kid === jwk.kid)
      throw new SystemKeyError('known', `${system} has a key ${jwk.kid}`)
    if ((await calculateJwkThumbprint(key.jwk as JWK)) === thumbprint)
      throw new SystemKeyError('known', `the same key is registered as ${key.system} ${key.kid}`)
  }
}

export type KeyEnd = {
  readonly system: string
  readonly kid: string
  readonly step: 'retire' | 'revoke'
  /** Epoch milliseconds. Retiring may be planned ahead; a revocation may reach back. */
  readonly at: number
}

/** @throws SystemKeyError `unknown`, `already`, `instant`. */
export function judgeKeyEnd(
  { keys }: Pick<Registry, 'keys'>,
  { system, kid, step, at }: KeyEnd,
  now: number,
): void {
  const key = keys.get(`${system} ${kid}`)
  if (!key) throw new SystemKeyError('unknown', `${system} has no key ${kid}`)
  if (key.revokedAt !== null) throw new SystemKeyError('already', `${kid} is revoked`)
  if (step === 'revoke' && at > now)
    throw new SystemKeyError('instant', 'a revocation cannot lie in the future; retire it instead')
  if (step === 'revoke') return
  if (key.validTo !== null && key.validTo <= now)
    throw new SystemKeyError('already', `${kid} is retired`)
  if (at < now) throw new SystemKeyError('instant', 'a key cannot be retired in the past')
}

/** A public key to be registered for a system; `validFrom` in epoch milliseconds. */
export type NewSystemKey = {
  readonly system: string
  readonly jwk: JWK & { readonly kid: string; readonly alg: string }
  readonly validFrom: number
}

/** The statement that writes a key. Without `onConflict` it fails where the system has that `kid`. */
export function keyInsertion(db: Kysely<Tables>, { system, jwk, validFrom }: NewSystemKey) {
  const { kid, alg } = jwk
  const life = { valid_from: validFrom, valid_to: null, revoked_at: null }
  return db.insertInto('system_key').values({ system, kid, alg, jwk: JSON.stringify(jwk), ...life })
}

/** Registers a judged key; every process sees it within half a second. */
export async function addSystemKey(db: Kysely<Tables>, key: NewSystemKey): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await keyInsertion(trx, key).execute()
    await bumpVersion(trx)
  })
}

/** Ends a judged key; every process sees it within half a second. */
export async function endSystemKey(
  db: Kysely<Tables>,
  { system, kid, step, at }: KeyEnd,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('system_key')
      .set(step === 'retire' ? { valid_to: at } : { revoked_at: at })
      .where('system', '=', system)
      .where('kid', '=', kid)
      .execute()
    await bumpVersion(trx)
  })
}
