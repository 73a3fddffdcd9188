import type { Registry, SystemKey } from './registry.ts'

/** What is wrong with the key that a message names. */
export type KeyFault = 'unknown-key' | 'revoked-key' | 'algorithm'

/**
 * The registered key that a message names, if it may be used now: by system and kid, and with the
 * algorithm it was registered for, never one of the message's choice (RFC 8725 §3.1).
 */
export function usableKey(
  { keys }: Pick<Registry, 'keys'>,
  { system, kid, alg }: { system: string; kid: string; alg: string },
  now: number,
): SystemKey | KeyFault {
  const key = keys.get(`${system} ${kid}`)
  if (!key) return 'unknown-key'
  if (key.revokedAt !== null && key.revokedAt <= now) return 'revoked-key'
  if (now < key.validFrom || (key.validTo !== null && now >= key.validTo)) return 'unknown-key'
  return alg === key.alg ? key : 'algorithm'
}
