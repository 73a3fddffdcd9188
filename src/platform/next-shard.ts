import type { Config } from '../config.ts'
import { type Opened, openNextShard, planNextShard, type ShardPlan } from '../log/next-shard.ts'
import { loadEdge } from '../log/open.ts'
import { readPast } from '../log/past.ts'
import { mustBeServable } from '../storage/marks.ts'
import type { Store } from '../storage/store.ts'
import { anchorFile, fileAnchor, readAnchors } from './anchor.ts'
import { logSigner, nodeSha256 } from './crypto.ts'
import { openStore } from './database.ts'
import { settleOwner } from './gateway.ts'
import { type GatewayKeys, KeyError } from './key-file.ts'
import { keysFolder, loadGatewayKeys } from './keys.ts'
import { holdPlace } from './lock.ts'
import { logIdentityOf } from './own-log.ts'
import type { PostgresOptions } from './postgres.ts'
import { reportToStderr } from './report.ts'

type Options = {
  /** A checkpoint that somebody else kept. */
  readonly seen?: string | undefined
  readonly clock?: () => number
  readonly shared?: Pick<PostgresOptions, 'clock'>
}

export type ShardChange = {
  readonly plan: ShardPlan
  /** @throws ShardError. @returns the new head, durable, and the file of its anchor. */
  commit(reason: string): Promise<Opened & { readonly anchor: string }>
  close(): Promise<void>
}

/**
 * Looks at what a stopped gateway holds and what the anchors and `seen` prove beyond it. Nothing is
 * written before `commit`; until `close` no gateway can serve the folder, and where nodes share a
 * database none can start. One that serves there all the same signs nothing after the commit: what is
 * stored does not follow from what it holds.
 *
 * @throws ConfigError while a gateway serves; KeyError; ShardError; DamagedLog where what is held
 *   contradicts itself: then an intact back-up is needed first.
 */
export async function openShardChange(
  config: Config,
  { seen, clock = Date.now, shared }: Options = {},
): Promise<ShardChange> {
  const place = await holdPlace(config)
  let store: Store | undefined
  const close = async () => {
    await store?.close()
    await place.release()
  }
  try {
    const keys = await loadGatewayKeys(keysFolder(config.dataDir))
    if (!keys) throw new KeyError(`there are no keys in ${keysFolder(config.dataDir)}`)
    // Before the database: whoever appends between the two would seem to be lost.
    const anchors = await readAnchors(config.anchorDir)
    const opened = (await openStore(config, shared)).store
    store = opened
    // A gateway that was moved goes on elsewhere: a shard begun here would be its second life.
    await mustBeServable(opened.db)
    const issuer = await settleOwner(opened, config, keys)
    const plan = await plannedFor({ store: opened, issuer, keys }, { anchors, seen })
    const { anchorDir } = config
    const commit = async (reason: string) => {
      const { keyId, ...identity } = logIdentityOf(issuer, keys, plan.shard)
      const signer = { name: identity.origin, keyId, sign: logSigner(keys.log.jwk) }
      const next = { ...identity, signer }
      const done = await openNextShard({ store: opened, crypto, clock, next }, plan, reason)
      const anchor = fileAnchor(anchorDir, reportToStderr, plan.shard)
      anchor.offer(done.head.checkpoint)
      await anchor.flush()
      return { ...done, anchor: anchorFile(anchorDir, plan.shard) }
    }
    return { plan, commit, close }
  } catch (error) {
    await close()
    throw error
  }
}

const crypto = { sha256: nodeSha256 }

type Stored = { readonly store: Store; readonly issuer: string; readonly keys: GatewayKeys }
type Outside = {
  readonly anchors: ReadonlyMap<number, string>
  readonly seen: string | undefined
}

async function plannedFor(
  { store, issuer, keys }: Stored,
  { anchors, seen }: Outside,
): Promise<ShardPlan> {
  const identityOf = (shard: number) => {
    const { origin, vkey } = logIdentityOf(issuer, keys, shard)
    return { origin, vkey }
  }
  const { shard } = await store.readHead()
  const identity = identityOf(shard)
  const loaded = await loadEdge({ store, crypto, identity })
  await readPast({ store, crypto, identity }, loaded)
  const notes = [...anchors].flatMap(([of, note]) => (of < shard ? [] : [note]))
  const all = seen === undefined ? notes : [...notes, seen]
  return planNextShard({ store, crypto, identityOf }, { ...identity, ...loaded }, all)
}
