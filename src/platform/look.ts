import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { type Config, ConfigError } from '../config.ts'
import { type AssetFile, FILE_TYPES, type Look, lookOf, namesOf } from '../look.ts'
import { STYLES, stylesheetOf } from '../web/stylesheet.ts'
import { browserModules } from './browser-modules.ts'
import { digestOf } from './digest.ts'
import { HOME } from './places.ts'

const LOGO_BYTES_MAX = 64 * 1024
const LOGO_TYPES: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/** Everything that browsers load, read once at the start; `more`: of parts that may be missing. @throws ConfigError about LOGO_FILE. */
export function readLook(
  { logoFile, productName }: Pick<Config, 'logoFile' | 'productName'>,
  more: readonly (readonly [name: string, file: AssetFile])[] = [],
): Look {
  const components = createRequire(import.meta.url).resolve('@digdir/designsystemet-css')
  const own = join(HOME, 'src', 'web', 'assets')
  const read = (path: string) => readFileSync(path, 'utf8')
  const texts = STYLES.map((name) => [name, read(join(own, `${name}.css`))])
  const style = stylesheetOf(read(components), Object.fromEntries(texts))
  const logo = logoFile === undefined ? undefined : readLogo(logoFile)
  const files = new Map<string, AssetFile>([
    ['style.css', { type: FILE_TYPES.css, body: style }],
    ['page.js', { type: FILE_TYPES.js, body: read(join(own, 'page.js')) }],
    ...browserModules(),
    ...more,
    ...(logo ? [logo] : []),
  ])
  return lookOf({ names: namesOf(productName), logo: logo?.[0], files }, digestOf)
}

function readLogo(path: string): [name: string, file: AssetFile] {
  const extension = extname(path).toLowerCase()
  const type = LOGO_TYPES[extension]
  const wrong = (en: string, zh: string, cause?: unknown) =>
    new ConfigError(`The environment does not fit:\n  LOGO_FILE: ${en}`, {
      zh: `环境变量不合要求：\n  LOGO_FILE：${zh}`,
      cause,
    })
  if (type === undefined) throw wrong('an .svg or .png', '须为 .svg 或 .png')
  try {
    const body = new Uint8Array(readFileSync(path))
    if (body.byteLength <= LOGO_BYTES_MAX) return [`logo${extension}`, { type, body }]
  } catch (error) {
    throw wrong(`${path} cannot be read`, `读不到 ${path}`, error)
  }
  throw wrong('at most 64 KiB', '不得超过 64 KiB')
}
