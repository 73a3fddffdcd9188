import { randomUUID } from 'node:crypto'
import { ConfigError } from '../config.ts'
import { checkLog } from '../log/check.ts'
import { DamagedLog, type LogIdentity, loadEdge, mustContain } from '../log/open.ts'
import { copyTables, schemaOf } from '../storage/copy.ts'
import { markServable, markUnfinished } from '../storage/marks.ts'
import type { Head, Store } from '../storage/store.ts'
import { nodeSha256 } from './crypto.ts'
import { KeyError } from './key-file.ts'
import { loadGatewayKeys } from './keys.ts'
import { logIdentityOf } from './own-log.ts'
import { nameOf, obstacleIn, openTarget, type Place, type Target } from './place.ts'

export type Steps = {
  readonly onRows?: (done: number, total: number) => void
  readonly onEntries?: (done: number, size: number) => void
}

/** A copy, complete and checked, that may not be served yet. */
export type Copy = { readonly target: Target; readonly head: Head; readonly rows: number }

export type Anchors = ReadonlyMap<number, string>

const NO_ANCHORS: Anchors = new Map()
const crypto = { sha256: nodeSha256 }

/**
 * Copies a gateway into an empty place and derives its whole log there again. Whoever dies in between
 * leaves the source as it was and a copy that no gateway serves.
 *
 * @param from shows one state for as long as this takes
 * @param anchors the checkpoints that are kept outside the source, by shard
 * @throws ConfigError where the place is not empty; DamagedLog where the log does not hold.
 */
export async function copyGateway(
  from: { readonly store: Store; readonly name: string; readonly keys: string },
  to: Place,
  {
    anchors = NO_ANCHORS,
    move = randomUUID(),
    ...steps
  }: Steps & { anchors?: Anchors; move?: string },
): Promise<Copy> {
  const identity = await identityOf(from.store, from.keys)
  // What is damaged already need not be copied to be found.
  await mustHold(from.store, identity, anchors)
  const obstacle = await obstacleIn(to)
  if (obstacle) throw notEmpty(to, obstacle === 'used')
  const target = await openTarget(to)
  try {
    const { db } = target.store
    if ((await schemaOf(db)) !== (await schemaOf(from.store.db))) throw otherVersion(from.name)
    await markUnfinished(db, { move, from: from.name, isWhole: false })
    const rows = await copyTables(from.store.db, db, steps.onRows)
    await target.settle()
    const head = await mustHold(target.store, identity, anchors)
    const { checkpoint } = await from.store.readHead()
    if (head.checkpoint !== checkpoint) throw new DamagedLog('the copy has another head')
    const report = await checkLog(
      { store: target.store, identity, crypto, others: [...anchors.values()] },
      steps.onEntries,
    )
    if (!report.ok) throw new DamagedLog(report.faults.map(({ what }) => what).join('; '))
    await markUnfinished(db, { move, from: from.name, isWhole: true })
    return { target, head, rows }
  } catch (error) {
    await target.close()
    throw error
  }
}

/** Lets gateways serve a copy. Call it when nothing can be signed in its source any more, or by nobody else. */
export async function release({ target }: Pick<Copy, 'target'>): Promise<void> {
  await markServable(target.store.db)
}

/** @returns a copy that is whole and still waits to be released; undefined where there is none of this move. */
export async function wholeCopyIn(place: Place, move: string): Promise<Copy | undefined> {
  const obstacle = await obstacleIn(place)
  if (!obstacle || obstacle === 'used' || !obstacle.isWhole || obstacle.move !== move)
    return undefined
  const target = await openTarget(place)
  try {
    return { target, head: await target.store.readHead(), rows: 0 }
  } catch (error) {
    await target.close()
    throw error
  }
}

/** The right edge, and that it contains what is kept outside. @throws DamagedLog. */
export async function mustHold(
  store: Store,
  identity: LogIdentity,
  anchors: Anchors = NO_ANCHORS,
): Promise<Head> {
  const loaded = await loadEdge({ store, identity, crypto })
  const { shard } = loaded.head
  const later = [...anchors.keys()].find((other) => other > shard)
  if (later !== undefined)
    throw new DamagedLog(
      `shard ${later} has signed checkpoints, and is not here: it was rolled back`,
    )
  const anchor = anchors.get(shard)
  if (anchor !== undefined)
    await mustContain({ store, identity, crypto }, loaded, anchor, 'the anchor')
  return loaded.head
}

/**
 * Whose log it is, as the database itself says: it must be the one that the keys beside it, if any, sign.
 *
 * @throws KeyError.
 */
export async function identityOf(store: Store, keys: string): Promise<LogIdentity> {
  const rows = await store.db
    .selectFrom('meta')
    .selectAll()
    .where('key', 'in', ['issuer', 'log-key'])
    .execute()
  const meta = new Map(rows.map(({ key, value }) => [key, value]))
  const own = (await loadGatewayKeys(keys))?.log.jwk.x
  const issuer = meta.get('issuer')
  const x = meta.get('log-key') ?? own
  if (issuer === undefined || x === undefined)
    throw new KeyError('nobody knows the log’s key: name the folder of its keys with DATA_DIR')
  if (own !== undefined && own !== x)
    throw new KeyError(
      `${keys} holds another log key than the one that this database was signed with`,
    )
  const { shard } = await store.readHead()
  const { origin, vkey } = logIdentityOf(issuer, { log: { jwk: { x } } } as never, shard)
  return { origin, vkey }
}

export function notEmpty(place: Place, isUsed: boolean): ConfigError {
  const name = nameOf(place)
  return new ConfigError(
    isUsed
      ? `${name} 不是空的。${name} is not empty: name a new folder or an empty database.`
      : `${name} 里有一份没有完成的副本：请删除后重来。${name} holds an unfinished copy: remove it (the folder, or DROP DATABASE), then run this again.`,
  )
}

function otherVersion(name: string): ConfigError {
  return new ConfigError(
    `${name} 的表结构与本版本不同：请先用本版本启动一次。${name} has tables of another version: start it once with this one.`,
  )
}
