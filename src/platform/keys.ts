import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateSigningKey } from '../keys/generate.ts'
import type { Ring, RingKey } from '../keys/ring.ts'
import { moveFolder, readIfPresent, removeFolder, writeDurably } from './files.ts'
import {
  type GatewayKeys,
  KEY_NAMES,
  KeyError,
  type KeyName,
  type RingName,
  type RingSource,
  readGatewayKeys,
  secretKey,
} from './key-file.ts'

const PRIVATE = 0o600

export function keysFolder(dataDir: string): string {
  return join(dataDir, 'keys')
}

/** @returns undefined when there is none of them. @throws KeyError when one is missing or unreadable. */
export async function loadGatewayKeys(folder: string): Promise<GatewayKeys | undefined> {
  const texts = await readKeyTexts(folder)
  return texts && readGatewayKeys(texts, (name) => pathOf(folder, name))
}

/** The four files as they are. @returns undefined when there is none of them. @throws KeyError. */
export async function readKeyTexts(folder: string): Promise<Record<KeyName, string> | undefined> {
  const texts = await Promise.all(KEY_NAMES.map((name) => readIfPresent(pathOf(folder, name))))
  if (texts.every((text) => text === undefined)) return undefined
  const entries = KEY_NAMES.map((name, i) => {
    if (texts[i] === undefined)
      throw new KeyError(`the key file ${pathOf(folder, name)} is missing`)
    return [name, texts[i]]
  })
  return Object.fromEntries(entries)
}

/** The rings' files, as commands change them beside a serving gateway. */
export function ringFiles(folder: string): RingSource {
  return {
    text: async (name) => {
      const text = await readIfPresent(pathOf(folder, name))
      if (text === undefined) throw new KeyError(`the key file ${pathOf(folder, name)} is missing`)
      return text
    },
    textNow: (name) => readFileSync(pathOf(folder, name), 'utf8'),
    nameOf: (name) => pathOf(folder, name),
  }
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
  for (const name of KEY_NAMES) {
    const file = name === 'answer' || name === 'sealing' ? { keys: keys[name] } : keys[name]
    await writeDurably(pathOf(draft, name), textOf(file), PRIVATE)
  }
  await moveFolder(draft, folder)
  return keys
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.jwk.json`)
}

function textOf(file: unknown): string {
  return `${JSON.stringify(file, null, 2)}\n`
}
