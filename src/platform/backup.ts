import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { ConfigError } from '../config.ts'
import { mustBeServable } from '../storage/marks.ts'
import { readAnchors } from './anchor.ts'
import { type Anchors, copyGateway, identityOf, mustHold, release, type Steps } from './copy.ts'
import { readIfPresent, sizeOf, writeDurably } from './files.ts'
import { copyFile, nameOf, type Place, readPlace, settleFile } from './place.ts'
import { databaseFile, VERSION } from './places.ts'

const FORMAT = 1
const PRIVATE_FOLDER = 0o700
const PRIVATE = 0o600

/** What `backup.json` says. It is written last: a folder without it is no back-up. */
const description = z.strictObject({
  format: z.literal(FORMAT),
  at: z.iso.datetime(),
  /** What it was taken from; the back-up itself is always one SQLite file. */
  engine: z.enum(['sqlite', 'postgres']),
  version: z.string(),
  origin: z.string(),
  size: z.int().nonnegative(),
  checkpoint: z.string(),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  keys: z.boolean(),
})

export type BackUp = z.infer<typeof description>

export type BackingUp = Steps & {
  readonly from: Place
  readonly to: string
  readonly keys: string
  readonly anchorDir: string
  readonly withKeys: boolean
  readonly now: number
}

/**
 * Copies a gateway as it is at one moment, while it serves, into a new folder, and checks the copy
 * against its checkpoint. Whoever dies in between leaves a folder without `backup.json`.
 *
 * @throws ConfigError where the folder is not empty; NotServable, DamagedLog, KeyError.
 */
export async function backUp(backing: BackingUp): Promise<BackUp> {
  const { from, to, keys, withKeys, now } = backing
  // Read before the database: entries that come meanwhile are beyond it, never behind it.
  const anchors = await readAnchors(backing.anchorDir)
  await mustBeNew(to)
  await mkdir(to, { recursive: true, mode: PRIVATE_FOLDER })
  await chmod(to, PRIVATE_FOLDER)
  const file = databaseFile(to)
  if ('folder' in from) await copyOf(from.folder, file, backing)
  else await copyShared(from, backing, anchors)
  await settleFile(file)
  const { head, origin } = await checkedHead({ folder: to }, keys, anchors)
  if (withKeys) await copyKeys(keys, join(to, 'keys'))
  if (head.checkpoint !== '') await writeDurably(join(to, 'checkpoint'), head.checkpoint, PRIVATE)
  const made: BackUp = {
    format: FORMAT,
    at: new Date(now).toISOString(),
    engine: 'folder' in from ? 'sqlite' : 'postgres',
    version: VERSION,
    origin,
    size: head.base + head.size,
    checkpoint: head.checkpoint,
    bytes: await sizeOf(file),
    sha256: await hashOf(file),
    keys: withKeys,
  }
  await writeDurably(join(to, 'backup.json'), `${JSON.stringify(made, null, 2)}\n`, PRIVATE)
  return made
}

/** @throws ConfigError where the folder is no complete back-up, or its file is not the one it describes. */
export async function readBackUp(folder: string): Promise<BackUp> {
  const text = await readIfPresent(join(folder, 'backup.json'))
  if (text === undefined)
    throw new ConfigError(
      `${folder} 不是一份完整的备份（没有 backup.json）。${folder} is no complete back-up: it has no backup.json.`,
    )
  const read = description.safeParse(parsed(text))
  if (!read.success)
    throw new ConfigError(
      `${folder}/backup.json 不是本版本能读的备份说明。${folder}/backup.json is not of a form that this version reads.`,
    )
  const file = databaseFile(folder)
  if ((await sizeOf(file)) !== read.data.bytes || (await hashOf(file)) !== read.data.sha256)
    throw new ConfigError(
      `${file} 已损坏：与 backup.json 不符。${file} is damaged: it is not what backup.json describes. Use another back-up.`,
    )
  return read.data
}

async function copyOf(folder: string, file: string, { onRows }: Steps): Promise<void> {
  const source = await readPlace({ folder })
  await mustBeServable(source.db).finally(source.close)
  await copyFile(folder, file, onRows)
}

async function copyShared(
  from: Place,
  { to, keys, onRows, onEntries }: BackingUp,
  anchors: Anchors,
): Promise<void> {
  const store = await readPlace(from)
  try {
    await mustBeServable(store.db)
    const steps = { ...(onRows ? { onRows } : {}), ...(onEntries ? { onEntries } : {}) }
    const copy = await copyGateway(
      { store, name: nameOf(from), keys },
      { folder: to },
      { anchors, ...steps },
    )
    await release(copy).finally(copy.target.close)
    await rm(join(to, 'serving.lock'), { force: true })
  } finally {
    await store.close()
  }
}

async function checkedHead(place: Place, keys: string, anchors: Anchors) {
  const store = await readPlace(place)
  try {
    const identity = await identityOf(store, keys)
    return { head: await mustHold(store, identity, anchors), origin: identity.origin }
  } finally {
    await store.close()
  }
}

/** Every file of a folder of keys, for its owner alone. */
export async function copyKeys(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: PRIVATE_FOLDER })
  for (const name of await readdir(from))
    if (name.endsWith('.json'))
      await writeDurably(join(to, name), await readFile(join(from, name)), PRIVATE)
}

async function mustBeNew(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  })
  if (there.length > 0)
    throw new ConfigError(
      `${folder} 不是空的：每份备份用一个新文件夹。${folder} is not empty: each back-up goes into a new folder.`,
    )
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
