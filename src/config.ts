import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

const environment = z.object({
  PORT: port.default(8787),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  ANCHOR_DIR: z.string().min(1).optional(),
  SOURCES_FILE: z.string().min(1).optional(),
  ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]|\/$/.test(url), 'no query, fragment or trailing slash')
    .optional(),
  SEED: z.enum(['demo', 'none']).optional(),
  NODE_ENV: z.string().default('development'),
})

export type Config = {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  /** Where the last checkpoint is written outside the database; best on another disk or machine. */
  readonly anchorDir: string
  /** Where the operator names providers' databases; there need be none. */
  readonly sourcesFile: string
  /** Undefined until the port is known (development only). */
  readonly issuer: string | undefined
  readonly seed: 'demo' | 'none'
  readonly production: boolean
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Environment → Config, once.
 *
 * @throws ConfigError naming each variable that is wrong; a production gateway needs an https ISSUER,
 *   since every signature and every receipt is bound to it for as long as evidence is kept.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = environment.safeParse(env)
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`The environment does not fit:\n  ${lines.join('\n  ')}`)
  }
  const { PORT, HOST, DATA_DIR, ANCHOR_DIR, SOURCES_FILE, ISSUER, SEED, NODE_ENV } = read.data
  const production = NODE_ENV === 'production'
  if (production && !ISSUER?.startsWith('https://'))
    throw new ConfigError('The environment does not fit:\n  ISSUER: production needs an https URL')
  return {
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    anchorDir: ANCHOR_DIR ?? `${DATA_DIR}/anchor`,
    sourcesFile: SOURCES_FILE ?? `${DATA_DIR}/sources.json`,
    issuer: ISSUER,
    seed: SEED ?? (production ? 'none' : 'demo'),
    production,
  }
}
