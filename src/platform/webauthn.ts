import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type AssetFile, FILE_TYPES } from '../look.ts'
import type { WebAuthn } from '../people/webauthn.ts'
import { HOME } from './places.ts'

export type Passkeys = {
  /** Loaded by the first that needs it: a gateway without passkeys in use does not carry it. */
  readonly webauthn: () => Promise<WebAuthn>
  /** What browsers load for it. */
  readonly files: readonly (readonly [name: string, file: AssetFile])[]
}

/** Passkeys, where both of their optional packages are installed. */
export function passkeysHere(): Passkeys | undefined {
  const { resolve } = createRequire(import.meta.url)
  try {
    resolve('@simplewebauthn/server')
    const entry = resolve('@simplewebauthn/browser')
    const bundle = join(entry, '..', '..', 'dist', 'bundle', 'index.umd.min.js')
    const own = join(HOME, 'src', 'web', 'assets', 'passkey.js')
    return {
      webauthn: () => import('@simplewebauthn/server'),
      files: [asset('simplewebauthn.js', bundle), asset('passkey.js', own)],
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function asset(name: string, path: string): [string, AssetFile] {
  return [name, { type: FILE_TYPES.js, body: readFileSync(path, 'utf8') }]
}
