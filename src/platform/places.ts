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

/** Whether a gateway ever lived in this folder. */
export function hasGateway(dataDir: string): boolean {
  return existsSync(databaseFile(dataDir))
}
