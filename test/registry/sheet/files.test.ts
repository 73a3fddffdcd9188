import { describe, expect, test } from 'vitest'
import type { Item } from '../../../src/registry/documents.ts'
import { openSheetFile, SHEET_BYTES_MAX } from '../../../src/registry/sheet/open-file.ts'
import { plan } from '../../../src/registry/sheet/plan.ts'
import { SHEET_ROWS_MAX, type SheetKind } from '../../../src/registry/sheet/sheet.ts'
import { bent, exported, gb18030, utf8, workbookOf } from '../../sheets.ts'
import { documents, registryOf, seeded } from '../seeded.ts'

const newest = documents.items.filter(
  ({ code, version }) => seeded.items.get(code)?.[0]?.version === version,
)
const HELD = { item: newest, service: documents.services, agreement: documents.agreements }
const KINDS = Object.keys(HELD) as SheetKind[]
const EVERY = KINDS.flatMap((kind) =>
  (['csv', 'xlsx'] as const).flatMap((form) =>
    (['zh', 'en'] as const).map((language) => ({ kind, form, language })),
  ),
)

async function given(bytes: Uint8Array) {
  const opened = await openSheetFile(bytes)
  if ('wrong' in opened) throw new Error(opened.wrong.en)
  return opened
}

async function wrongWith(bytes: Uint8Array): Promise<string> {
  const opened = await openSheetFile(bytes)
  expect(opened).toHaveProperty('wrong')
  return 'wrong' in opened ? opened.wrong.en : ''
}

describe('a file that was exported and comes back', () => {
  test.each(EVERY)('$kind as $form in $language changes nothing', async ({ kind, ...how }) => {
    const opened = await given(await exported(kind, HELD[kind] as never, how))
    expect(opened.encoding).toBe(how.form === 'csv' ? 'UTF-8' : 'XLSX')
    const { faults, documents: all } = await plan(kind, opened.given, seeded)
    expect(faults).toEqual([])
    expect(all.filter(({ fate }) => fate !== 'unchanged')).toEqual([])
    expect(all).toHaveLength(HELD[kind].length)
  })

  test.each(EVERY)(
    '$kind as $form in $language without rows is a template',
    async ({ kind, ...how }) => {
      const opened = await given(await exported(kind, [], how))
      expect(opened.given.rows).toEqual([])
      expect(await plan(kind, opened.given, seeded)).toEqual({ faults: [], documents: [] })
    },
  )

  test.each(['csv', 'xlsx'] as const)(
    'as %s holds no formula, and the text is kept',
    async (form) => {
      const evil = '=HYPERLINK("http://evil.example","点这里")'
      const item: Item = {
        ...(newest[0] as Item),
        fee: { zh: evil, en: '+1' },
        content: { zh: '@SUM(A1)', en: "'=1" },
        mode: { zh: '一行\n二行', en: '"quoted", and more' },
      }
      const opened = await given(await exported('item', [item], { form }))
      for (const cell of opened.given.rows.flatMap(({ cells }) => cells))
        expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      const registry = registryOf({ items: [item] })
      expect((await plan('item', opened.given, registry)).documents).toMatchObject([
        { fate: 'unchanged' },
      ])
    },
  )

  test('many at once come in turns, in their order', async () => {
    const many = Array.from({ length: 350 }, (_, i) => ({
      ...(newest[0] as Item),
      code: `MANY-${String(i).padStart(2, '0')}`,
    }))
    for (const form of ['csv', 'xlsx'] as const) {
      const { rows } = (await given(await exported('item', many, { form }))).given
      expect(rows.map(({ cells }) => cells[0])).toEqual(many.map(({ code }) => code))
    }
    const json = JSON.parse(
      new TextDecoder().decode(await exported('item', many, { form: 'json' })),
    )
    expect(json.documents.map(({ code }: Item) => code)).toEqual(many.map(({ code }) => code))
    expect(json.documents[0]).not.toHaveProperty('connector')
  })

  test('CSV begins with a byte order mark and has the line ends of RFC 4180', async () => {
    const bytes = await exported('item', newest, { form: 'csv' })
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(new TextDecoder().decode(bytes).endsWith('\r\n')).toBe(true)
  })
})

