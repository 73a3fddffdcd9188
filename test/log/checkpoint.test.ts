import { describe, expect, it } from 'vitest'
import {
  extendsCheckpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from '../../src/log/checkpoint.ts'
import { formatNote } from '../../src/log/note.ts'
import { Rejected } from '../../src/log/rejected.ts'
import { logKey } from './log-key.ts'
import { leaves, naiveTree, sha256 } from './naive-tree.ts'

const origin = 'gateway.example/log'
const log = logKey(origin)
const identity = { origin, vkey: log.vkey }
const root = new Uint8Array(32).fill(7)
const ROOT = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='
const checkpoint = { origin, size: 20_852_163, root }

describe('checkpoint text', () => {
  it('is origin, size and root, a line each', () => {
    const text = formatCheckpoint(checkpoint)
    expect(text).toBe(`${origin}\n20852163\n${ROOT}\n`)
    expect(parseCheckpoint(text)).toEqual(checkpoint)
    expect(parseCheckpoint(`o\n0\n${ROOT}\n`).size).toBe(0)
    expect(parseCheckpoint(`o\n9007199254740991\n${ROOT}\n`).size).toBe(Number.MAX_SAFE_INTEGER)
  })

  it.each([
    '',
    `${origin}\n5\n`,
    `\n5\n${ROOT}\n`,
    `${origin}\n5\n${ROOT}`,
    `${origin}\n\n${ROOT}\n`,
    `${origin}\n05\n${ROOT}\n`,
    `${origin}\n+5\n${ROOT}\n`,
    `${origin}\n-5\n${ROOT}\n`,
    `${origin}\n5 \n${ROOT}\n`,
    `${origin}\n5e3\n${ROOT}\n`,
    `${origin}\n0x5\n${ROOT}\n`,
    `${origin}\n9007199254740992\n${ROOT}\n`,
    `${origin}\n5\n${ROOT.slice(0, -1)}\n`,
    `${origin}\n5\n${ROOT.slice(4)}\n`,
    `${origin}\n5\n${ROOT}\nextension\n`,
    `${origin}\n5\n${ROOT}\n\n`,
  ])('has no other form: %j', (text) => {
    expect(() => parseCheckpoint(text)).toThrow(Rejected)
  })

  it('is not written where it would not read back', () => {
    for (const other of [
      { origin: '' },
      { origin: 'two\nlines' },
      { size: -1 },
      { size: 1.5 },
      { size: 2 ** 53 },
      { root: new Uint8Array(31) },
    ]) {
      expect(() => formatCheckpoint({ ...checkpoint, ...other })).toThrow(Rejected)
    }
  })
})

describe('openCheckpoint', () => {
  it('gives back what the log signed', async () => {
    expect(await openCheckpoint(signCheckpoint(checkpoint, log), identity)).toEqual(checkpoint)
  })

  it('gives nothing for another key, another log, an edited note or no note', async () => {
    const note = signCheckpoint(checkpoint, log)
    const other = signCheckpoint({ ...checkpoint, origin: 'other.example/log' }, log)
    expect(await openCheckpoint(note, { origin, vkey: logKey(origin, 'x').vkey })).toBeUndefined()
    expect(await openCheckpoint(other, identity)).toBeUndefined()
    expect(await openCheckpoint(note.replace('20852163', '20852164'), identity)).toBeUndefined()
    expect(await openCheckpoint('', identity)).toBeUndefined()
    expect(await openCheckpoint(formatNote('signed, but none\n', [log]), identity)).toBeUndefined()
  })

  it('throws for a vkey that is none: that is our mistake, not the sender’s', async () => {
    const note = signCheckpoint(checkpoint, log)
    await expect(openCheckpoint(note, { origin, vkey: 'none' })).rejects.toThrow(Rejected)
  })
})

describe('extendsCheckpoint', () => {
  const tree = naiveTree(leaves(20))
  const at = (size: number) => ({ origin, size, root: tree.root(size) })

  it('holds for a log that only appended', () => {
    const proof = tree.consistency(7, 20)
    expect(extendsCheckpoint(sha256, { older: at(7), newer: at(20), proof })).toBe(true)
    expect(extendsCheckpoint(sha256, { older: at(0), newer: at(20), proof: [] })).toBe(true)
    expect(extendsCheckpoint(sha256, { older: at(20), newer: at(20), proof: [] })).toBe(true)
  })

  it('fails for another log, a rolled-back one and a forked one', () => {
    const proof = tree.consistency(7, 20)
    const elsewhere = { ...at(20), origin: 'other.example/log' }
    expect(extendsCheckpoint(sha256, { older: at(7), newer: elsewhere, proof })).toBe(false)
    expect(extendsCheckpoint(sha256, { older: at(20), newer: at(7), proof })).toBe(false)
    expect(extendsCheckpoint(sha256, { older: { ...at(7), root }, newer: at(20), proof })).toBe(
      false,
    )
    expect(extendsCheckpoint(sha256, { older: { ...at(0), root }, newer: at(20), proof: [] })).toBe(
      false,
    )
  })
})
