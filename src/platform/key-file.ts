import { randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { Ring, RingKey } from '../keys/ring.ts'

const SECRET_BYTES = 32

const ringKey = z.strictObject({
  jwk: z.looseObject({ kty: z.string(), kid: z.string().min(1) }),
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
  destroyedAt: z.iso.datetime().optional(),
})

const keyFile = ringKey.pick({ jwk: true, validFrom: true })
/** Before keys could be rotated the file was its one key: read for good, written anew with the first change. */
const ringFile = z.union([
  z.strictObject({ keys: z.array(ringKey).min(1) }),
  keyFile.transform((key) => ({ keys: [key] })),
])

/** A key with the instant from which it counts. */
export type KeyFile = Pick<RingKey, 'jwk' | 'validFrom'>

/**
 * One file a purpose, because a thief of each can do different things (ARCHITECTURE.md, trust table).
 * Answer and sealing keys are rotated; the log's key is one for life, and so is the pseudonym key,
 * whose values are bound into leaves.
 */
export type GatewayKeys = {
  readonly answer: Ring
  readonly sealing: Ring
  readonly log: KeyFile
  readonly pseudonym: KeyFile
}

export type RingName = 'answer' | 'sealing'

export const KEY_NAMES = ['answer', 'log', 'sealing', 'pseudonym'] as const
export type KeyName = (typeof KEY_NAMES)[number]

/** Where the texts of the rings stand, to be looked at again while the gateway runs. */
export type RingSource = {
  /** The text as it is now. @throws KeyError when it is gone. */
  text(name: RingName): Promise<string>
  /** The same, at once: for a data key whose key-encryption key is not known yet. @throws KeyError. */
  textNow(name: RingName): string
  /** What an error calls it. */
  nameOf(name: RingName): string
}

export class KeyError extends Error {
  override readonly name = 'KeyError'
}

/** @param nameOf what an error calls each text. @throws KeyError for a text that is not what it should be. */
export function readGatewayKeys(
  texts: Readonly<Record<KeyName, string>>,
  nameOf: (name: KeyName) => string,
): GatewayKeys {
  return {
    answer: readRing(texts.answer, nameOf('answer')),
    sealing: readRing(texts.sealing, nameOf('sealing')),
    log: readAs(keyFile, texts.log, nameOf('log')) as KeyFile,
    pseudonym: readAs(keyFile, texts.pseudonym, nameOf('pseudonym')) as KeyFile,
  }
}

/** @throws KeyError. */
export function readRing(text: string, name: string): Ring {
  return (readAs(ringFile, text, name) as { keys: Ring }).keys
}

/** The bytes of a symmetric key. @throws KeyError when they are not 256 bits, or destroyed. */
export function secretOf({ jwk }: KeyFile): Uint8Array {
  const bytes = Buffer.from(String(jwk.k), 'base64url')
  if (bytes.length !== SECRET_BYTES) throw new KeyError(`the key ${jwk.kid} is not 256 bits`)
  return bytes
}

export function secretKey(kid: string): JWK & { kid: string } {
  return { kty: 'oct', k: randomBytes(SECRET_BYTES).toString('base64url'), kid }
}

function readAs(schema: z.ZodType, text: string, name: string): unknown {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new KeyError(`the key file ${name} is not one`, { cause })
  }
}
