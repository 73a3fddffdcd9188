import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { claimedBy } from '../log/checkpoint.ts'
import type { Anchor } from '../log/open.ts'
import { readIfPresent, writeDurably } from './files.ts'
import { pacedAnchor, type Report } from './paced-anchor.ts'

const FILE = 'checkpoint'

/** A shard's anchor: what an earlier shard left there stays as evidence. */
export function anchorFile(folder: string, shard: number): string {
  return join(folder, shard === 1 ? FILE : `${FILE}-${shard}`)
}

/** Every shard's anchor that is there, by shard. */
export async function readAnchors(folder: string): Promise<ReadonlyMap<number, string>> {
  const anchors = new Map<number, string>()
  for (const shard of await anchoredShards(folder)) {
    const note = await readIfPresent(anchorFile(folder, shard))
    if (note !== undefined) anchors.set(shard, note)
  }
  return anchors
}

async function anchoredShards(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const shards = names.flatMap((name) => {
    const [, digits] = /^checkpoint(?:-([2-9]|[1-9]\d{1,8}))?$/.exec(name) ?? [undefined, '0']
    return digits === '0' ? [] : [Number(digits ?? 1)]
  })
  return shards.sort((one, other) => one - other)
}

/** The anchor as a file. */
export function fileAnchor(folder: string, report: Report, shard: number): Anchor {
  const path = anchorFile(folder, shard)
  const write = async (checkpoint: string) => {
    // A command that appended meanwhile may have written a later one: an anchor never goes back.
    const held = await readIfPresent(path)
    const before = held === undefined ? undefined : claimedBy(held)
    const own = claimedBy(checkpoint)
    if (before && own && before.origin === own.origin && before.size > own.size) return
    await writeDurably(path, checkpoint)
  }
  const later = async () => (await anchoredShards(folder)).filter((other) => other > shard)
  return pacedAnchor({ read: () => readIfPresent(path), later, write }, report)
}
