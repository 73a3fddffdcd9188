import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { ConfigError } from '../config.ts'
import { type GuardedSource, guarded, type SqlSource } from '../connector/sql.ts'
import type { Deps } from '../deps.ts'
import { sourceName } from '../registry/documents.ts'
import { readIfPresent } from './files.ts'
import { sqliteSource } from './sqlite-source.ts'

const bounds = {
  timeoutMillis: z.number().int().min(50).max(20_000).default(3000),
  maxRows: z.number().int().min(1).max(1000).default(200),
}

const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sqlite'), path: z.string().min(1), ...bounds }),
  z
    .strictObject({
      kind: z.literal('postgres'),
      url: z.string().min(1).optional(),
      urlEnv: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/)
        .optional(),
      ...bounds,
    })
    .refine(({ url, urlEnv }) => (url === undefined) !== (urlEnv === undefined), {
      message: 'either url or urlEnv',
    }),
])

const sourcesFile = z.record(sourceName, source)

type Configured = z.infer<typeof source>

export type SourcesFile = z.input<typeof sourcesFile>

export type Sources = ReadonlyMap<string, GuardedSource>

type Around = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly report: Deps['report']
}

/**
 * The providers' databases that the operator named in `path`; none where there is no such file. Nothing
 * is connected to yet.
 *
 * @throws ConfigError naming the source and what is wrong with it, never an address or a password.
 */
export async function openSources(path: string, { environment, report }: Around): Promise<Sources> {
  const text = await readIfPresent(path)
  if (text === undefined) return new Map()
  const configured = Object.entries(readSources(path, text))
  if (configured.some(([, one]) => one.kind === 'postgres' && one.url !== undefined))
    await warnIfOthersRead(path, report)
  const sources = new Map<string, GuardedSource>()
  for (const [name, one] of configured) {
    const built = await build(path, name, { ...one, environment })
    const tell = (event: string, reason: string) =>
      report(`source-${event}`, { source: name, ...(reason ? { reason } : {}) })
    if (built) sources.set(name, guarded(built, tell))
    else tell('unconfigured', 'its urlEnv is not in the environment')
  }
  return sources
}

/** Undefined where the environment lacks the address: `erase` and the like need not have it. */
async function build(
  path: string,
  name: string,
  { environment, ...one }: Configured & Pick<Around, 'environment'>,
): Promise<SqlSource | undefined> {
  if (one.kind === 'sqlite')
    return sqliteSource({ ...one, name, path: resolve(dirname(path), one.path) })
  const url = one.url ?? environment[one.urlEnv ?? '']
  if (url === undefined) return undefined
  const problem = await urlProblem(url)
  if (problem !== undefined) throw misfit(path, `${name}: ${problem}`)
  // Most gateways have no such source, and need not load its driver.
  const { postgresSource } = await import('./postgres-source.ts')
  return postgresSource({ ...one, name, url })
}

function readSources(path: string, text: string): Readonly<Record<string, Configured>> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ConfigError(`${path} is not JSON`, { zh: `${path} 不是 JSON` })
  }
  const read = sourcesFile.safeParse(json)
  if (read.success) return read.data
  const lines = read.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`)
  throw misfit(path, lines.join('\n  '))
}

function misfit(path: string, what: string): ConfigError {
  return new ConfigError(`${path} does not fit:\n  ${what}`, {
    zh: `${path} 不合要求：\n  ${what}`,
  })
}

/** Also a certificate file that cannot be read. Messages of the parser may quote the URL: none is passed on. */
async function urlProblem(url: string): Promise<string | undefined> {
  if (!/^postgres(ql)?:\/\//.test(url)) return 'a URL begins postgres://'
  const { parse } = await import('pg-connection-string')
  try {
    parse(url)
    return undefined
  } catch (error) {
    return `a URL that cannot be used (${(error as NodeJS.ErrnoException).code ?? 'malformed'})`
  }
}

/** A password that others on the machine can read is no secret; on Windows modes say nothing. */
async function warnIfOthersRead(path: string, report: Deps['report']): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0)
    report('sources-readable', { path, mode: (mode & 0o777).toString(8), wanted: '600' })
}
