import type { SyncCrypto } from '../crypto.ts'
import type { Log } from '../log/append.ts'
import { inclusionProof } from '../log/proof.ts'
import { tileReader } from '../log/read.ts'
import { formatReceipt } from '../log/receipt.ts'
import type { Store } from '../storage/store.ts'
import type { SignedStrings } from './seal.ts'

/** One file that anyone checks offline, against keys obtained beforehand: it carries none itself. */
export type EvidenceBundle = Pick<SignedStrings, 'request' | 'answer'> & {
  /** The leaf's exact canonical text. */
  readonly entry: string
  /** A `.tlog-proof` (c2sp.org/tlog-proof@v1) under the last committed checkpoint. */
  readonly receipt: string
}

type Needs = {
  readonly store: Store
  readonly log: Pick<Log, 'covering'>
  readonly crypto: SyncCrypto
}

/** @throws Error when the log does not hold that index. */
export async function evidenceBundle(
  { store, log, crypto }: Needs,
  index: number,
  pair: Pick<SignedStrings, 'request' | 'answer'>,
): Promise<EvidenceBundle> {
  const { head, edge } = await log.covering(index)
  const entry = await store.readLeaf(index)
  if (entry === undefined) throw new Error(`no entry ${index}`)
  const readTile = tileReader(store, () => edge)
  const proof = await inclusionProof(crypto.sha256, readTile, index, head.size)
  const receipt = formatReceipt({ index, proof, checkpoint: head.checkpoint })
  return { request: pair.request, answer: pair.answer, entry, receipt }
}
