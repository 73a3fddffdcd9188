import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { Database } from 'better-sqlite3'
import { type Config, ConfigError } from '../config.ts'
import { httpConnector, type Outbound } from '../connector/http.ts'
import { snapshotConnector } from '../connector/snapshot.ts'
import { sqlConnector } from '../connector/sql.ts'
import type { Deps } from '../deps.ts'
import { createLimits } from '../exchange/limits.ts'
import type { WellKnown } from '../http/well-known.ts'
import { appender, type LogDeps } from '../log/append.ts'
import { formatVkey, noteKeyId } from '../log/note.ts'
import { openLog } from '../log/open.ts'
import { cedarEngine } from '../policy/cedar.ts'
import { type PolicyEngine, remembered } from '../policy/policy.ts'
import { registryReader } from '../registry/registry.ts'
import { mustBeServable } from '../storage/marks.ts'
import type { Store } from '../storage/store.ts'
import { fileAnchor } from './anchor.ts'
import { nodeCrypto, nodeSha256 } from './crypto.ts'
import { openStore } from './database.ts'
import { openKeyring, type SignerFor } from './keyring.ts'
import {
  createGatewayKeys,
  type GatewayKeys,
  KeyError,
  keysFolder,
  loadGatewayKeys,
  secretOf,
} from './keys.ts'
import { nodeOutbound } from './outbound.ts'
import { HOME } from './places.ts'
import type { PostgresOptions } from './postgres.ts'
import { openSources } from './sources.ts'
import { environment } from './terminal.ts'

export type Gateway = {
  readonly deps: Deps
  readonly own: WellKnown
  /** The embedded engine's handle, for faults and checks; the path never touches it. @throws TypeError on another. */
  readonly raw: Database
  /** Removes older copies of what was erased. @returns false where they go later. */
  scrub(): Promise<boolean>
  /** The key-encryption key that seals new records. */
  sealingKid(): string
  /** Asks each configured source whether its account can write; how it went is reported. Never throws. */
  checkSources(): Promise<void>
  /** Waits for the log, writes the anchor, closes the file. */
  close(): Promise<void>
}

type Options = {
  readonly clock?: () => number
  readonly report?: Deps['report']
  readonly policy?: PolicyEngine
  readonly outbound?: Outbound
  /** The clock and patience of a shared database, where a test stops the one and shortens the other. */
  readonly shared?: Pick<PostgresOptions, 'clock' | 'patienceMillis'>
  /** Where a device holds the answer keys: how each of them signs. Key files by default. */
  readonly signerFor?: SignerFor
}

/**
 * Opens the gateway that lives in `config.dataDir`, creating keys and tables in an empty folder.
 *
 * @throws ConfigError, KeyError, PolicyError, ContractError, or DamagedLog when the database
 *   contradicts what was signed: then nothing may be signed on top of it. NotServable where it was
 *   moved away, or is no whole copy.
 */
export async function openGateway(config: Config, options: Options = {}): Promise<Gateway> {
  const clock = options.clock ?? Date.now
  const report = options.report ?? reportToStderr
  const around = { environment: environment(), report }
  const sources = await openSources(config.sourcesFile, around)
  const { store, raw, scrub } = await openStore(config, options.shared)
  const closeSources = () => Promise.all([...sources.values()].map((one) => one.close()))
  try {
    await mustBeServable(store.db)
    const folder = keysFolder(config.dataDir)
    const keys = await gatewayKeys(store, folder, clock())
    const { signerFor } = options
    let recorded = () => 0
    const entryTime = () => Math.max(clock(), recorded())
    const keyring = await openKeyring({ folder, clock, entryTime, report, signerFor }, keys)
    const issuer = await settleIssuer(store, config)
    await settleLogKey(store, keys, folder)
    const crypto = nodeCrypto({
      sealing: keyring.sealing,
      pseudonym: secretOf(keys.pseudonym),
      log: keys.log.jwk,
    })
    const log = await openOwnLog({ issuer, keys, store, crypto, clock, report, config })
    recorded = () => log.log.head().timeAt
    const registry = await registryReader(store.db, clock)
    const policy = remembered(options.policy ?? cityPolicy(), registry.version)
    const { signer } = keyring
    const limits = createLimits({ store, crypto })
    const reach = { networks: config.providerNetworks, plain: !config.production }
    const outbound = nodeOutbound(reach)
    const asked = { issuer, signer, crypto, clock, outbound: options.outbound ?? outbound }
    const connectors = {
      snapshot: snapshotConnector(store),
      sql: sqlConnector(sources),
      http: httpConnector(asked),
    }
    const common = { issuer, clock, crypto, signer, store, registry, policy, connectors }
    return {
      deps: { ...common, log: log.log, limits, report, sandbox: config.sandbox },
      own: { logIdentity: log.identity, published: keyring.published },
      get raw() {
        if (!raw) throw new TypeError('this gateway has no file')
        return raw
      },
      scrub,
      sealingKid: () => keyring.sealing.active().kid,
      checkSources: async () => {
        await Promise.all([...sources.values()].map((one) => one.check(clock())))
      },
      close: async () => {
        outbound.close()
        await log.log.drain()
        await closeSources()
        await store.close()
      },
    }
  } catch (error) {
    await closeSources()
    await store.close()
    throw error
  }
}

