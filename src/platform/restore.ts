import { constants } from 'node:fs'
import { copyFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DamagedLog } from '../log/open.ts'
import type { Store } from '../storage/store.ts'
import { readAnchors } from './anchor.ts'
import { type BackUp, copyKeys, readBackUp } from './backup.ts'
import {
  type Anchors,
  copyGateway,
  identityOf,
  mustHold,
  notEmpty,
  release,
  type Steps,
} from './copy.ts'
import { syncFolder } from './files.ts'
import { loadGatewayKeys } from './keys.ts'
import { holdFolder } from './lock.ts'
import { nameOf, obstacleIn, type Place, readPlace, settleFile } from './place.ts'
import { databaseFile } from './places.ts'

export type Restoring = Steps & {
  readonly from: string
  readonly to: Place
  /** Where the restored gateway looks for its keys. */
  readonly keys: string
  readonly anchorDir: string
}

/**
 * `keys`: whether they are there, and who brought them. `anchor`: what the checkpoint that is kept outside
 * says of it; where it `contradicts`, `why`, and the gateway will not sign.
 */
export type Restored = {
  readonly backUp: BackUp
  readonly keys: 'kept' | 'restored' | 'missing'
  readonly anchor: 'none' | 'holds' | 'contradicts'
  readonly why?: string
}

/**
 * Brings a back-up back into an empty place. The checkpoint outside is left as it is, on purpose: it alone
 * knows whether more was signed since.
 *
 * @throws ConfigError where the place is not empty, or the back-up not whole; KeyError, DamagedLog.
 */
export async function restoreGateway({
  from,
  to,
  keys,
  anchorDir,
  ...steps
}: Restoring): Promise<Restored> {
  const backUp = await readBackUp(from)
  const obstacle = await obstacleIn(to)
  if (obstacle) throw notEmpty(to, obstacle === 'used')
  const had = await loadGatewayKeys(keys)
  if ('folder' in to) await restoreFile(from, to.folder, keys)
  else await restoreShared(from, to, { keys, steps })
  if (!had && backUp.keys) await copyKeys(join(from, 'keys'), keys)
  const store = await readPlace(to)
  try {
    const standing = await standingOf(store, keys, await readAnchors(anchorDir))
    return { backUp, keys: had ? 'kept' : backUp.keys ? 'restored' : 'missing', ...standing }
  } finally {
    await store.close()
  }
}

/** The file gets its name when it is whole, and was found to belong to the keys that are there. */
async function restoreFile(from: string, folder: string, keys: string): Promise<void> {
  const source = await readPlace({ folder: from })
  await identityOf(source, keys).finally(source.close)
  const held = holdFolder(folder)
  try {
    const draft = `${databaseFile(folder)}.restoring`
    await copyFile(databaseFile(from), draft, constants.COPYFILE_FICLONE)
    await settleFile(draft)
    await rename(draft, databaseFile(folder))
    await syncFolder(folder)
  } finally {
    held.release()
  }
}

async function restoreShared(
  from: string,
  to: Place,
  { keys, steps }: { keys: string; steps: Steps },
): Promise<void> {
  const source = await readPlace({ folder: from })
  try {
    const copy = await copyGateway(
      { store: source, name: nameOf({ folder: from }), keys },
      to,
      steps,
    )
    await release(copy).finally(copy.target.close)
  } finally {
    await source.close()
  }
}

async function standingOf(
  store: Store,
  keys: string,
  anchors: Anchors,
): Promise<Pick<Restored, 'anchor' | 'why'>> {
  const identity = await identityOf(store, keys)
  await mustHold(store, identity)
  if (anchors.size === 0) return { anchor: 'none' }
  try {
    await mustHold(store, identity, anchors)
    return { anchor: 'holds' }
  } catch (error) {
    if (!(error instanceof DamagedLog)) throw error
    return { anchor: 'contradicts', why: error.message }
  }
}
