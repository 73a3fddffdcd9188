import { describe, expect, it } from 'vitest'
import { formatReceipt, parseReceipt } from '../../src/log/receipt.ts'
import { Rejected } from '../../src/log/rejected.ts'
import { leaves } from './naive-tree.ts'

const HASH = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='
const hash = new Uint8Array(32).fill(7)
const checkpoint = `example.com/log\n109482\n${HASH}\n\n— example.com/log AAAAAAAA\n`
const head = 'c2sp.org/tlog-proof@v1\n'

describe('receipt', () => {
  it('has the layout of c2sp.org/tlog-proof', () => {
    const receipt = { index: 73_894, proof: [hash, hash], checkpoint }
    const text = `${head}index 73894\n${HASH}\n${HASH}\n\n${checkpoint}`
    expect(formatReceipt(receipt)).toBe(text)
    expect(parseReceipt(text)).toEqual(receipt)
  })

  it('of a log with one leaf has no hashes', () => {
    const receipt = { index: 0, proof: [], checkpoint }
    expect(formatReceipt(receipt)).toBe(`${head}index 0\n\n${checkpoint}`)
    expect(parseReceipt(formatReceipt(receipt))).toEqual(receipt)
  })

  it('may carry extra data', () => {
    const receipt = { index: 1, proof: [hash], checkpoint, extra: new Uint8Array([1, 2]) }
    expect(formatReceipt(receipt)).toContain('@v1\nextra AQI=\nindex 1\n')
    expect(parseReceipt(formatReceipt(receipt))).toEqual(receipt)
  })

  it.each([
    '',
    `${head}index 1\n`,
    `${head}\nindex 1\n\n${checkpoint}`,
    `${head.replace('v1', 'v2')}index 1\n\n${checkpoint}`,
    `\n${head}index 1\n\n${checkpoint}`,
    `${head}${HASH}\n\n${checkpoint}`,
    `${head}index 01\n\n${checkpoint}`,
    `${head}index -1\n\n${checkpoint}`,
    `${head}index 1 \n\n${checkpoint}`,
    `${head}index 9007199254740992\n\n${checkpoint}`,
    `${head}index 1\nextra AQI=\n\n${checkpoint}`,
    `${head}extra AQI\nindex 1\n\n${checkpoint}`,
    `${head}extra AQI=\nextra AQI=\nindex 1\n\n${checkpoint}`,
    `${head}index 1\n${HASH.slice(4)}\n\n${checkpoint}`,
    `${head}index 1\n${HASH.replace('=', '')}\n\n${checkpoint}`,
    `${head}index 1\r\n\n${checkpoint}`,
    `${head}index 1\n${`${HASH}\n`.repeat(64)}\n${checkpoint}`,
    `${head}index 1\n\n${'x'.repeat(2 ** 20)}`,
  ])('has no other form (%#)', (text) => {
    expect(() => parseReceipt(text)).toThrow(Rejected)
  })

  it('is not written where it would not read back', () => {
    const receipt = { index: 1, proof: [hash], checkpoint }
    for (const other of [
      { index: -1 },
      { index: 2 ** 53 },
      { proof: [new Uint8Array(31)] },
      { proof: leaves(64) },
    ]) {
      expect(() => formatReceipt({ ...receipt, ...other })).toThrow(RangeError)
    }
  })
})
