import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import writeXlsx from 'write-excel-file/node'
import { ImportError } from '../../src/connector/import.ts'
import { openCsv } from '../../src/platform/csv.ts'
import { importRegister } from '../../src/platform/seed.ts'
import { openXlsx } from '../../src/platform/xlsx.ts'
import type { Register } from '../../src/registry/documents.ts'
import { XlsxError } from '../../src/registry/sheet/workbook.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, temporaryFolder } from '../harness.ts'
import { registers } from '../seed/seed.ts'

let dir: string
beforeEach(() => {
  dir = temporaryFolder()
})
afterEach(checkWholeLog)

const marriage = registers.find(({ id }) => id === 'marriage') as Register
const HEAD = ['id_no', 'name', 'spouse_id_no', 'status', 'reg_date', 'reg_authority']
const HUSBAND = [
  '990104197812170016',
  '戴如远',
  null,
  'DISSOLVED',
  day('2026-11-01'),
  '11990100MB99010327',
]

type Cell =
  | string
  | number
  | boolean
  | null
  | { readonly value: unknown; readonly type: unknown; readonly format?: string }

function day(text: string): Cell {
  return { value: new Date(text), type: Date, format: 'yyyy-mm-dd' }
}

/** A workbook of one or more sheets, written by another library than the one that reads it. */
async function workbook(
  sheets: Readonly<Record<string, readonly (readonly Cell[])[]>>,
): Promise<string> {
  const path = join(dir, `${Object.keys(sheets).join('-')}.xlsx`)
  const all = Object.entries(sheets).map(([sheet, data]) => ({
    sheet,
    data: data.map((row) => row.map(written)),
  }))
  const bytes = await writeXlsx(all as never).toBuffer()
  writeFileSync(path, bytes)
  return path
}

function written(cell: Cell) {
  return cell !== null && typeof cell === 'object' ? cell : { value: cell }
}

async function rowsOf(path: string, options: Partial<Parameters<typeof openXlsx>[1]> = {}) {
  return [...((await openXlsx(path, { row: {}, ...options })).rows as Iterable<unknown>)]
}

async function fault(path: string, sheet?: string): Promise<XlsxError> {
  const options = { row: {}, ...(sheet === undefined ? {} : { sheet }) }
  const error = await openXlsx(path, options).catch((reason) => reason)
  expect(error).toBeInstanceOf(XlsxError)
  expect(error.message).not.toMatch(/99010419|戴如远/)
  return error
}

describe('a sheet', () => {
  test('gives the rows that the same register gives as CSV', async () => {
    const lines = []
    for await (const one of openCsv('seed/registers/marriage.csv').rows) lines.push(one)
    const data = lines.map(({ row }) =>
      HEAD.map((name) => (name === 'reg_date' && row[name] ? day(row[name]) : (row[name] ?? null))),
    )
    const path = await workbook({ 登记: [HEAD, ...data] })
    expect(await rowsOf(path, { row: marriage.row })).toEqual(lines)
  })

  test('spells dates, months, times, numbers and booleans as a register does', async () => {
    const path = await workbook({
      one: [
        ['date', 'month', 'time', 'int', 'sum', 'small', 'yes', 'text'],
        [
          day('2026-11-01'),
          day('2026-11-01'),
          { value: new Date('2026-11-01T08:30:00Z'), type: Date, format: 'yyyy-mm-dd hh:mm' },
          96,
          0.1 + 0.2,
          -12.5,
          true,
          ' 007 ',
        ],
        [null, null, null, 0, null, null, false, null],
      ],
    })
    const row = { properties: { month: { type: 'string', format: 'year-month' } } }
    expect(await rowsOf(path, { row })).toEqual([
      {
        line: 2,
        row: {
          date: '2026-11-01',
          month: '2026-11',
          time: '2026-11-01T08:30:00',
          int: '96',
          sum: '0.3',
          small: '-12.5',
          yes: 'true',
          text: ' 007 ',
        },
      },
      { line: 3, row: { int: '0', yes: 'false' } },
    ])
  })

  test('leaves empty rows out and keeps the numbers of the others', async () => {
    const path = await workbook({
      one: [
        ['a', ' b '],
        ['1', null],
        [null, null],
        [null, '2'],
        [null, null],
      ],
    })
    expect(await rowsOf(path)).toEqual([
      { line: 2, row: { a: '1' } },
      { line: 4, row: { b: '2' } },
    ])
  })

  test('is the first one, or the one named', async () => {
    const path = await workbook({ first: [['a'], ['1']], 第二张: [['a'], ['2']] })
    expect(await rowsOf(path)).toEqual([{ line: 2, row: { a: '1' } }])
    expect(await rowsOf(path, { sheet: '第二张' })).toEqual([{ line: 2, row: { a: '2' } }])
    expect(await fault(path, '第三张')).toMatchObject({ code: 'sheet' })
  })

  test('holds the same bytes for the log as the file has', async () => {
    const path = await workbook({ one: [['a'], ['1']] })
    const { createHash } = await import('node:crypto')
    const hash = createHash('sha256').update(readFileSync(path)).digest('base64url')
    expect((await openXlsx(path, { row: {} })).digest()).toBe(hash)
  })
})

