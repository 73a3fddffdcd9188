import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import { hasWrangler } from '../../src/platform/wrangler.ts'

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))
/** What wrangler itself starts. */
const WORKERD = join(MODULES, 'workerd', 'bin', 'workerd')

/** Why no workerd runs here; undefined where one does. */
function unfit(): string | undefined {
  if (!hasWrangler()) return 'wrangler is not installed'
  try {
    execFileSync(process.execPath, [WORKERD, '--version'], { stdio: 'pipe', timeout: 30_000 })
    return undefined
  } catch (error) {
    return `workerd does not run: ${String(error).split('\n')[0]}`
  }
}

const why = unfit()
if (why) process.stderr.write(`\n*** NOT TESTED, the gateway on Workers: ${why} ***\n\n`)

/** For what needs a real workerd: skipped, and said so, where there is none. */
export const describeWorkerd = why ? describe.skip : describe