/** A log has one key for life: keys are created only where nothing was ever signed. */
async function gatewayKeys(store: Store, folder: string, now: number): Promise<GatewayKeys> {
  const loaded = await loadGatewayKeys(folder)
  if (loaded) return loaded
  const { size } = await store.readHead()
  if (size > 0) throw new KeyError(`there is a log of ${size} entries, but no keys in ${folder}`)
  return createGatewayKeys(folder, now)
}

const DEFAULT_HOST = 'http://localhost'

/** The issuer is what every signature and receipt is bound to; a database keeps its own. */
async function settleIssuer({ db }: Store, config: Config): Promise<string> {
  const issuer = config.issuer ?? `${DEFAULT_HOST}:${config.port}`
  const settled = await settle(db, 'issuer', issuer)
  if (config.issuer && settled !== config.issuer)
    throw new ConfigError(
      `${config.databaseUrl ? 'DATABASE_URL' : config.dataDir} 属于签发者 ${settled}，不属于 ${config.issuer}。It belongs to the issuer ${settled}, not to ${config.issuer}: use another one.`,
    )
  return settled
}

/** A log has one key: a node that holds another one must not sign in it. */
async function settleLogKey({ db }: Store, { log }: GatewayKeys, folder: string): Promise<void> {
  const own = String(log.jwk.x)
  if ((await settle(db, 'log-key', own)) !== own)
    throw new KeyError(
      `${folder} holds another log key than the one that this database was signed with`,
    )
}

/** What a database was given first stays: of two nodes that start at once, one is right. */
async function settle(db: Store['db'], key: string, value: string): Promise<string> {
  await db
    .insertInto('meta')
    .values({ key, value })
    .onConflict((on) => on.doNothing())
    .execute()
  const row = db.selectFrom('meta').select('value').where('key', '=', key)
  return (await row.executeTakeFirstOrThrow()).value
}

type OwnLog = Pick<LogDeps, 'store' | 'crypto' | 'clock' | 'report'> & {
  readonly issuer: string
  readonly keys: GatewayKeys
  readonly config: Config
}

/** Whose log it is: named by the issuer's host and path, for life, and by the log's key. */
export function logIdentityOf(issuer: string, { log }: Pick<GatewayKeys, 'log'>) {
  return logIdentity(issuer, String(log.jwk.x))
}

/** @param x the log's public key, base64url, as its JWK and the database have it */
export function logIdentity(issuer: string, x: string) {
  const { host, pathname } = new URL(issuer)
  const origin = `${host}${pathname === '/' ? '' : pathname}/log`
  const publicKey = new Uint8Array(Buffer.from(x, 'base64url'))
  const keyId = noteKeyId(nodeSha256, origin, publicKey)
  return { origin, vkey: formatVkey({ name: origin, keyId, publicKey }), keyId }
}

async function openOwnLog({ issuer, keys, config, ...deps }: OwnLog) {
  const { keyId, ...identity } = logIdentityOf(issuer, keys)
  const noteSigner = {
    name: identity.origin,
    keyId,
    sign: (bytes: Uint8Array) => deps.crypto.logSign(bytes),
  }
  const anchor = fileAnchor(config.anchorDir, deps.report)
  const opened = await openLog({ ...deps, identity, anchor })
  return { log: appender({ ...deps, identity, noteSigner, anchor }, opened), identity }
}

function cityPolicy(): PolicyEngine {
  const folder = join(HOME, 'policies')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const rules = readdirSync(folder).filter((name) => name.endsWith('.cedar'))
  return cedarEngine(cedar, rules.sort().map(read).join('\n'), read('schema.cedarschema'))
}

/** One JSON line an event; no personal data comes here. */
function reportToStderr(
  event: string,
  fields: Readonly<Record<string, string | number>> = {},
): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`)
}
