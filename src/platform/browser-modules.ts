import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { type AssetFile, FILE_TYPES } from '../look.ts'
import { HOME } from './places.ts'

/**
 * The project's own verifier as browsers run it: the very files that the gateway and the command line run,
 * and the module of the page that uses them. A test holds that nothing which they import is missing, and
 * that none of it comes from a package.
 */
export const BROWSER_MODULES: readonly string[] = [
  'web/assets/verify-record.ts',
  ...'base64 checkpoint merkle note receipt rejected verify-entry'
    .split(' ')
    .map((name) => `log/${name}.ts`),
]

/**
 * Those files without their types, under the names by which they import one another. The types go when a
 * browser first asks: what Node does that with is 15 MB, which most gateways never need.
 */
export function browserModules(): [name: string, file: AssetFile][] {
  return BROWSER_MODULES.map((name) => {
    const source = readFileSync(join(HOME, 'src', name), 'utf8')
    let body: string | undefined
    const file = {
      type: FILE_TYPES.js,
      source,
      get body() {
        body ??= stripped(source)
        return body
      },
    }
    return [name, file]
  })
}

/**
 * Types become spaces, so lines and columns stay those of the source. Node calls the function experimental,
 * once, on standard error: no operator can do anything about it, so that one warning is not passed on.
 */
function stripped(source: string): string {
  const { emitWarning } = process
  process.emitWarning = ((...warning: Parameters<typeof emitWarning>) => {
    if (!String(warning[0]).includes('stripTypeScriptTypes')) emitWarning(...warning)
  }) as typeof emitWarning
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
