import { decodeBase64, encodeBase64 } from './base64.ts'
import { emptyRoot, HASH_BYTES, type Sha256, sameBytes, verifyConsistency } from './merkle.ts'
import {
  formatNote,
  type NoteSigner,
  openNote,
  parseNote,
  parseVkey,
  type VerifyEd25519,
  webCryptoVerifyEd25519,
} from './note.ts'
import { Rejected } from './rejected.ts'

/** A tree head: this log, at this size, had this root. */
export type Checkpoint = { origin: string; size: number; root: Uint8Array }

/**
 * The text that a log signs: `origin\nsize\nroot\n` (c2sp.org/tlog-checkpoint), no extension lines.
 *
 * @throws {Rejected} when it would not read back as the same checkpoint
 */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${encodeBase64(root)}\n`
  if (parseCheckpoint(text).origin !== origin) throw new Rejected('not an origin')
  return text
}

/**
 * Reads the text of a checkpoint. Extension lines, which auditors cannot check, are refused: our
 * logs write none (c2sp.org/tlog-checkpoint calls them not recommended).
 *
 * @throws {Rejected} for any other form, and for a size of 2^53 or more
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...rest] = text.split('\n')
  if (!origin || size === undefined || root === undefined || end === undefined) {
    throw new Rejected('a checkpoint has an origin, a size and a root')
  }
  if (end !== '' || rest.length > 0) throw new Rejected('a checkpoint has three lines')
  return { origin, size: parseDecimal(size), root: parseHash(root) }
}

/** The checkpoint as a signed note. It must not leave the log before its leaves are durable. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  return formatNote(formatCheckpoint(checkpoint), [signer])
}

/**
 * The checkpoint in a note, once the log `origin` is known to have signed it with the key `vkey`.
 *
 * @returns undefined when the note is not one, is not signed by that key, or speaks for another log
 * @throws {Rejected} when `vkey`, which is ours to know, is not one
 */
export async function openCheckpoint(
  note: string,
  log: { origin: string; vkey: string },
  verify: VerifyEd25519 = webCryptoVerifyEd25519,
): Promise<Checkpoint | undefined> {
  const known = [parseVkey(log.vkey)]
  try {
    const { text } = await openNote(note, { known, verify })
    const checkpoint = parseCheckpoint(text)
    return checkpoint.origin === log.origin ? checkpoint : undefined
  } catch (error) {
    if (error instanceof Rejected) return undefined
    throw error
  }
}

/** What a note says; nothing has verified it. Undefined for what is no checkpoint. */
export function claimedBy(note: string): Checkpoint | undefined {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch (error) {
    if (error instanceof Rejected) return undefined
    throw error
  }
}

/**
 * Whether `newer` only appends to `older`: the same log, and nothing that `older` covered was
 * deleted, edited or reordered. Both must have been opened. From an empty log the proof is empty.
 */
export function extendsCheckpoint(
  sha256: Sha256,
  { older, newer, proof }: { older: Checkpoint; newer: Checkpoint; proof: readonly Uint8Array[] },
): boolean {
  if (older.origin !== newer.origin) return false
  if (older.size === 0) return proof.length === 0 && sameBytes(older.root, emptyRoot(sha256))
  return verifyConsistency({
    sha256,
    oldSize: older.size,
    newSize: newer.size,
    oldRoot: older.root,
    newRoot: newer.root,
    proof,
  })
}

/**
 * A count as checkpoints and receipts write it: ASCII decimal without leading zeros.
 *
 * @throws {Rejected} for any other spelling, and from 2^53 on
 */
export function parseDecimal(text: string): number {
  const value = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw new Rejected('not a decimal number')
  return value
}

/**
 * A hash as checkpoints and receipts write it.
 *
 * @throws {Rejected} unless it is 32 bytes in canonical base64
 */
export function parseHash(text: string): Uint8Array {
  const hash = decodeBase64(text)
  if (hash.length !== HASH_BYTES) throw new Rejected('a hash has 32 bytes')
  return hash
}
