import { z } from 'zod'

const LOOPBACK = ['127.0.0.0/8', '::1/128']

const port = z.coerce.number().int().min(0).max(65_535)

/** Address and prefix; the address may not be longer than it says. */
const cidrs = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  )
  .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()])))

const environment = z.object({
  PORT: port.default(8787),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host/database, or leave it out')
    .optional(),
  ANCHOR_DIR: z.string().min(1).optional(),
  SOURCES_FILE: z.string().min(1).optional(),
  ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]|\/$/.test(url), 'no query, fragment or trailing slash')
    .optional(),
  SEED: z.enum(['demo', 'none']).optional(),
  PROVIDER_NETWORKS: cidrs.default([]),
  SANDBOX: z.enum(['on', 'off']).optional(),
  OPERATOR_KEY: z.string().min(1).optional(),
  LOGO_FILE: z.string().min(1).optional(),
  PRODUCT_NAME: z.string().trim().min(1).max(40).optional(),
  METRICS_PORT: port.optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]{16,256}=*$/, '16 characters or more, as in a bearer token (RFC 6750)')
    .optional(),
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET_FILE: z.string().min(1).optional(),
  OIDC_CLIENT_KEY_FILE: z.string().min(1).optional(),
  OIDC_STEP_UP_ACR: z.string().min(1).optional(),
  LOG_REQUESTS: z.enum(['on', 'off']).default('off'),
  NODE_ENV: z.string().default('development'),
})

/** The names of the environment that are read; docs/operations explains each. */
export const VARIABLES = Object.keys(environment.shape)

export type Config = {
  readonly port: number
  readonly host: string
  readonly dataDir: string
  /** A PostgreSQL that several gateways share; undefined: the file in `dataDir`. */
  readonly databaseUrl: string | undefined
  /** Where the last checkpoint is written outside the database; best on another disk or machine. */
  readonly anchorDir: string
  /** Where the operator names providers' databases; there need be none. */
  readonly sourcesFile: string
  /** Undefined until the port is known (development only). */
  readonly issuer: string | undefined
  /** Private networks (CIDR) in which providers may be asked; public addresses always may. */
  readonly providerNetworks: readonly string[]
  readonly seed: 'demo' | 'none'
  /** Newcomers may register systems for ECHO-00 by themselves. */
  readonly sandbox: boolean
  /** Where Prometheus reads; undefined: nowhere, and nothing is counted. */
  readonly metrics: MetricsConfig | undefined
  /** One line for each request; off, since the log is the record. */
  readonly logRequests: boolean
  readonly production: boolean
  /** An .svg or .png that the pages show beside the product's name. */
  readonly logoFile: string | undefined
  /** What the pages call themselves, in either language. */
  readonly productName: string | undefined
  /** The public JWK, as JSON, of whoever may upload registry and registers; without it nobody may. */
  readonly operatorKey: string | undefined
  /** Who signs people in; undefined: nobody is configured, and nobody signs in by a provider. */
  readonly oidc: OidcConfig | undefined
}

/** An OpenID Connect provider, and who we are there: by a secret or by a private key, in a file of its own. */
export type OidcConfig = {
  readonly issuer: string
  readonly clientId: string
  readonly secretFile: string | undefined
  readonly keyFile: string | undefined
  /** What a sign-in must be worth (`acr`) for an approval to rest on it. */
  readonly stepUpAcr: string | undefined
}

/** With a port of its own, or else on the gateway's own port with a token; the token is asked for on either. */
export type MetricsConfig = {
  readonly port: number | undefined
  readonly token: string | undefined
}

/** `message` is for those who read English, `zh` for the others. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly zh: string | undefined

  constructor(message: string, { zh, ...options }: ErrorOptions & { readonly zh?: string } = {}) {
    super(message, options)
    this.zh = zh
  }
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
    const said = lines.join('\n  ')
    throw new ConfigError(`The environment does not fit:\n  ${said}`, {
      zh: `环境变量不合要求：\n  ${said}`,
    })
  }
  const { PORT, HOST, DATA_DIR, ANCHOR_DIR, SOURCES_FILE, ISSUER, NODE_ENV } = read.data
  const { DATABASE_URL, SEED, SANDBOX, PROVIDER_NETWORKS } = read.data
  const { LOG_REQUESTS, OPERATOR_KEY } = read.data
  const production = NODE_ENV === 'production'
  if (production && !ISSUER?.startsWith('https://'))
    throw unfit('ISSUER', 'production needs an https URL', { zh: '生产环境须为 https 地址' })
  if (production && SANDBOX === 'on')
    throw unfit('SANDBOX', 'never on in production', { zh: '生产环境不得为 on' })
  const seed = SEED ?? (production ? 'none' : 'demo')
  return {
    port: PORT,
    host: HOST,
    dataDir: DATA_DIR,
    databaseUrl: DATABASE_URL,
    anchorDir: ANCHOR_DIR ?? `${DATA_DIR}/anchor`,
    sourcesFile: SOURCES_FILE ?? `${DATA_DIR}/sources.json`,
    issuer: ISSUER,
    // A developer's provider is on the same machine; elsewhere somebody must say so.
    providerNetworks: production ? PROVIDER_NETWORKS : [...LOOPBACK, ...PROVIDER_NETWORKS],
    seed,
    metrics: metricsOf(read.data),
    logRequests: LOG_REQUESTS === 'on',
    sandbox: SANDBOX === undefined ? !production && seed === 'demo' : SANDBOX === 'on',
    production,
    logoFile: read.data.LOGO_FILE,
    productName: read.data.PRODUCT_NAME,
    operatorKey: OPERATOR_KEY,
    oidc: oidcOf(read.data, production),
  }
}

/** A machine's own addresses by name or number: whoever answers there may be anybody on it. */
export const LOCAL = /^(localhost|.+\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])\.?$/i

function oidcOf(
  {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET_FILE: secretFile,
    OIDC_CLIENT_KEY_FILE: keyFile,
    OIDC_STEP_UP_ACR: stepUpAcr,
  }: z.infer<typeof environment>,
  production: boolean,
): OidcConfig | undefined {
  if (issuer === undefined) return undefined
  const { protocol, hostname } = new URL(issuer)
  // Whoever stands between could sign in as anybody.
  if (production && (protocol !== 'https:' || LOCAL.test(hostname)))
    throw unfit('OIDC_ISSUER', 'production needs an https URL of another machine', {
      zh: '生产环境须为另一台机器的 https 地址',
    })
  if (clientId === undefined)
    throw unfit('OIDC_CLIENT_ID', 'needed with OIDC_ISSUER', { zh: '设了 OIDC_ISSUER 就须设' })
  if (secretFile !== undefined && keyFile !== undefined)
    throw unfit('OIDC_CLIENT_KEY_FILE', 'not together with OIDC_CLIENT_SECRET_FILE', {
      zh: '不与 OIDC_CLIENT_SECRET_FILE 同设',
    })
  return { issuer, clientId, secretFile, keyFile, stepUpAcr }
}

function unfit(name: string, why: string, { zh }: { readonly zh: string }): ConfigError {
  return new ConfigError(`The environment does not fit:\n  ${name}: ${why}`, {
    zh: `环境变量不合要求：\n  ${name}：${zh}`,
  })
}

function metricsOf({
  PORT,
  METRICS_PORT: own,
  METRICS_TOKEN: token,
}: z.infer<typeof environment>): MetricsConfig | undefined {
  if (own === undefined && token === undefined) return undefined
  if (own === PORT && own !== 0)
    throw new ConfigError('The environment does not fit:\n  METRICS_PORT: another one than PORT')
  return { port: own, token }
}
