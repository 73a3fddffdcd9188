import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { formatVkey, type NoteKey, type NoteSigner, noteKeyId } from '../../src/log/note.ts'
import { bytesOf, sha256 } from './naive-tree.ts'

/** A log's or a witness's key, the same in every run, made from a word. */
export function logKey(name: string, seedWord = name): NoteSigner & NoteKey & { vkey: string } {
  const seed = Buffer.from(sha256(bytesOf(seedWord)))
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const publicKey = new Uint8Array(spki.subarray(-32))
  const key = { name, publicKey, keyId: noteKeyId(sha256, name, publicKey) }
  const vkey = formatVkey(key)
  return { ...key, vkey, sign: (message) => new Uint8Array(sign(null, message, privateKey)) }
}
