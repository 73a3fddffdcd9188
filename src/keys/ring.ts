import type { JWK } from 'jose'

/**
 * One key of a ring, in its life: published → active → retired → revoked. Instants are RFC 3339. What
 * was signed is judged as of its entry's time, so an ended key stays in the ring, its public half published.
 */
export type RingKey = {
  readonly jwk: JWK & { readonly kid: string }
  readonly validFrom: string
  /** The first instant at which an entry may no longer rest on it. */
  readonly validTo?: string
  readonly revokedAt?: string
  /** When its private half was destroyed; the public half stays. */
  readonly destroyedAt?: string
}

/** All keys of one purpose that a gateway ever had, in the order in which they were made. */
export type Ring = readonly RingKey[]

/** `overlapping`: its successor signs, and what it signed itself may still be on the way into the log. */
export type KeyState = 'published' | 'active' | 'overlapping' | 'retired' | 'revoked'

/**
 * The longest time from a signature to its entry. A key ends this long after it signed last, so that no
 * honest answer finds its own key expired in the log.
 */
export const HANDOVER_MILLIS = 60_000

const KEYS_MAX = 200

export type RingCode = 'unknown' | 'known' | 'full' | 'instant' | 'in-use' | 'already' | 'valid'

/** A step that may not be taken now; `code` says why. */
export class RingError extends Error {
  override readonly name = 'RingError'
  readonly code: RingCode

  constructor(code: RingCode, message: string) {
    super(message)
    this.code = code
  }
}

/** The one key that signs at `now`: of those that may, the one that became valid last. */
export function activeKey(ring: Ring, now: number): RingKey | undefined {
  let active: RingKey | undefined
  for (const key of ring)
    if (maySign(key, now) && (!active || fromOf(key) >= fromOf(active))) active = key
  return active
}

/** The next instant after `now` at which another key could become the active one; Infinity when none. */
export function nextChange(ring: Ring, now: number): number {
  const instants = ring.flatMap((key) => [
    fromOf(key),
    ...(key.validTo ? [lastSign(key.validTo)] : []),
  ])
  return Math.min(...instants.filter((at) => at > now))
}

function lastSign(validTo: string): number {
  return Date.parse(validTo) - HANDOVER_MILLIS
}

function maySign(key: RingKey, now: number): boolean {
  const { validTo, revokedAt, destroyedAt } = key
  if (revokedAt !== undefined || destroyedAt !== undefined || now < fromOf(key)) return false
  return validTo === undefined || now < lastSign(validTo)
}

export function stateOf(ring: Ring, key: RingKey, now: number): KeyState {
  if (key.revokedAt !== undefined) return 'revoked'
  if (now < fromOf(key)) return 'published'
  if (key.validTo !== undefined && now >= Date.parse(key.validTo)) return 'retired'
  return activeKey(ring, now) === key ? 'active' : 'overlapping'
}

/** Adds a key that signs from `validFrom` on. @throws RingError `known`, `full`, `instant`. */
export function publishKey(
  ring: Ring,
  jwk: RingKey['jwk'],
  { validFrom, now }: { validFrom: number; now: number },
): Ring {
  if (ring.some((key) => key.jwk.kid === jwk.kid))
    throw new RingError('known', `the key ${jwk.kid} is in the ring`)
  if (ring.length >= KEYS_MAX) throw new RingError('full', `the ring holds ${KEYS_MAX} keys`)
  if (validFrom < now) throw new RingError('instant', 'a key cannot become valid in the past')
  return [...ring, { jwk, validFrom: instant(validFrom) }]
}

/**
 * Gives a key its end: `at`, or as soon as everything that it signed is certainly recorded.
 *
 * @throws RingError `unknown`; `already` when it has an end; `in-use` while no other key takes over.
 */
