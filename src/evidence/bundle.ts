import type { SyncCrypto } from '../crypto.ts'
import type { Log } from '../log/append.ts'
import { inclusionProof } from '../log/proof.ts'
import { pastTileReader, tileReader } from '../log/read.ts'
import { formatReceipt } from '../log/receipt.ts'
import { placeOf } from '../log/shard.ts'
import type { Store } from '../storage/store.ts'
import type { SignedStrings } from './seal.ts'

/** One file that anyone checks offline, against keys obtained beforehand: it carries none itself. */
export type EvidenceBundle = Pick<SignedStrings, 'request' | 'answer'> & {
  /** The leaf's exact canonical text. */
  readonly entry: string
  /** A `.tlog-proof` (c2sp.org/tlog-proof@v1) under the last committed checkpoint of its shard. */
  readonly receipt: string
}

type Needs = {
  readonly store: Store
  readonly log: Pick<Log, 'covering' | 'past'>
  readonly crypto: SyncCrypto
}

/** @throws Error when no shard holds a record of that number. */
export async function evidenceBundle(
  needs: Needs,
  number: number,
  { request, answer }: Pick<SignedStrings, 'request' | 'answer'>,
): Promise<EvidenceBundle> {
  return { request, answer, ...(await entryProof(needs, number)) }
}

/** A record of whatever kind, and that it is in the log. @throws Error like `evidenceBundle`. */
export async function entryProof(
  { store, log, crypto }: Needs,
  number: number,
): Promise<Pick<EvidenceBundle, 'entry' | 'receipt'>> {
  const { index, readTile, size, checkpoint } = await treeOf({ store, log }, number)
  const entry = await store.readLeaf(number)
  if (entry === undefined) throw new Error(`no entry ${number}`)
  const proof = await inclusionProof(crypto.sha256, readTile, index, size)
  return { entry, receipt: formatReceipt({ index, proof, checkpoint }) }
}

/** The signed tree that a record stands in, and its leaf's index there. */
async function treeOf({ store, log }: Pick<Needs, 'store' | 'log'>, number: number) {
  const place = placeOf(log.past, number)
  if (place) {
    const { size, checkpoint } = place.log
    return { index: place.index, size, checkpoint, readTile: pastTileReader(store, place.log) }
  }
  const shown = await log.covering(number)
  const { size, checkpoint, base } = shown.head
  return { index: number - base, size, checkpoint, readTile: tileReader(store, () => shown) }
}
