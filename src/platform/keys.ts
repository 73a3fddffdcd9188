import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { JWK } from 'jose'
import { z } from 'zod'
import { generateSigningKey } from '../keys/generate.ts'
import { moveFolder, readIfPresent, removeFolder, writeDurably } from './files.ts'

const PRIVATE = 0o600
const SECRET_BYTES = 32

const keyFile = z.strictObject({
  jwk: z.looseObject({ kty: z.string(), kid: z.string().min(1) }),
  validFrom: z.iso.datetime(),
})

/** A key with the instant from which it counts. */
export type KeyFile = { readonly jwk: JWK & { kid: string }; readonly validFrom: string }

/** One file a key, because a thief of each can do different things (ARCHITECTURE.md, trust table). */
export type GatewayKeys = Readonly<Record<(typeof NAMES)[number], KeyFile>>

const NAMES = ['answer', 'log', 'sealing', 'pseudonym'] as const

export class KeyError extends Error {
  override readonly name = 'KeyError'
}

/** @returns undefined when there is none of them. @throws KeyError when one is missing or unreadable. */
export async function loadGatewayKeys(folder: string): Promise<GatewayKeys | undefined> {
  const texts = await Promise.all(NAMES.map((name) => readIfPresent(pathOf(folder, name))))
  if (texts.every((text) => text === undefined)) return undefined
  const entries = NAMES.map((name, i) => {
    const text = texts[i]
    if (text === undefined) throw new KeyError(`the key file ${pathOf(folder, name)} is missing`)
    return [name, readKeyFile(text, pathOf(folder, name))]
  })
  return Object.fromEntries(entries) as GatewayKeys
}

/** Creates all four. Call it only where no log was ever signed: a log has one key for life. */
export async function createGatewayKeys(folder: string, now: number): Promise<GatewayKeys> {
  const keys = {
    answer: await generateSigningKey('ES256'),
    log: await generateSigningKey('Ed25519'),
    sealing: secretKey('sealing-1'),
    pseudonym: secretKey('pseudonym-1'),
  }
  const validFrom = new Date(now).toISOString()
  const files = NAMES.map((name) => [name, { jwk: keys[name], validFrom }] as const)
  // All four or none: a crash between them would leave a gateway that can never start.
  const draft = `${folder}.new`
  await removeFolder(draft)
  for (const [name, file] of files)
    await writeDurably(pathOf(draft, name), `${JSON.stringify(file, null, 2)}\n`, PRIVATE)
  await moveFolder(draft, folder)
  return Object.fromEntries(files) as GatewayKeys
}

/** The bytes of a symmetric key. */
export function secretOf({ jwk }: KeyFile): Uint8Array {
  const bytes = Buffer.from(String(jwk.k), 'base64url')
  if (bytes.length !== SECRET_BYTES) throw new KeyError(`the key ${jwk.kid} is not 256 bits`)
  return bytes
}

function secretKey(kid: string): JWK {
  return { kty: 'oct', k: randomBytes(SECRET_BYTES).toString('base64url'), kid }
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.jwk.json`)
}

function readKeyFile(text: string, path: string): KeyFile {
  try {
    return keyFile.parse(JSON.parse(text)) as KeyFile
  } catch (cause) {
    throw new KeyError(`the key file ${path} is not one`, { cause })
  }
}
