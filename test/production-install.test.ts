import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const MEGABYTE = 1_000_000
const LIMIT = 60 * MEGABYTE

type Locked = {
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
}

// The lockfile's own marks say what `npm ci --omit=dev --omit=optional` brings. Its packages are summed
// where they already stand, so that the figure needs neither a registry nor a second install.
test('a production install stays under 60 MB, without Node', ({ annotate }) => {
  const sizes = productionPackages()
    .map((path) => ({ path, bytes: bytesOf(join(ROOT, path)) }))
    .sort((a, b) => b.bytes - a.bytes)
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
  const largest = sizes.slice(0, 5).map(({ path, bytes }) => `${nameOf(path)} ${megabytes(bytes)}`)
  const figure = `production install: ${megabytes(total)} MB in ${sizes.length} packages (${largest.join(', ')})`
  process.stdout.write(`${figure}\n`)
  annotate(figure)
  expect(sizes.length).toBeGreaterThan(20)
  expect(total).toBeLessThan(LIMIT)
})

/** @throws Error when one is not installed: a figure without it would be too small. */
function productionPackages(): string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const packages = Object.entries(lock.packages as Record<string, Locked>)
  const brought = packages
    .filter(([path, { dev, optional, devOptional }]) => path && !dev && !optional && !devOptional)
    .map(([path]) => path)
  const missing = brought.filter((path) => !existsSync(join(ROOT, path, 'package.json')))
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}; run npm ci`)
  return brought
}

/** What the files hold, as a registry counts it; packages nested in another are entries of their own. */
function bytesOf(folder: string): number {
  let bytes = 0
  for (const name of readdirSync(folder)) {
    if (name === 'node_modules') continue
    const path = join(folder, name)
    const stat = lstatSync(path)
    if (stat.isDirectory()) bytes += bytesOf(path)
    else bytes += stat.size
  }
  return bytes
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1)
}
