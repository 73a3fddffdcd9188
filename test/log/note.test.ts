import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatNote,
  formatVkey,
  noteKeyId,
  openNote,
  parseNote,
  parseVkey,
  webCryptoVerifyEd25519 as verify,
} from '../../src/log/note.ts'
import { Rejected } from '../../src/log/rejected.ts'
import { logKey } from './log-key.ts'
import { hex, sha256 } from './naive-tree.ts'

/** The example of c2sp.org/signed-note, and those of Go's sumdb/note: data, not ours. */
const SPEC_VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const SPEC_NOTE =
  'This is an example message.\n\n' +
  '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
const PETER_VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const ENOCH_VKEY = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n'

const log = logKey('gateway.example/log')
const witness = logKey('witness.example')
const TEXT = 'one\n\ntwo: Ärger 免证\n'
const NOTE = formatNote(TEXT, [log, witness])

describe('the examples of other implementations', () => {
  it('open with the keys of their authors', async () => {
    const spec = await openNote(SPEC_NOTE, { known: [parseVkey(SPEC_VKEY)], verify })
    expect(spec.text).toBe('This is an example message.\n')
    const known = [parseVkey(PETER_VKEY), parseVkey(ENOCH_VKEY)]
    const go = await openNote(`${GO_TEXT}\n${PETER_LINE}${ENOCH_LINE}`, { known, verify })
    expect(go.text).toBe(GO_TEXT)
    expect(go.signedBy).toEqual(known)
  })

  it('have the key ids that we compute, and write back the same vkey', () => {
    for (const vkey of [SPEC_VKEY, PETER_VKEY, ENOCH_VKEY]) {
      const key = parseVkey(vkey)
      expect(hex(noteKeyId(sha256, key.name, key.publicKey))).toBe(hex(key.keyId))
      expect(formatVkey(key)).toBe(vkey)
    }
  })
})

describe('parseVkey', () => {
  it('refuses every part of a vkey that is not the whole', () => {
    for (let from = 0; from < PETER_VKEY.length; from++) {
      for (let to = from + 1; to <= PETER_VKEY.length; to++) {
        // A shorter name is another key's name: well-formed, and finds none of this key's notes.
        const renamed = to === PETER_VKEY.length && from < 'PeterNeumann'.length
        if (renamed) continue
        expect(() => parseVkey(PETER_VKEY.slice(from, to))).toThrow(Rejected)
      }
    }
  })

  it.each([
    'a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'a+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'a+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'a+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==',
    'a+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n',
  ])('refuses %j', (vkey) => {
    expect(() => parseVkey(vkey)).toThrow(Rejected)
  })
})

describe('parseNote', () => {
  it('splits at the last empty line', () => {
    const { text, signatures } = parseNote(NOTE)
    expect(text).toBe(TEXT)
    expect(signatures.map(({ name }) => name)).toEqual([log.name, witness.name])
    expect(signatures.map(({ keyId }) => hex(keyId))).toEqual([hex(log.keyId), hex(witness.keyId)])
  })

  const [line] = NOTE.split('\n').slice(-3) as [string]
  it.each([
    ['no signature', 'text\n\n'],
    ['no empty line', `text\n${line}\n`],
    ['no last newline', `text\n\n${line}`],
    ['a line of another kind', `text\n\n${line}\nmore\n`],
    ['a hyphen for the dash', `text\n\n${line.replace('—', '-')}\n`],
    ['two spaces', `text\n\n${line.replace('— ', '—  ')}\n`],
    ['a space at the end', `text\n\n${line} \n`],
    ['a carriage return', `text\r\n\n${line}\n`],
    ['a NUL', `te\0xt\n\n${line}\n`],
    ['a tab', `te\txt\n\n${line}\n`],
    ['a lone surrogate', `te\ud800xt\n\n${line}\n`],
    ['a plus in the name', 'text\n\n— a+b AAAAAAAA\n'],
    ['a Unicode space in the name', 'text\n\n— a\u3000b AAAAAAAA\n'],
    ['a NEL in the name', 'text\n\n— a\u0085b AAAAAAAA\n'],
    ['no name', 'text\n\n—  AAAAAAAA\n'],
    ['a key id without a signature', 'text\n\n— a AAAAAA==\n'],
    ['base64 without padding', `text\n\n${line.replace('=', '')}\n`],
    ['more than 100 signatures', `text\n\n${`${line}\n`.repeat(101)}`],
    ['a megabyte', `${'x'.repeat(2 ** 20)}\n\n${line}\n`],
  ])('refuses a note with %s', (_, note) => {
    expect(() => parseNote(note)).toThrow(Rejected)
  })

  it('takes 16 signatures of the size that post-quantum ones have', () => {
    const signer = { ...log, sign: () => new Uint8Array(4900) }
    expect(parseNote(formatNote('x\n', Array(16).fill(signer))).signatures).toHaveLength(16)
  })
})

