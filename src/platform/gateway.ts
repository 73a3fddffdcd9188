import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { Database } from 'better-sqlite3'
import type { Config } from '../config.ts'
import type { Outbound } from '../connector/http.ts'
import { sqlConnector } from '../connector/sql.ts'
import type { Deps } from '../deps.ts'
import type { Operator } from '../http/operator-proof.ts'
import { type OidcSettings, oidcClient } from '../people/oidc.ts'
import { cedarEngine } from '../policy/cedar.ts'
import type { PolicyEngine } from '../policy/policy.ts'
import { keysAt } from '../registry/keys-at.ts'
import { mustBeServable } from '../storage/marks.ts'
import type { Store } from '../storage/store.ts'
import { fileAnchor } from './anchor.ts'
import { type Composed, compose } from './compose.ts'
import { openStore } from './database.ts'
import { settleIssuer, settleLogKey } from './issuer.ts'
import { nodeJws } from './jws.ts'
import { type GatewayKeys, KeyError } from './key-file.ts'
import type { SignerFor } from './keyring.ts'
import { createGatewayKeys, keysFolder, loadGatewayKeys, ringFiles } from './keys.ts'
import { readLook } from './look.ts'
import { type Measures, unmeasured } from './measures.ts'
import { oidcSettings } from './oidc-settings.ts'
import { operatorOf } from './operator.ts'
import { nodeOutbound } from './outbound.ts'
import { HOME } from './places.ts'
import type { PostgresOptions } from './postgres.ts'
import { reportToStderr } from './report.ts'
import { sheetOpener } from './sheet-threaded.ts'
import { openSources } from './sources.ts'
import { environment } from './terminal.ts'
import { passkeysHere } from './webauthn.ts'

export type Gateway = Composed & {
  /** Who may upload; undefined where nobody may. */
  readonly operator: Operator | undefined
  /** The embedded engine's handle, for faults and checks; the path never touches it. @throws TypeError on another. */
  readonly raw: Database
  readonly engine: string
  /** Removes older copies of what was erased. @returns false where they go later. */
  scrub(): Promise<boolean>
  /** Asks each configured source whether its account can write; how it went is reported. Never throws. */
  checkSources(): Promise<void>
  /** Waits for the log, writes the anchor, closes the file. */
  close(): Promise<void>
}

export type GatewayOptions = {
  readonly clock?: () => number
  readonly report?: Deps['report']
  readonly policy?: PolicyEngine
  readonly outbound?: Outbound
  /** The clock and patience of a shared database, where a test stops the one and shortens the other. */
  readonly shared?: Pick<PostgresOptions, 'clock' | 'timeline' | 'patienceMillis'>
  /** Where a device holds the answer keys: how each of them signs. Key files by default. */
  readonly signerFor?: SignerFor
  readonly measures?: Measures | undefined
  /** The identity provider, where it is not the environment's. */
  readonly oidc?: OidcSettings | undefined
}

/**
 * Opens the gateway that lives in `config.dataDir`, creating keys and tables in an empty folder.
 *
 * @throws ConfigError, KeyError, PolicyError, ContractError, or DamagedLog when the database
 *   contradicts what was signed: then nothing may be signed on top of it. NotServable where it was
 *   moved away, or is no whole copy.
 */
export async function openGateway(config: Config, options: GatewayOptions = {}): Promise<Gateway> {
  const clock = options.clock ?? Date.now
  const measures = options.measures ?? unmeasured
  const report = measures.report(options.report ?? reportToStderr)
  const around = { environment: environment(), report }
  const operator = await operatorOf(config)
  const provider = options.oidc ?? (config.oidc && (await oidcSettings(config.oidc)))
  const passkeys = passkeysHere()
  const look = readLook(config, passkeys?.files)
  const sources = await openSources(config.sourcesFile, around)
  const { store: opened, raw, scrub } = await openStore(config, options.shared)
  const store = measures.store(opened)
  const closeSources = () => Promise.all([...sources.values()].map((one) => one.close()))
  try {
    await mustBeServable(store.db)
    const folder = keysFolder(config.dataDir)
    const keys = await gatewayKeys(store, folder, clock())
    const issuer = await settleOwner(store, config, keys)
    const reach = { networks: config.providerNetworks, plain: !config.production }
    const outbound = nodeOutbound(reach)
    const composed = await compose({
      ...{ config, issuer, store, keys, clock, report, measures },
      look,
      rings: ringFiles(folder),
      signerFor: options.signerFor,
      jws: nodeJws,
      anchor: (shard) => fileAnchor(config.anchorDir, report, shard),
      policy: options.policy ?? cityPolicy(),
      outbound: options.outbound ?? outbound,
      keysAt: keysAt(outbound.get),
      openSheet: sheetOpener(),
      signIn: {
        base: baseOf(config),
        oidc: provider && oidcClient(provider, { clock, fetch }),
        webauthn: passkeys?.webauthn,
      },
      sql: sqlConnector(sources),
    })
    return {
      ...composed,
      operator,
      get raw() {
        if (!raw) throw new TypeError('this gateway has no file')
        return raw
      },
      engine: config.databaseUrl ? 'postgresql' : 'sqlite',
      scrub,
      checkSources: async () => {
        await Promise.all([...sources.values()].map((one) => one.check(clock())))
      },
      close: async () => {
        outbound.close()
        await composed.deps.log.drain()
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

/** A developer who moves to another port stays where his browser is, whatever the data is bound to. */
export function baseOf({ issuer, port }: Pick<Config, 'issuer' | 'port'>): string {
  return issuer ?? `${DEFAULT_HOST}:${port}`
}

/** Whose database it is: the issuer, and the one key that signs its log. @throws ConfigError, KeyError. */
export async function settleOwner(
  { db }: Pick<Store, 'db'>,
  { issuer: wanted, port, databaseUrl, dataDir }: Config,
  keys: GatewayKeys,
): Promise<string> {
  const where = databaseUrl ? 'DATABASE_URL' : dataDir
  const issuer = await settleIssuer({ db, where }, wanted, `${DEFAULT_HOST}:${port}`)
  await settleLogKey({ db, where: keysFolder(dataDir) }, keys)
  return issuer
}

function cityPolicy(): PolicyEngine {
  const folder = join(HOME, 'policies')
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const rules = readdirSync(folder).filter((name) => name.endsWith('.cedar'))
  return cedarEngine(cedar, rules.sort().map(read).join('\n'), read('schema.cedarschema'))
}
