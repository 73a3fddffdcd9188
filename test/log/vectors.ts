import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url))

/**
 * Whether the public vectors (transparency-dev/merkle, C2SP/wycheproof) lie beside the repository.
 * They are not copied into it; without them the suites that need them are skipped, and say so.
 */
export function haveVectors(name: string): boolean {
  const found = existsSync(join(FOLDER, name))
  if (!found) console.warn(`SKIPPED: no test vectors at ../shared/vectors/${name}`)
  return found
}

/** One file, its integers beyond 2^53 kept exact as bigint. */
export function readVectors(name: string): unknown {
  const exact = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined
      ? BigInt(context.source)
      : value
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'), exact)
}

/** The JSON files in a folder and below it, named as `readVectors` takes them. */
export function listVectors(name: string): string[] {
  const files = readdirSync(join(FOLDER, name), { recursive: true }) as string[]
  return files.filter((file) => file.endsWith('.json')).map((file) => `${name}/${file}`)
}
