import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createSecretKey,
  hash,
  randomFillSync,
  sign,
} from 'node:crypto'
import type { JWK } from 'jose'
import type { SyncCrypto, WrappedKey } from '../crypto.ts'

const TAG_BYTES = 16
const DATA_KEY_BYTES = 32
/** RFC 3394 §2.2.3.1. */
const WRAP_IV = Buffer.from('a6a6a6a6a6a6a6a6', 'hex')
/** A data key seals once, so its one nonce may be constant (NIST SP 800-38D §8.2.1). */
const ONLY_NONCE = new Uint8Array(12)
const RANDOM_POOL_BYTES = 4096
const RECENT_MAX = 1024

/** Key-encryption keys (KEK): one wraps new data keys, every other one still opens what it wrapped. */
export type SealingKeys = {
  /** `kid` names it beside what it wrapped. */
  active(): { readonly kid: string; readonly key: Uint8Array }
  /** Undefined when there is none, or it was destroyed. */
  find(kid: string): Uint8Array | undefined
}

export type SecretKeys = {
  readonly sealing: SealingKeys
  readonly pseudonym: Uint8Array
  readonly log: JWK
}

/** AES key wrap (RFC 3394) with a 256-bit key. `unwrap` throws when anything was altered (§2.2.3). */
export type KeyWrap = {
  wrap(key: Uint8Array, dataKey: Uint8Array): Uint8Array
  unwrap(key: Uint8Array, wrapped: Uint8Array): Uint8Array
}

export const nodeKeyWrap: KeyWrap = {
  wrap: (key, dataKey) => {
    const cipher = createCipheriv('id-aes256-wrap', key, WRAP_IV)
    return Buffer.concat([cipher.update(dataKey), cipher.final()])
  },
  unwrap: (key, wrapped) => {
    const decipher = createDecipheriv('id-aes256-wrap', key, WRAP_IV)
    return Buffer.concat([decipher.update(wrapped), decipher.final()])
  },
}

/**
 * The synchronous primitives on node:crypto. The keys live in this closure only.
 *
 * @param keyWrap another one where OpenSSL's is missing: BoringSSL, and so workerd, has none.
 */
export function nodeCrypto(
  { sealing, pseudonym, log }: SecretKeys,
  keyWrap: KeyWrap = nodeKeyWrap,
): SyncCrypto {
  const wrapped = (dataKey: Uint8Array): WrappedKey => {
    const { kid, key } = sealing.active()
    return { dataKey: keyWrap.wrap(key, dataKey), kek: kid }
  }
  /** @throws Error when its key is gone, or it was altered. */
  const unwrapped = ({ dataKey, kek }: WrappedKey): Uint8Array => {
    const key = sealing.find(kek)
    if (!key) throw new Error(`no key-encryption key ${kek}`)
    return keyWrap.unwrap(key, dataKey)
  }
  const pseudonymKey = createSecretKey(pseudonym)
  const hmac = (text: string) => createHmac('sha256', pseudonymKey).update(text).digest('base64url')
  // One case is several requests, and one official many.
  const recent = new Map<string, string>()
  const random = randomPool()
  return {
    sha256: nodeSha256,
    digest: (text) => hash('sha256', text, 'base64url'),
    randomBytes: random,
    seal: (plaintext, bound) => {
      const dataKey = random(DATA_KEY_BYTES)
      const cipher = createCipheriv('aes-256-gcm', dataKey, ONLY_NONCE)
      cipher.setAAD(Buffer.from(bound, 'latin1'))
      const body = cipher.update(plaintext, 'latin1')
      const sealed = Buffer.concat([body, cipher.final(), cipher.getAuthTag()])
      return { sealed, ...wrapped(dataKey) }
    },
    open: ({ sealed, dataKey, kek }, bound) => {
      const key = unwrapped({ dataKey, kek })
      const decipher = createDecipheriv('aes-256-gcm', key, ONLY_NONCE)
      decipher.setAAD(Buffer.from(bound, 'latin1'))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      const text = decipher.update(sealed.subarray(0, -TAG_BYTES), undefined, 'latin1')
      return text + decipher.final('latin1')
    },
    rewrap: (data) => {
      const key = unwrapped(data)
      try {
        return wrapped(key)
      } finally {
        key.fill(0)
      }
    },
    pseudonym: (kind, value) => {
      const text = `${kind}\0${value}`
      if (kind === 'subject') return hmac(text)
      const known = recent.get(text)
      if (known) return known
      if (recent.size >= RECENT_MAX) recent.delete(recent.keys().next().value as string)
      const pseudonym = hmac(text)
      recent.set(text, pseudonym)
      return pseudonym
    },
    logSign: logSigner(log),
  }
}

/** Ed25519 (RFC 8032) with the log's key. */
export function logSigner(log: JWK): (message: Uint8Array) => Uint8Array {
  const key = createPrivateKey({ key: log as JsonWebKey, format: 'jwk' })
  return (message) => sign(null, message, key)
}

/** SHA-256, synchronous; by way of a latin1 string, which costs half of what a Buffer from OpenSSL does. */
export function nodeSha256(data: Uint8Array | string): Uint8Array {
  return Buffer.from(hash('sha256', data, 'binary'), 'latin1')
}

/** Random bytes drawn a page at a time, each handed out once and wiped from the pool. */
function randomPool(): (length: number) => Uint8Array {
  const pool = Buffer.alloc(RANDOM_POOL_BYTES)
  let used = RANDOM_POOL_BYTES
  return (length) => {
    if (length > RANDOM_POOL_BYTES) return randomFillSync(Buffer.alloc(length))
    if (used + length > RANDOM_POOL_BYTES) {
      randomFillSync(pool)
      used = 0
    }
    const drawn = Buffer.from(pool.subarray(used, used + length))
    pool.fill(0, used, used + length)
    used += length
    return drawn
  }
}
