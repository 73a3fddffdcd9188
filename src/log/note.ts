import { decodeBase64, encodeBase64 } from './base64.ts'
import { type Sha256, sameBytes } from './merkle.ts'
import { Rejected } from './rejected.ts'

/** Room for far more than the 16 post-quantum signatures of ~5 kB that a verifier must accept. */
const MAX_NOTE_LENGTH = 256 * 1024
const MAX_SIGNATURES = 100
const ED25519 = 0x01

/** A key that signs notes; the platform holds it. `sign` gives 64 bytes of Ed25519. */
export type NoteSigner = {
  name: string
  keyId: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

/** A key that notes are checked against, as a vkey line names it. */
export type NoteKey = { name: string; keyId: Uint8Array; publicKey: Uint8Array }

type NoteSignature = { name: string; keyId: Uint8Array; signature: Uint8Array }

/** A note taken apart. Its text says nothing until `openNote` has verified it. */
export type Note = { text: string; signatures: NoteSignature[] }

/** Whether an Ed25519 signature (RFC 8032) is valid. Rejected keys and signatures are invalid. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>

/** Ed25519 by WebCrypto, which Node, Workers and current browsers have. */
export async function webCryptoVerifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const raw = new Uint8Array(publicKey)
    const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
    const [signed, bytes] = [new Uint8Array(signature), new Uint8Array(message)]
    return await crypto.subtle.verify('Ed25519', key, signed, bytes)
  } catch {
    return false
  }
}

/** Key id: the first 4 bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key) (c2sp.org/signed-note). */
export function noteKeyId(sha256: Sha256, name: string, publicKey: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${name}\n`)
  return new Uint8Array(sha256(new Uint8Array([...head, ED25519, ...publicKey])).subarray(0, 4))
}

/**
 * The vkey line of an Ed25519 key: `name+hex8(key id)+base64(0x01 ‖ public key)`.
 *
 * @throws {Rejected} when `parseVkey` would not read it
 */
export function formatVkey({ name, keyId, publicKey }: NoteKey): string {
  const id = Array.from(keyId, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const vkey = `${name}+${id}+${encodeBase64(new Uint8Array([ED25519, ...publicKey]))}`
  parseVkey(vkey)
  return vkey
}

/**
 * Reads a vkey line. Only type 0x01 (Ed25519) is known here. The key id is taken as it stands: it
 * finds signatures and proves nothing, so a wrong one only finds none.
 *
 * @throws {Rejected} for any other form
 */
export function parseVkey(vkey: string): NoteKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey)
  if (match === null) throw new Rejected('not a vkey')
  const [, name = '', id = '', encoded = ''] = match
  assertKeyName(name)
  const typed = decodeBase64(encoded)
  if (typed[0] !== ED25519 || typed.length !== 33) throw new Rejected('not an Ed25519 vkey')
  const keyId = Uint8Array.from([0, 2, 4, 6], (at) => Number.parseInt(id.slice(at, at + 2), 16))
  return { name, keyId, publicKey: typed.slice(1) }
}

/**
 * Signs a text: the text, an empty line, a signature line per signer.
 *
 * @param text ends with a newline; may contain empty lines
 * @throws {Rejected} when the result would not be a note that `parseNote` reads
 */
export function formatNote(text: string, signers: readonly NoteSigner[]): string {
  const message = new TextEncoder().encode(text)
  const lines = signers.map((signer) => {
    const signature = new Uint8Array([...signer.keyId, ...signer.sign(message)])
    return `\u2014 ${signer.name} ${encodeBase64(signature)}\n`
  })
  const note = `${text}\n${lines.join('')}`
  if (parseNote(note).text !== text) throw new Rejected('the text does not end with a newline')
  return note
}

/**
 * Takes a note apart at its last empty line (c2sp.org/signed-note); verifies nothing.
 *
 * @throws {Rejected} unless it is well-formed Unicode without control characters but LF, within
 *   256 KiB, with 1–100 well-formed signature lines in canonical base64
 */
export function parseNote(note: string): Note {
  if (note.length > MAX_NOTE_LENGTH) throw new Rejected('the note is too large')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
  if (!note.isWellFormed() || /[\0-\x09\x0b-\x1f]/.test(note)) {
    throw new Rejected('the note has characters that no note may have')
  }
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) throw new Rejected('the note has no signatures')
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) throw new Rejected('the note has too many signatures')
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignatureLine) }
}

/**
 * The text of a note that at least one of the known keys signed, and which of them did.
 *
 * @param known keys obtained beforehand; signatures by other keys are ignored
 * @throws {Rejected} as `parseNote`; when no known key signed; and when a signature in the name
 *   and id of a known key does not verify, whatever else is on the note
 */
export async function openNote(
  note: string,
  { known, verify }: { known: readonly NoteKey[]; verify: VerifyEd25519 },
): Promise<{ text: string; signedBy: NoteKey[] }> {
  const { text, signatures } = parseNote(note)
  const message = new TextEncoder().encode(text)
  const signedBy: NoteKey[] = []
  for (const { name, keyId, signature } of signatures) {
    const key = known.find((key) => key.name === name && sameBytes(key.keyId, keyId))
    if (key === undefined) continue
    if (signature.length !== 64 || !(await verify(key.publicKey, message, signature))) {
      throw new Rejected('a signature by a known key does not verify')
    }
    if (!signedBy.includes(key)) signedBy.push(key)
  }
  if (signedBy.length === 0) throw new Rejected('no known key has signed the note')
  return { text, signedBy }
}

function parseSignatureLine(line: string): NoteSignature {
  const match = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line)
  if (match === null) throw new Rejected('not a signature line')
  const [, name = '', encoded = ''] = match
  assertKeyName(name)
  const bytes = decodeBase64(encoded)
  if (bytes.length <= 4) throw new Rejected('signature without bytes')
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) }
}

function assertKeyName(name: string): void {
  // \s lacks U+0085 NEL, which Unicode counts among its spaces.
  if (name === '' || /[\s\u0085+]/u.test(name)) throw new Rejected('not a key name')
}
