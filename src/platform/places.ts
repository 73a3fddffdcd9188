import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where contracts/, policies/ and seed/ stand. */
export const HOME = fileURLToPath(new URL('../../', import.meta.url))

/** Of this gateway, as package.json states it. */
export const VERSION: string = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')).version

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'gateway.sqlite')
}

/** Whether a gateway ever lived in this folder; of a shared database, its own tables say so. */
export function hasGateway({ dataDir, databaseUrl }: Place): boolean {
  return databaseUrl !== undefined || existsSync(databaseFile(dataDir))
}

type Place = { readonly dataDir: string; readonly databaseUrl?: string | undefined }
