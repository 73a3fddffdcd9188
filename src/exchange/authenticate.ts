import type { SyncCrypto } from '../crypto.ts'
import { Refusal } from '../errors.ts'
import type { Compact } from '../jws/compact.ts'
import type { Jws } from '../keys/jws.ts'
import type { System } from '../registry/documents.ts'
import { usableKey } from '../registry/key.ts'
import type { Registry, SystemKey } from '../registry/registry.ts'
import { readMessage } from './compact.ts'

declare const authenticated: unique symbol

/**
 * Who signed, and exactly what: the evidence that checks 2–6 held. Only `authenticate` makes one.
 * From here on every refusal is recorded, since it can be attributed.
 */
export type Principal = {
  readonly [authenticated]: true
  readonly system: System
  readonly key: SystemKey
  readonly compact: Compact
  /** base64url SHA-256 of the exact compact string. */
  readonly hash: string
}

type Needs = {
  readonly issuer: string
  readonly crypto: Pick<SyncCrypto, 'digest'>
  readonly verify: Jws['verify']
  readonly registry: Registry
}

/**
 * Checks 2–6: form, header, key, signature, audience. The key and its algorithm come from the
 * registry by (iss, kid), never from the message (RFC 8725 §3.1).
 *
 * @throws Refusal `malformed`, `header`, `wrong-type`, `unknown-key`, `revoked-key`, `algorithm`,
 *   `signature` or `audience`; none can be attributed, so none is logged.
 */
export async function authenticate(
  { issuer, crypto, verify, registry }: Needs,
  text: string,
  { typ, now }: { typ: string; now: number },
): Promise<Principal> {
  const compact = readMessage(text, typ)
  const { iss, aud } = compact.payload
  if (typeof iss !== 'string') throw new Refusal('unknown-key')
  const { kid, alg } = compact.header
  const key = usableKey(registry, { system: iss, kid, alg }, now)
  const system = registry.systems.get(iss)
  if (typeof key === 'string') throw new Refusal(key)
  if (!system) throw new Refusal('unknown-key')
  if (!(await verify(text, key))) throw new Refusal('signature')
  if (aud !== issuer) throw new Refusal('audience')
  return { system, key, compact, hash: crypto.digest(text) } as Principal
}