export function retireKey(ring: Ring, kid: string, { now, at = now }: When): Ring {
  const key = find(ring, kid)
  if (key.validTo !== undefined || key.revokedAt !== undefined)
    throw new RingError('already', `the key ${kid} has ended or has its end`)
  const successor = takeover(ring, key)
  if (successor === undefined)
    throw new RingError('in-use', `no other key takes over from ${kid}: rotate first`)
  if (at < now) throw new RingError('instant', 'a key cannot be retired in the past')
  const validTo = Math.max(at, successor + HANDOVER_MILLIS)
  return covered(replace(ring, { ...key, validTo: instant(validTo) }), key, now)
}

/**
 * Ends a key that may be in other hands. It signs no more at once; what was recorded before the instant
 * of revocation stays evidence: `at`, else now, or when its last honest answer is certainly recorded.
 *
 * @throws RingError `unknown`, `already`, `instant`; `in-use` when no other key could sign, now or later.
 */
export function revokeKey(ring: Ring, kid: string, { now, at }: When): Ring {
  const key = find(ring, kid)
  if (key.revokedAt !== undefined) throw new RingError('already', `the key ${kid} is revoked`)
  if (at !== undefined && at > now)
    throw new RingError('instant', 'a revocation cannot lie in the future')
  const revokedAt = instant(at ?? Math.max(now, lastSigned(ring, key, now) + HANDOVER_MILLIS))
  return covered(replace(ring, { ...key, revokedAt }), key, now)
}

/** A ring without a gap: now and whenever a key ends, another one signs. @throws RingError `in-use`. */
function covered(ring: Ring, without: RingKey, now: number): Ring {
  const ends = ring.flatMap(({ validTo }) =>
    validTo ? [Date.parse(validTo) - HANDOVER_MILLIS] : [],
  )
  for (const at of [now, ...ends.filter((end) => end > now)])
    if (!activeKey(ring, at))
      throw new RingError(
        'in-use',
        `without ${without.jwk.kid} no key could sign at ${instant(at)}: rotate first`,
      )
  return ring
}

/**
 * Removes the private half for good.
 *
 * @throws RingError `unknown`; `already`; `valid` while it is neither past its end nor revoked.
 */
export function destroyKey(ring: Ring, kid: string, { now }: { now: number }): Ring {
  const key = find(ring, kid)
  if (key.destroyedAt !== undefined) throw new RingError('already', `the key ${kid} is destroyed`)
  const state = stateOf(ring, key, now)
  if (state !== 'retired' && state !== 'revoked')
    throw new RingError('valid', `the key ${kid} is ${state}: retire or revoke it first`)
  return replace(ring, withoutSecret(key, now))
}

/** The key without its private members (RFC 7518 §6.2.2, §6.4.1; RFC 8037 §2). */
export function withoutSecret(key: RingKey, now: number): RingKey {
  const { d: _, k: __, ...rest } = key.jwk
  return { ...key, jwk: rest as RingKey['jwk'], destroyedAt: instant(now) }
}

type When = { readonly now: number; readonly at?: number | undefined }

/** When the next key that may sign takes over from this one. */
function takeover(ring: Ring, key: RingKey): number | undefined {
  const after = ring
    .filter((one) => one !== key && one.revokedAt === undefined && one.validTo === undefined)
    .map(fromOf)
    .filter((from) => from >= fromOf(key))
  return after.length > 0 ? Math.min(...after) : undefined
}

/** At the latest; -Infinity where it never did. */
function lastSigned(ring: Ring, key: RingKey, now: number): number {
  if (now < fromOf(key)) return -Infinity
  const end = key.validTo === undefined ? now : lastSign(key.validTo)
  return activeKey(ring, now) === key ? now : Math.min(now, end, takeover(ring, key) ?? now)
}

function fromOf({ validFrom }: RingKey): number {
  return Date.parse(validFrom)
}

/** @throws RingError `unknown`. */
export function find(ring: Ring, kid: string): RingKey {
  const key = ring.find((one) => one.jwk.kid === kid)
  if (!key) throw new RingError('unknown', `there is no key ${kid}`)
  return key
}

export function replace(ring: Ring, by: RingKey): Ring {
  return ring.map((key) => (key.jwk.kid === by.jwk.kid ? by : key))
}

function instant(millis: number): string {
  return new Date(millis).toISOString()
}
