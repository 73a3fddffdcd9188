import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { climb, type Digest, leafBytes, type Rung, sameBytes } from './merkle.ts'
import { openNote, parseNote, parseVkey, webCryptoVerifyEd25519 } from './note.ts'
import { parseReceipt, type Receipt } from './receipt.ts'
import { Rejected } from './rejected.ts'
import type { Trust } from './trust.ts'

export type Check = { ok: boolean; detail: string }

/** A record of whatever kind, and that it is in the log: the leaf's exact text, a `.tlog-proof` text. */
export type EntryProof = { entry: string; receipt: string }

export type EntryVerdict = {
  ok: boolean
  checks: { inclusion: Check; checkpoint: Check }
  /** From the leaf to the root, once they are known to meet. */
  way?: { leafHash: Uint8Array; rungs: readonly Rung[] }
  /** Once the log's signature has verified. */
  checkpoint?: Checkpoint
}

/**
 * Judges offline that an entry stands in the log: that its proof leads to the root of the receipt's
 * checkpoint, and that a trusted log signed that. What was asked and answered it cannot say:
 * `verifyEvidence` does, given both signed strings. It does no I/O and runs in browsers as it stands.
 *
 * @returns a verdict for every input; it does not throw
 */
export async function verifyEntry(
  { entry, receipt }: EntryProof,
  trust: Pick<Trust, 'log'>,
  sha256: Digest,
): Promise<EntryVerdict> {
  let way: EntryVerdict['way']
  let checkpoint: Checkpoint | undefined
  const inclusion = await check(async () => {
    const { detail, ...found } = await checkInclusion({ entry, receipt }, sha256)
    way = found
    return detail
  })
  const signature = await check(async () => {
    checkpoint = await openTrusted(receipt, trust)
    return signedBy(checkpoint)
  })
  return {
    ok: inclusion.ok && signature.ok,
    checks: { inclusion, checkpoint: signature },
    ...(way !== undefined && { way }),
    ...(checkpoint !== undefined && { checkpoint }),
  }
}

/** What a judge says, or why it refused. */
export async function check(judge: () => string | Promise<string>): Promise<Check> {
  try {
    return { ok: true, detail: await judge() }
  } catch (error) {
    return { ok: false, detail: error instanceof Rejected ? error.message : 'cannot be judged' }
  }
}

/** @throws {Rejected} where the proof does not lead from the entry to the root that its checkpoint names */
export async function checkInclusion(
  { entry, receipt }: EntryProof,
  sha256: Digest,
): Promise<{ detail: string; leafHash: Uint8Array; rungs: readonly Rung[] }> {
  const { index, proof, checkpoint } = readReceipt(receipt)
  const { size, root } = parseCheckpoint(parseNote(checkpoint).text)
  const leafHash = await sha256(leafBytes(new TextEncoder().encode(entry)))
  const rungs = await climb({ sha256, index, size, leafHash, proof })
  const reached = rungs && (rungs.at(-1)?.node ?? leafHash)
  if (!entry.isWellFormed() || !reached || !sameBytes(reached, root)) {
    throw new Rejected('the proof does not lead from the entry to the root')
  }
  return { detail: `leaf ${index} of ${size}`, leafHash, rungs }
}

/** @throws {Rejected} unless a log that the trust file names, with its key there, signed the checkpoint */
export async function openTrusted(receipt: string, trust: Pick<Trust, 'log'>): Promise<Checkpoint> {
  const { checkpoint } = readReceipt(receipt)
  const { origin } = parseCheckpoint(parseNote(checkpoint).text)
  const logs = trust.log.filter((log) => log.origin === origin)
  if (logs.length === 0) throw new Rejected('the trust file does not name the log')
  const known = logs.map(({ vkey }) => parseVkey(vkey))
  const { text } = await openNote(checkpoint, { known, verify: webCryptoVerifyEd25519 })
  return parseCheckpoint(text)
}

export function signedBy({ origin, size }: Pick<Checkpoint, 'origin' | 'size'>): string {
  return `signed by ${origin} at size ${size}`
}

/** Ours carry no `extra`: no signature covers it, so it could say anything. */
function readReceipt(text: string): Receipt {
  const receipt = parseReceipt(text)
  if (receipt.extra !== undefined) throw new Rejected('the receipt carries unauthenticated data')
  return receipt
}
