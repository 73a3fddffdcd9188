import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JWK } from 'jose'
import { z } from 'zod'
import { generateSigningKey } from '../keys/generate.ts'
import type { Ring, RingKey } from '../keys/ring.ts'
import { moveFolder, readIfPresent, removeFolder, writeDurably } from './files.ts'

const PRIVATE = 0o600
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

const NAMES = ['answer', 'log', 'sealing', 'pseudonym'] as const

export class KeyError extends Error {
  override readonly name = 'KeyError'
}

export function keysFolder(dataDir: string): string {
  return join(dataDir, 'keys')
}

/** @returns undefined when there is none of them. @throws KeyError when one is missing or unreadable. */
export async function loadGatewayKeys(folder: string): Promise<GatewayKeys | undefined> {
  const paths = NAMES.map((name) => pathOf(folder, name))
  const texts = await Promise.all(paths.map(readIfPresent))
  if (texts.every((text) => text === undefined)) return undefined
  texts.forEach((text, i) => {
    if (text === undefined) throw new KeyError(`the key file ${paths[i]} is missing`)
  })
  const [answer = '', log = '', sealing = '', pseudonym = ''] = texts
  return {
    answer: readRing(answer, pathOf(folder, 'answer')),
    sealing: readRing(sealing, pathOf(folder, 'sealing')),
    log: readAs(keyFile, log, pathOf(folder, 'log')) as KeyFile,
    pseudonym: readAs(keyFile, pseudonym, pathOf(folder, 'pseudonym')) as KeyFile,
  }
}

/** The file's text as it is, to see whether it changed. @throws KeyError when it is gone. */
export async function ringText(folder: string, name: RingName): Promise<string> {
  const text = await readIfPresent(pathOf(folder, name))
  if (text === undefined) throw new KeyError(`the key file ${pathOf(folder, name)} is missing`)
  return text
}

/** @throws KeyError. */
export function readRing(text: string, path: string): Ring {
  return (readAs(ringFile, text, path) as { keys: Ring }).keys
}

/** For a data key whose key-encryption key was made after this process looked. @throws KeyError. */
export function sealingRingNow(folder: string): Ring {
  const path = pathOf(folder, 'sealing')
  return readRing(readFileSync(path, 'utf8'), path)
}

/** Replaces a ring whole: after a crash there is the old one or the new one. */
export async function writeRing(folder: string, name: RingName, ring: Ring): Promise<void> {
  await writeDurably(pathOf(folder, name), textOf({ keys: ring }), PRIVATE)
}

/** Creates all four. Call it only where no log was ever signed: a log has one key for life. */
export async function createGatewayKeys(folder: string, now: number): Promise<GatewayKeys> {
  const validFrom = new Date(now).toISOString()
  const keys = {
    answer: [{ jwk: (await generateSigningKey('ES256')) as RingKey['jwk'], validFrom }],
    sealing: [{ jwk: secretKey('sealing-1'), validFrom }],
    log: { jwk: (await generateSigningKey('Ed25519')) as RingKey['jwk'], validFrom },
    pseudonym: { jwk: secretKey('pseudonym-1'), validFrom },
  }
  // All four or none: a crash between them would leave a gateway that can never start.
  const draft = `${folder}.new`
  await removeFolder(draft)
  for (const name of NAMES) {
    const file = name === 'answer' || name === 'sealing' ? { keys: keys[name] } : keys[name]
    await writeDurably(pathOf(draft, name), textOf(file), PRIVATE)
  }
  await moveFolder(draft, folder)
  return keys
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

export function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.jwk.json`)
}

function textOf(file: unknown): string {
  return `${JSON.stringify(file, null, 2)}\n`
}

function readAs(schema: z.ZodType, text: string, path: string): unknown {
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new KeyError(`the key file ${path} is not one`, { cause })
  }
}
