import { decodeBase64, encodeBase64 } from './base64.ts'
import { parseDecimal, parseHash } from './checkpoint.ts'
import { HASH_BYTES } from './merkle.ts'
import { Rejected } from './rejected.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'
const MAX_PROOF_HASHES = 63
const MAX_RECEIPT_LENGTH = 512 * 1024

/** That a leaf is in a log: enough to check it offline against the log's key. */
export type Receipt = {
  index: number
  /** Inclusion proof, leaf's sibling first. */
  proof: readonly Uint8Array[]
  /** The signed note, as the log published it. */
  checkpoint: string
  /** Opaque, and authenticated by nothing in the receipt. */
  extra?: Uint8Array
}

/**
 * The text of a `.tlog-proof` file (c2sp.org/tlog-proof@v1). Written once per answer, so it looks
 * only at what the caller could get wrong.
 *
 * @throws {RangeError} when `parseReceipt` would not read it
 */
export function formatReceipt({ index, proof, checkpoint, extra }: Receipt): string {
  const proofOk =
    proof.length <= MAX_PROOF_HASHES && proof.every((hash) => hash.length === HASH_BYTES)
  if (!Number.isSafeInteger(index) || index < 0 || !proofOk) throw new RangeError('not a proof')
  const lines = [HEADER]
  if (extra !== undefined) lines.push(`extra ${encodeBase64(extra)}`)
  lines.push(`index ${index}`, ...proof.map(encodeBase64), '', checkpoint)
  return lines.join('\n')
}

/**
 * Takes a receipt apart; verifies nothing, and does not look into the checkpoint.
 *
 * @throws {Rejected} for any other form, more than 63 hashes, or an index of 2^53 or more
 */
export function parseReceipt(text: string): Receipt {
  if (text.length > MAX_RECEIPT_LENGTH) throw new Rejected('the receipt is too large')
  const split = text.indexOf('\n\n')
  if (split < 0) throw new Rejected('the receipt has no checkpoint')
  const [header, ...lines] = text.slice(0, split).split('\n')
  if (header !== HEADER) throw new Rejected(`the receipt does not begin with ${HEADER}`)
  const extra = lines[0]?.startsWith('extra ') ? lines.shift()?.slice('extra '.length) : undefined
  const index = lines.shift()
  if (!index?.startsWith('index ')) throw new Rejected('the receipt has no index')
  if (lines.length > MAX_PROOF_HASHES) throw new Rejected('the receipt has too many hashes')
  return {
    index: parseDecimal(index.slice('index '.length)),
    proof: lines.map(parseHash),
    checkpoint: text.slice(split + 2),
    ...(extra !== undefined && { extra: decodeBase64(extra) }),
  }
}
