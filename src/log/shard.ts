import { z } from 'zod'

/** Whose log it is: `origin` is the issuer's host and the shard's name; `vkey` verifies its checkpoints. */
export type LogIdentity = { readonly origin: string; readonly vkey: string }

/** A shard that is closed, as the first entry of the next one names it. */
export type PastLog = LogIdentity & {
  readonly shard: number
  /** The number of its first entry. */
  readonly base: number
  /** How many of its entries are held; what else it signed is lost. */
  readonly size: number
  /** The last signed note that is held; empty where no entry is. */
  readonly checkpoint: string
}

const count = z.int().min(0)

const shardStart = z.strictObject({
  base: count,
  origin: z.string(),
  predecessor: z.strictObject({
    base: count,
    checkpoint: z.string(),
    origin: z.string(),
    shard: z.int().min(1),
    vkey: z.string(),
  }),
  reason: z.string(),
  seen: z.array(z.string()),
  shard: z.int().min(2),
})

/**
 * What the first entry of a later shard says: which log it goes on from and why. `checkpoint` is the last
 * one that is held; `seen` are those of which only the note is left, and so the proof of a loss.
 */
export type ShardStart = z.infer<typeof shardStart>

/** The last segment of a shard's origin and address: `log`, `log-2`, `log-3` … */
export function shardName(shard: number): string {
  return shard === 1 ? 'log' : `log-${shard}`
}

/**
 * Which shard an origin names.
 *
 * @param first the origin of shard 1
 * @returns undefined for another gateway's, and for any spelling that `shardName` would not give
 */
export function shardOf(origin: string, first: string): number | undefined {
  if (origin === first) return 1
  const [, digits = ''] = /^-([2-9]|[1-9]\d{1,8})$/.exec(origin.slice(first.length)) ?? []
  return origin.startsWith(first) && digits !== '' ? Number(digits) : undefined
}

/** Where a record stands, of those that closed shards hold; undefined for all others. */
export function placeOf(
  past: readonly PastLog[],
  number: number,
): { readonly log: PastLog; readonly index: number } | undefined {
  const log = past.find(({ base, size }) => number >= base && number < base + size)
  return log && { log, index: number - log.base }
}

/** @returns undefined where the leaf is not the first of that shard. */
export function readShardStart(
  leaf: string,
  own: { readonly shard: number; readonly origin: string; readonly base: number },
): ShardStart | undefined {
  const read = shardLeaf.safeParse(parseJson(leaf))
  if (!read.success) return undefined
  const { shard } = read.data
  const isOwn = shard.shard === own.shard && shard.origin === own.origin && shard.base === own.base
  const goesOn = shard.predecessor.shard < own.shard && shard.predecessor.base <= own.base
  return isOwn && goesOn ? shard : undefined
}

const shardLeaf = z.looseObject({ kind: z.literal('shard'), shard: shardStart })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
