import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { leafHash } from '../../../src/log/merkle.ts'
import { noteKeyId, parseNote } from '../../../src/log/note.ts'
import { nodeSha256 } from '../../../src/platform/crypto.ts'
import type { EvidenceVector } from '../vectors.ts'
import { type Fails, flipped, type Honest, refused as vector } from './lies.ts'

/** Receipts that do not lead from the entry to what the log signed. */
export function receipts({ answer, alone }: Honest): EvidenceVector[] {
  const { receipt } = answer
  const [head = '', ...notes] = receipt.split('\n\n')
  const note = notes.join('\n\n')
  const lines = head.split('\n')
  const proof = (changed: readonly string[]) => ({
    ...answer,
    receipt: `${changed.join('\n')}\n\n${note}`,
  })
  const checkpoint = (changed: string) => ({ ...answer, receipt: `${head}\n\n${changed}` })
  const { text } = parseNote(note)
  const [origin = '', size = '', root = ''] = text.split('\n')
  const line = note.slice(text.length + 1)
  const key = generateKeyPairSync('ed25519').privateKey
  const flippedProof = lines.map((one, i) => (i === 3 ? flipped(one, 10) : one))
  const leaf = leafHash(nodeSha256, new TextEncoder().encode(answer.entry))
  const ownTree = `${origin}\n1\n${Buffer.from(leaf).toString('base64')}\n`
  const both: Fails = ['inclusion', 'checkpoint']
  return [
    vector(
      ['proof-hash', '证明中一个散列被改', 'a hash of the proof was changed'],
      proof(flippedProof),
      ['inclusion'],
    ),
    vector(
      ['proof-short', '证明少一个散列', 'a hash of the proof is missing'],
      proof(lines.slice(0, -1)),
      ['inclusion'],
    ),
    vector(
      ['proof-long', '证明多一个散列', 'the proof has a hash too many'],
      proof([...lines, lines[2] ?? '']),
      ['inclusion'],
    ),
    vector(
      ['index-other', '另一序号', 'another index'],
      proof(lines.map((one) => (one === 'index 2' ? 'index 3' : one))),
      ['inclusion'],
    ),
    vector(
      ['index-beyond', '序号超出日志', 'an index beyond the log'],
      proof(lines.map((one) => (one === 'index 2' ? 'index 7' : one))),
      ['inclusion'],
    ),
    vector(
      ['checkpoint-older', '较早的检查点', 'an older checkpoint'],
      checkpoint(alone.receipt.split('\n\n').slice(1).join('\n\n')),
      ['inclusion'],
    ),
    vector(
      ['checkpoint-signature', '检查点签名被改', "the checkpoint's signature was changed"],
      checkpoint(`${text}\n${flipped(line, -40)}`),
      ['checkpoint'],
    ),
    vector(
      ['checkpoint-other-key', '另一密钥签的检查点', 'the checkpoint is signed by another key'],
      checkpoint(`${text}\n${noteLine(key, origin, text)}`),
      ['checkpoint'],
    ),
    vector(
      [
        'checkpoint-two-signatures',
        '真签名之外又有一条同钥伪签名',
        'beside the true signature a false one of the same key',
      ],
      checkpoint(`${text}\n${line}${flipped(line, -40)}`),
      ['checkpoint'],
    ),
    vector(
      ['checkpoint-own-tree', '自造一棵只有该条目的树', 'a made-up tree of this entry alone'],
      { ...answer, receipt: `${lines[0]}\nindex 0\n\n${ownTree}\n${line}` },
      ['checkpoint'],
    ),
    vector(
      [
        'checkpoint-own-tree-signed',
        '自造的树，另一密钥签名',
        'a made-up tree, signed by another key',
      ],
      {
        ...answer,
        receipt: `${lines[0]}\nindex 0\n\n${ownTree}\n${noteLine(key, origin, ownTree)}`,
      },
      ['checkpoint'],
    ),
    vector(
      ['checkpoint-origin', '另一日志的名称', 'the name of another log'],
      checkpoint(`gateway.linjiang.example/log\n${size}\n${root}\n\n${line}`),
      ['checkpoint'],
    ),
    vector(
      ['checkpoint-extension', '检查点多一行', 'the checkpoint has a fourth line'],
      checkpoint(`${text}extra\n\n${line}`),
      both,
    ),
    vector(
      ['receipt-cut', '末尾少一个换行', 'the last line feed is missing'],
      { ...answer, receipt: receipt.slice(0, -1) },
      both,
    ),
    vector(
      ['receipt-tail', '签名行之后多出字符', 'text after the last signature line'],
      { ...answer, receipt: `${receipt}A` },
      both,
    ),
    vector(
      ['receipt-extra', '回执带有未认证数据', 'the receipt carries unauthenticated data'],
      proof([lines[0] ?? '', 'extra AAAA', ...lines.slice(1)]),
      both,
    ),
  ]
}

/** A signature line (c2sp.org/signed-note) by any Ed25519 key. */
function noteLine(key: KeyObject, name: string, text: string): string {
  const jwk = key.export({ format: 'jwk' })
  const id = noteKeyId(nodeSha256, name, new Uint8Array(Buffer.from(String(jwk.x), 'base64url')))
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)])
  return `— ${name} ${signature.toString('base64')}\n`
}