describe('a CSV file', () => {
  test('of Excel in China is read as GB18030, and it is told', async () => {
    const { encoding, given: sheet } = await given(
      gb18030('事项编码,费用（中文）\r\nMAR-01,免费\r\n'),
    )
    expect(encoding).toBe('GB18030')
    expect(sheet).toEqual({
      headings: ['事项编码', '费用（中文）'],
      rows: [{ line: 2, cells: ['MAR-01', '免费'] }],
    })
  })

  test('keeps the numbers of its lines, where cells hold several and rows are empty', async () => {
    const text = '\ufeff事项编码,费用（中文）,条件（中文）\nMAR-01,"一\n二",x\n,,\nID-01,免费\n'
    expect((await given(utf8(text))).given.rows).toEqual([
      { line: 2, cells: ['MAR-01', '一\n二', 'x'] },
      { line: 5, cells: ['ID-01', '免费', ''] },
    ])
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(), /empty/],
    ['has no headings', utf8(',,\nMAR-01,x'), /first line/],
    ['is blank', utf8('\n\n'), /first line/],
    ['has a quotation mark too few', utf8('事项编码\nMAR-01\n"ID-01\n'), /^Line \d: .*quotation/],
    ['has a quotation mark amid a cell', utf8('事项编码\nMA"R-01\n'), /^Line 2: .*quotation/],
    ['has more cells than columns', utf8('事项编码\nMAR-01\nID-01,x\n'), /^Line 3 has more/],
    ['is separated otherwise', utf8('事项编码;费用（中文）\nMAR-01;x\n'), /commas/],
    ['is UTF-16', Uint8Array.of(0xff, 0xfe, 0x41, 0), /UTF-16/],
    ['is a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xd, 0xa, 0x1a, 0xa, 0, 0), /neither/],
    ['has zero bytes', utf8('事项编码\nMAR\0-01\n'), /neither/],
    ['is in no encoding', Uint8Array.of(0x61, 0xff, 0xff, 0xff), /neither/],
    ['has a million columns', utf8(`${'x,'.repeat(1_000_000)}x\n`), /more than 256 columns/],
    ['is too large', new Uint8Array(SHEET_BYTES_MAX + 1).fill(0x61), /too large/],
  ])('is refused that %s', async (_, bytes, said) => {
    expect(await wrongWith(bytes)).toMatch(said)
  })

  test('is not repeated where a code has no end', async () => {
    const { given: sheet } = await given(utf8(`事项编码\n${'A'.repeat(1_000_000)}\n`))
    const [only] = (await plan('item', sheet, seeded)).documents
    expect(only).toMatchObject({ fate: 'refused', key: `${'A'.repeat(64)}…` })
    expect(JSON.stringify(only).length).toBeLessThan(1000)
  })

  test('of more rows than may be is refused as a whole', async () => {
    const rows = Array.from({ length: SHEET_ROWS_MAX + 5 }, (_, i) => `A-${i}`)
    const { given: sheet } = await given(utf8(['事项编码', ...rows].join('\n')))
    expect(await plan('item', sheet, seeded)).toMatchObject({
      faults: [{ texts: { en: `There are more than ${SHEET_ROWS_MAX} rows` } }],
      documents: [],
    })
  })
})

describe('a workbook', () => {
  const HEAD = ['事项编码', '费用（中文）']

  test('of another program is read: texts, numbers, rows that are empty or short', async () => {
    const { given: sheet } = await given(
      await workbookOf([HEAD, ['MAR-01', 12], [null, null], ['ID-01', null]]),
    )
    expect(sheet).toEqual({
      headings: HEAD,
      rows: [
        { line: 2, cells: ['MAR-01', '12'] },
        { line: 4, cells: ['ID-01', ''] },
      ],
    })
  })

  test('with a formula is refused, and the cell is named, not what stands there', async () => {
    const bytes = await workbookOf([HEAD, ['MAR-01', { value: 'SUM(1,2)', type: 'Formula' }]])
    const said = await wrongWith(bytes)
    expect(said).toMatch(/^B2: .*formula/)
    expect(said).not.toContain('SUM')
  })

  test('with a cell in a far corner is read without the space between', async () => {
    const bytes = bent(await workbookOf([HEAD, ['MAR-01', 'x']]), (xml) =>
      xml.replace(
        '</sheetData>',
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
      ),
    )
    const before = process.memoryUsage().heapUsed
    expect((await given(bytes)).given.rows).toHaveLength(1)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000)
  })

  test('that unpacks to more than is held is refused before it is unpacked', async () => {
    const bomb = bent(await workbookOf([HEAD]), (xml) =>
      xml.replace('</sheetData>', `${' '.repeat(30_000_000)}</sheetData>`),
    )
    expect(bomb.length).toBeLessThan(200_000)
    expect(await wrongWith(bomb)).toMatch(/too large once it is unpacked/)
  })

  test('that defines all columns thousands of times is refused before it is read', async () => {
    const cols = `<cols>${'<x:col min="1" max="16384" width="9"/>'.repeat(100_000)}</cols>`
    const bomb = bent(await workbookOf([HEAD, ['MAR-01', 'x']]), (xml) =>
      xml.replace('</sheetData>', `</sheetData>${cols}`),
    )
    expect(bomb.length).toBeLessThan(30_000)
    expect(await wrongWith(bomb)).toMatch(/too large/)
    const few = bent(await workbookOf([HEAD, ['MAR-01', 'x']]), (xml) =>
      xml.replace(
        '</sheetData>',
        `</sheetData><cols>${'<col min="1" max="2"/>'.repeat(40)}</cols>`,
      ),
    )
    expect((await given(few)).given.rows).toHaveLength(1)
  })

  test('with lost digits, a password, or cut off is refused, and each says what to do', async () => {
    expect(
      await wrongWith(await workbookOf([HEAD, ['MAR-01', Number('990104197812170016')]])),
    ).toMatch(/^B2: .*too long/)
    const old = new Uint8Array(600)
    old.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
    expect(await wrongWith(old)).toMatch(/password/)
    const whole = await workbookOf([HEAD, ['MAR-01', 'x']])
    for (let end = 2; end < whole.length; end += 211)
      expect(await wrongWith(whole.subarray(0, end))).toMatch(/workbook/)
  })
})
