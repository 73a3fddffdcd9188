import { Kysely } from 'kysely'
import { z } from 'zod'
import { createApp } from '../app.ts'
import { ConfigError, readConfig } from '../config.ts'
import type { Deps } from '../deps.ts'
import { closeOrphans } from '../exchange/intend.ts'
import { joseJws } from '../keys/jws.ts'
import type { Anchor } from '../log/open.ts'
import { keysAt } from '../registry/keys-at.ts'
import { openSheetFile } from '../registry/sheet/open-file.ts'
import { migrate } from '../storage/migrations/index.ts'
import { SQLITE_WORDS } from '../storage/migrations/words.ts'
import { sqliteStore } from '../storage/sqlite.ts'
import type { Tables } from '../storage/tables.ts'
import { compose } from './compose.ts'
import { durableDialect } from './durable-dialect.ts'
import { durableSql } from './durable-sql.ts'
import type { Bucket, DurableStorage } from './durable-storage.ts'
import { settleIssuer, settleLogKey } from './issuer.ts'
import { KEY_NAMES, KeyError, type KeyName, readGatewayKeys } from './key-file.ts'
import { operatorOf } from './operator.ts'
import { pacedAnchor } from './paced-anchor.ts'
import { reportLine } from './report.ts'
import { nobleKeyWrap } from './workers-key-wrap.ts'
import { bundledLook } from './workers-look.ts'
import { workersOutbound } from './workers-outbound.ts'
import { bundledPolicy } from './workers-policies.ts'

/** wrangler.toml's variables and bindings, and the secret `KEYS`. */
export type Environment = Readonly<Record<string, unknown>> & {
  /** What DATA_DIR/keys holds elsewhere: one JSON object, a member for each file. */
  readonly KEYS?: string
  readonly ANCHORS?: Bucket
}

export type WorkersGateway = {
  readonly deps: Deps
  fetch(request: Request): Response | Promise<Response>
}

/** Longer than the lease of an intent. */
const SWEEP_MILLIS = 90_000

/**
 * The gateway that lives in one Durable Object. There are no providers' databases here, so items bound
 * by `sql` are refused as `provider-down`.
 *
 * @throws ConfigError, KeyError, PolicyError, ContractError, or DamagedLog when the storage contradicts
 *   what was signed: then nothing may be signed on top of it.
 */
export async function openWorkersGateway(
  storage: DurableStorage,
  env: Environment,
): Promise<WorkersGateway> {
  const config = readConfig(textsOf(env))
  if (config.issuer === undefined)
    throw new ConfigError('The environment does not fit:\n  ISSUER: needed here')
  const clock = Date.now
  const db = new Kysely<Tables>({ dialect: durableDialect(storage) })
  await storage.transaction(() => migrate(db, SQLITE_WORDS))
  const store = sqliteStore(durableSql(storage), db)
  const texts = readKeys(env.KEYS)
  const keys = readGatewayKeys(texts, (name) => `${name} of KEYS`)
  const issuer = await settleIssuer({ db, where: 'ISSUER' }, config.issuer, config.issuer)
  await settleLogKey({ db, where: 'KEYS' }, keys)
  const reach = { networks: config.providerNetworks, plain: !config.production }
  const outbound = workersOutbound(reach)
  const anchor = env.ANCHORS ? bucketAnchor(env.ANCHORS, config.issuer) : NO_ANCHOR
  const { deps, own } = await compose({
    ...{ config, store, clock, report },
    issuer,
    keys,
    rings: {
      text: async (name) => texts[name],
      textNow: (name) => texts[name],
      nameOf: (name) => `${name} of KEYS`,
    },
    keyWrap: nobleKeyWrap,
    jws: joseJws,
    look: bundledLook(config.productName),
    anchor: () => anchor,
    policy: bundledPolicy(),
    // A provider is asked behind an open intent: whatever happens now, the alarm will look for it.
    outbound: async (...args) => {
      await wakeLater(storage, clock())
      return outbound(...args)
    },
    keysAt: keysAt(outbound.get),
    openSheet: openSheetFile,
  })
  // The object alone holds its storage, so every intent found open now was cut off.
  await closeOrphans(deps, Number.MAX_SAFE_INTEGER)
  const app = createApp(deps, own, { operator: await operatorOf(config) })
  return { deps, fetch: (request) => app.fetch(request) }
}

/** One alarm at a time is enough: what is younger waits for the next. */
export async function wakeLater(storage: DurableStorage, now: number): Promise<void> {
  if ((await storage.getAlarm()) === null) await storage.setAlarm(now + SWEEP_MILLIS)
}

function textsOf(env: Environment): Record<string, string> {
  const texts = Object.entries(env).filter(([, value]) => typeof value === 'string')
  return Object.fromEntries(texts) as Record<string, string>
}

const keysSchema = z.strictObject(
  Object.fromEntries(KEY_NAMES.map((name) => [name, z.looseObject({})])),
)

/** @throws KeyError, which quotes nothing of a secret. */
function readKeys(secret: string | undefined): Record<KeyName, string> {
  if (secret === undefined) throw new KeyError('the secret KEYS is missing')
  try {
    const files = Object.entries(keysSchema.parse(JSON.parse(secret)))
    return Object.fromEntries(files.map(([name, file]) => [name, JSON.stringify(file)])) as Record<
      KeyName,
      string
    >
  } catch {
    throw new KeyError('the secret KEYS is not an object with the four key files')
  }
}

/** A Durable Object's log has one shard: there is no command for another, and nothing to restore it from. */
const NO_LATER = async () => []

/** Without a bucket the start says `anchor-missing`, as it does without an anchor anywhere. */
const NO_ANCHOR: Anchor = {
  read: async () => undefined,
  later: NO_LATER,
  offer: () => {},
  flush: async () => {},
}

function bucketAnchor(bucket: Bucket, issuer: string): Anchor {
  const key = `${encodeURIComponent(issuer)}/checkpoint`
  const read = async () => (await bucket.get(key))?.text()
  return pacedAnchor(
    { read, later: NO_LATER, write: (checkpoint) => bucket.put(key, checkpoint) },
    report,
  )
}

/** Read by `wrangler tail` and the platform's logs. */
export const report: Deps['report'] = (event, fields = {}) => {
  console.error(reportLine(event, fields))
}