describe('a sheet is refused', () => {
  test.each<[string, string, RegExp, readonly (readonly Cell[])[]]>([
    [
      'with a formula',
      'formula',
      /^B2 \(1 cells\)/,
      [
        ['a', 'b'],
        ['1', { value: 'SUM(1,2)', type: 'Formula' }],
      ],
    ],
    [
      'with an identity number typed as a number',
      'digits',
      /^A3/,
      [['a'], ['1'], [Number('990104197812170016')]],
    ],
    ['with a number beyond decimals', 'digits', /^A2/, [['a'], [1.5e-9]]],
    ['with no columns', 'header', /names no columns/, [[null], ['1']]],
    ['with a column twice', 'header', /^C1/, [['a', 'b', 'a'], ['1']]],
    [
      'with a column unnamed',
      'header',
      /^A1/,
      [
        [null, 'b'],
        ['1', '2'],
      ],
    ],
    [
      'with a column named by a number',
      'header',
      /^B1/,
      [
        ['a', 7],
        ['1', '2'],
      ],
    ],
    ['with a value beside the columns', 'header', /^B2/, [['a'], ['1', '2']]],
  ])('%s', async (_, code, message, rows) => {
    const error = await fault(await workbook({ one: rows }))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  test('with an error value', async () => {
    const path = await workbook({
      one: [
        ['a', 'b'],
        ['1', 'XX'],
      ],
    })
    const bent = await repacked(path, (text) =>
      text.replace(/<c r="B2"[^>]*>.*?<\/c>/, '<c r="B2" t="e"><v>#N/A</v></c>'),
    )
    expect(await fault(bent)).toMatchObject({ code: 'cell-error', message: 'B2 (1 cells)' })
  })
})

/** The same workbook, its sheet's XML rewritten; written uncompressed, so that it can be found. */
async function repacked(path: string, change: (xml: string) => string): Promise<string> {
  const { unzipSync, zipSync, strFromU8, strToU8 } = await import('fflate')
  const parts = unzipSync(readFileSync(path))
  const name = 'xl/worksheets/sheet1.xml'
  const sheet = change(strFromU8(parts[name] as Uint8Array))
  const bent = `${path}.bent.xlsx`
  writeFileSync(bent, zipSync({ ...parts, [name]: strToU8(sheet) }))
  return bent
}

describe('a file is refused that', () => {
  test('unpacks to more than a gateway holds', async () => {
    const path = await workbook({ one: [['a'], ['1']] })
    const bomb = await repacked(path, (xml) =>
      xml.replace('</sheetData>', `${' '.repeat(70_000_000)}</sheetData>`),
    )
    expect(readFileSync(bomb).length).toBeLessThan(200_000)
    expect(await fault(bomb)).toMatchObject({ code: 'too-large' })
  })

  test('unpacks to more than it says', async () => {
    const path = await workbook({ one: [['a'], ['1']] })
    const bomb = await repacked(path, (xml) =>
      xml.replace('</sheetData>', `${' '.repeat(70_000_000)}</sheetData>`),
    )
    const bytes = readFileSync(bomb)
    // The size that each of its two headers states: 4 bytes, little endian.
    const real = Buffer.alloc(4)
    const { unzipSync } = await import('fflate')
    real.writeUInt32LE(unzipSync(bytes)['xl/worksheets/sheet1.xml']?.length ?? 0)
    let lies = 0
    for (let at = bytes.indexOf(real); at >= 0; at = bytes.indexOf(real, at + 1)) {
      bytes.writeUInt32LE(1000, at)
      lies += 1
    }
    expect(lies).toBeGreaterThan(0)
    writeFileSync(bomb, bytes)
    const before = process.memoryUsage().rss
    expect(await fault(bomb)).toMatchObject({ code: 'not-xlsx' })
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  test('is larger than the limit, before it is read', async () => {
    const path = join(dir, 'large.xlsx')
    writeFileSync(path, Buffer.alloc(20_000_001))
    expect(await fault(path)).toMatchObject({ code: 'too-large' })
  })

  test('has more rows than the limit', async () => {
    const path = await workbook({ one: [['a'], ['1']] })
    const tall = await repacked(path, (xml) =>
      xml.replace('</sheetData>', '<row r="100003"><c r="A100003"><v>1</v></c></row></sheetData>'),
    )
    expect(await fault(tall)).toMatchObject({ code: 'too-large' })
  })

  test.each([
    ['is text', 'not-xlsx', Buffer.from('id_no,name\n1,2\n')],
    ['is empty', 'not-xlsx', Buffer.alloc(0)],
    [
      'has a password or is an old .xls',
      'encrypted',
      Buffer.from('d0cf11e0a1b11ae1'.padEnd(2048, '0'), 'hex'),
    ],
  ])('%s', async (_, code, bytes) => {
    const path = join(dir, 'bad.xlsx')
    writeFileSync(path, bytes)
    expect(await fault(path)).toMatchObject({ code })
  })

  test('is a workbook cut off or changed anywhere, without harm', async () => {
    const path = await workbook({ one: [HEAD, HUSBAND] })
    const whole = readFileSync(path)
    for (let end = 0; end < whole.length; end += 97) {
      writeFileSync(path, whole.subarray(0, end))
      await fault(path)
    }
    for (let at = 0; at < whole.length; at += 41) {
      const bent = Buffer.from(whole)
      bent[at] = (bent[at] as number) ^ 0xff
      writeFileSync(path, bent)
      const outcome = await openXlsx(path, { row: {} }).catch((reason) => reason)
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(XlsxError)
    }
  })
})

describe('an import from XLSX', () => {
  test('answers at once; a fault in one row changes nothing and is named by row and column', async () => {
    const gateway = await openTestGateway()
    const claims = { ...claimsOf('family-4-marriage'), ask: [{ claim: 'status' }] }
    const status = async () => {
      gateway.wait(1)
      return (await gateway.ask(HOUSING, claims)).answer?.claims
    }
    const bad = await workbook({
      bad: [HEAD, HUSBAND, HUSBAND.with(3, 'MARRIED'), [null], HUSBAND.with(4, '昨天')],
    })
    const error = await importRegister(gateway.deps, marriage, { path: bad }).catch(
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(ImportError)
    expect(error.faults).toEqual([
      { line: 3, columns: ['/status'] },
      { line: 5, columns: ['/reg_date'] },
    ])
    expect(await status()).toEqual({ status: { value: 'REGISTERED' } })
    const empty = await workbook({ empty: [HEAD] })
    await expect(importRegister(gateway.deps, marriage, { path: empty })).rejects.toThrow(
      ImportError,
    )
    const good = await workbook({ notes: [['x']], good: [HEAD, HUSBAND] })
    expect(await importRegister(gateway.deps, marriage, { path: good, sheet: 'good' })).toBe(1)
    expect(await status()).toEqual({ status: { value: 'DISSOLVED' } })
  })
})