describe('formatNote', () => {
  it('refuses a text that would not read back', () => {
    for (const text of ['no newline', 'control\0\n', 'text\n\n— a AAAAAAAA']) {
      expect(() => formatNote(text, [log])).toThrow(Rejected)
    }
    expect(() => formatNote('text\n', [{ ...log, name: 'two words' }])).toThrow(Rejected)
  })
})

describe('openNote', () => {
  it('ignores unknown keys, even of the same name or the same id', async () => {
    const sameName = logKey(log.name, 'another seed')
    const sameId = { ...logKey('other.example'), keyId: log.keyId }
    const note = formatNote(TEXT, [sameName, sameId, log])
    expect((await openNote(note, { known: [log], verify })).signedBy).toEqual([log])
  })

  it('refuses a note that no known key has signed', async () => {
    const known = [logKey(log.name, 'another seed'), logKey('other.example', log.name)]
    await expect(openNote(NOTE, { known, verify })).rejects.toThrow('no known key')
    await expect(openNote(NOTE, { known: [], verify })).rejects.toThrow('no known key')
  })

  it('refuses a note with one bad signature by a known key, whatever else is on it', async () => {
    const forger = { ...witness, sign: log.sign }
    const note = formatNote(TEXT, [log, forger])
    await expect(openNote(note, { known: [log, witness], verify })).rejects.toThrow(Rejected)
    expect((await openNote(note, { known: [log], verify })).text).toBe(TEXT)
    const short = { ...witness, sign: () => new Uint8Array(63) }
    const cut = formatNote(TEXT, [log, short])
    await expect(openNote(cut, { known: [log, witness], verify })).rejects.toThrow(Rejected)
  })

  it('counts a key once, and takes a synchronous verifier', async () => {
    const note = formatNote(TEXT, [log, log])
    const opened = await openNote(note, { known: [log], verify: () => true })
    expect(opened.signedBy).toEqual([log])
  })

  it('refuses a note with any character changed', async () => {
    const [short] = [formatNote('origin\n5\n', [log])]
    const at = fc.nat(short.length - 1)
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 127 }), async (at, change) => {
        const code = (short.charCodeAt(at) ^ change) & 0xffff
        const edited = short.slice(0, at) + String.fromCharCode(code) + short.slice(at + 1)
        await expect(openNote(edited, { known: [log], verify })).rejects.toThrow(Rejected)
      }),
    )
  })
})

describe('webCryptoVerifyEd25519', () => {
  it('answers false for keys and signatures that are none', async () => {
    const message = new Uint8Array(3)
    const signature = log.sign(message)
    expect(await verify(log.publicKey, message, signature)).toBe(true)
    expect(await verify(log.publicKey.slice(1), message, signature)).toBe(false)
    expect(await verify(log.publicKey, message, signature.slice(1))).toBe(false)
    expect(await verify(log.publicKey, new Uint8Array(4), signature)).toBe(false)
  })
})
