import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Item } from '../../../src/registry/documents.ts'
import { type Given, plan } from '../../../src/registry/sheet/plan.ts'
import {
  columnsOf,
  SHEET_ROWS_MAX,
  type Sheet,
  type SheetKind,
  sheetOf,
} from '../../../src/registry/sheet/sheet.ts'
import { documents, registryOf, seeded } from '../seeded.ts'

const newest = documents.items.filter(
  ({ code, version }) => seeded.items.get(code)?.[0]?.version === version,
)
const HELD = { item: newest, service: documents.services, agreement: documents.agreements }
const KINDS = Object.keys(HELD) as SheetKind[]

/** A sheet as it would be read from a file again. */
const given = ({ headings, rows }: Sheet): Given => ({
  headings,
  rows: rows.map((cells, i) => ({ line: i + 2, cells })),
})
const sheet = (kind: SheetKind, language: 'zh' | 'en' = 'zh') =>
  sheetOf(kind, HELD[kind] as never, language)

/** The sheet with one cell of one row changed; `key` names the column. */
const edited = (kind: SheetKind, row: number, changes: Readonly<Record<string, string>>): Given => {
  const { headings, rows } = sheet(kind)
  const at = Object.entries(changes).map(
    ([key, cell]) => [columnsOf(kind).findIndex((one) => one.key === key), cell] as const,
  )
  for (const [i] of at) if (i < 0) throw new Error('no such column')
  const cells = at.reduce((all, [i, cell]) => all.with(i, cell), rows[row] as readonly string[])
  return given({ headings, rows: rows.with(row, cells) })
}
const rowOf = (kind: SheetKind, key: string) =>
  sheet(kind).rows.findIndex((cells) => cells.includes(key))
const only = async (kind: SheetKind, changed: Given) => {
  const { faults, documents: all } = await plan(kind, changed, seeded)
  expect(faults).toEqual([])
  const different = all.filter(({ fate }) => fate !== 'unchanged')
  expect(different).toHaveLength(1)
  return different[0] as (typeof different)[number]
}

describe('a sheet that was written and is read again', () => {
  test.each(KINDS.flatMap((kind) => [[kind, 'zh'] as const, [kind, 'en'] as const]))(
    'of every %s, in %s, changes nothing',
    async (kind, language) => {
      const { faults, documents: all } = await plan(kind, given(sheet(kind, language)), seeded)
      expect(faults).toEqual([])
      expect(all.filter(({ fate }) => fate !== 'unchanged')).toEqual([])
      expect(all).toHaveLength(HELD[kind].length)
    },
  )

  test.each(KINDS)('of every %s has headings that are all different, in both languages', (kind) => {
    for (const language of ['zh', 'en'] as const) {
      const { headings } = sheet(kind, language)
      expect(new Set(headings).size).toBe(headings.length)
    }
  })

  test('holds no cell that a spreadsheet would compute, whatever the texts are', async () => {
    const item = newest[0] as Item
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => /\S/.test(one))
    const plain = text.filter((one) => !/[\p{Cc}]/u.test(one))
    const drawn = fc.record({ zh: plain, en: plain })
    await fc.assert(
      fc.asyncProperty(drawn, drawn, drawn, plain, async (conditions, fee, paper, statute) => {
        const own: Item = {
          ...{ ...item, conditions, fee, replaces: [paper, paper] },
          ...{ sharing: { ...item.sharing, statute } },
          law: [{ title: statute, mark: 'read' }],
        }
        const written = sheetOf('item', [own], 'zh')
        for (const cell of written.rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
        const read = await plan('item', given(written), registryOf({ items: [own] }))
        expect(read.documents.map(({ fate }) => fate)).toEqual(['unchanged'])
      }),
    )
  })
})

describe('what becomes of a row', () => {
  test('one cell that is edited is one difference, and a version more', async () => {
    const changed = await only(
      'item',
      edited('item', rowOf('item', 'MAR-01'), { 'fee.zh': '免费' }),
    )
    expect(changed).toMatchObject({
      key: 'MAR-01',
      fate: 'changed',
      diff: [{ pointer: '/fee/zh', before: '不收费', after: '免费' }],
      document: { version: 2, state: 'draft', connector: { register: 'marriage' } },
    })
  })

  test('words of either language, and their codes, are understood', async () => {
    for (const cell of ['有条件共享', 'conditional', 'CONDITIONAL', ' Conditional '])
      expect(
        await only('item', edited('item', rowOf('item', 'ENT-01'), { 'sharing.class': cell })),
      ).toMatchObject({ diff: [{ pointer: '/sharing/class', after: 'CONDITIONAL' }] })
  })

  test('columns that are left out leave what is in force', async () => {
    const few: Given = {
      headings: ['事项编码', 'Promised time limit', 'timeLimit.promised.unit'],
      rows: [{ line: 2, cells: ['KIN-01', '3', '工作日'] }],
    }
    expect(await only('item', few)).toMatchObject({
      diff: [{ pointer: '/timeLimit/promised/n', before: 5, after: 3 }],
    })
  })

  test('an empty cell empties: what may be missing goes, what must be there is refused', async () => {
    const gone = await only('item', edited('item', rowOf('item', 'LOWTN-02'), { adopts: '' }))
    expect(gone).toMatchObject({ fate: 'changed', diff: [{ pointer: '/adopts' }] })
    const needed = await only('item', edited('item', rowOf('item', 'LOWTN-02'), { 'fee.zh': '' }))
    expect(needed).toMatchObject({
      fate: 'refused',
      faults: [{ column: { zh: '费用（中文）' }, texts: { zh: '没有填写' } }],
    })
  })

  test('a code that is new is a new thing, and needs everything', async () => {
    const row = rowOf('item', 'MAR-01')
    const added = edited('item', row, { code: 'MAR-02', version: '' })
    expect(await only('item', added)).toMatchObject({
      fate: 'new',
      document: { code: 'MAR-02', version: 1, state: 'draft', connector: null },
    })
    const bare = await plan(
      'item',
      { headings: ['code'], rows: [{ line: 2, cells: ['MAR-02'] }] },
      seeded,
    )
    expect(bare.documents[0]?.fate).toBe('refused')
  })

  test('a state that is edited changes nothing: people move it, not files', async () => {
    const { documents: all } = await plan(
      'item',
      edited('item', rowOf('item', 'MAR-01'), { state: '已退出' }),
      seeded,
    )
    expect(all.every(({ fate }) => fate === 'unchanged')).toBe(true)
  })

  test.each<[string, SheetKind, string, Record<string, string>, string, string]>([
    ['another word than the choices', 'item', 'MAR-01', { kind: '随便' }, '事项类型', '只能是'],
    ['a number in words', 'item', 'MAR-01', { 'timeLimit.promised.n': '三' }, '承诺时限', '整数'],
    ['a number below zero', 'item', 'MAR-01', { 'timeLimit.promised.n': '-3' }, '承诺时限', '整数'],
    ['a formula', 'item', 'MAR-01', { 'timeLimit.promised.n': '=1+1' }, '承诺时限', '整数'],
    ['a code of another form', 'item', 'MAR-01', { contract: 'NO-99' }, '契约', '没有这个契约'],
    ['a name of nobody', 'item', 'MAR-01', { provider: '民政局' }, '提供单位代码', '写法不对'],
    [
      'an agency of nowhere',
      'item',
      'MAR-01',
      { provider: '11990100MB9999999X' },
      '提供单位代码',
      '没有登记',
    ],
    [
      'a line with one part',
      'item',
      'MAR-01',
      { replaces: '收入证明' },
      '替代的证明',
      '中文 | 英文',
    ],
    ['a law nobody marked', 'item', 'MAR-01', { law: '某法 | 第一条 | 好' }, '依据', '只能是'],
    [
      'control characters',
      'item',
      'MAR-01',
      { 'fee.zh': '不收费\u0007' },
      '费用（中文）',
      '控制字符',
    ],
    [
      'more than a cell holds',
      'item',
      'MAR-01',
      { 'fee.zh': '长'.repeat(40_000) },
      '费用（中文）',
      '超过',
    ],
    [
      'an old version',
      'item',
      'ENT-01',
      { version: '1', 'fee.zh': '免费' },
      '版本',
      '现行已是版本 2',
    ],
    ['a version that skips', 'item', 'ENT-01', { version: '9' }, '版本', '下一个版本是 3'],
    ['no such day', 'agreement', 'relief-id', { validTo: '2026-02-30' }, '终止日', '日期'],
    [
      'a claim twice',
      'agreement',
      'relief-id',
      { claims: 'match | read\nmatch | read' },
      '数据项',
      '两次',
    ],
    ['an item of nowhere', 'agreement', 'relief-id', { item: 'NO-99' }, '事项编码', '没有这个事项'],
    [
      'a material of another',
      'service',
      'S03-02',
      { 'material.id': 'S04-99' },
      '材料编号',
      '应以 S03- 开头',
    ],
    [
      'no such answer',
      'service',
      'S03-02',
      { 'material.tests.noBasis': '也许' },
      '无法律法规依据',
      '“是”或“否”',
    ],
    [
      'a decision against its tests',
      'service',
      'S03-02',
      { 'material.decision.kind': '保留', 'material.decision.items': '' },
      '处理方式',
      '五种情形',
    ],
    [
      'an item that is not there',
      'service',
      'S03-02',
      { 'material.decision.items': 'NO-99' },
      '处理方式',
      '没有事项 NO-99',
    ],
  ])('with %s is refused, in its line and column', async (_, kind, key, changes, column, said) => {
    const row = rowOf(kind, key)
    const changed = await only(kind, edited(kind, row, changes))
    expect(changed.fate).toBe('refused')
    const faults = changed.fate === 'refused' ? changed.faults : []
    expect(faults).toContainEqual({
      line: row + 2,
      column: expect.objectContaining({ zh: column }),
      texts: { zh: expect.stringContaining(said), en: expect.any(String) },
    })
  })

  test('one code on lines apart is refused on each of them', async () => {
    const { headings, rows } = sheet('item')
    const doubled = given({ headings, rows: [...rows, rows[3] as readonly string[]] })
    const changed = await only('item', doubled)
    expect(changed).toMatchObject({
      lines: [5, rows.length + 2],
      fate: 'refused',
      faults: [{ line: 5 }, { line: rows.length + 2 }],
    })
  })

  test('rows of one service may not say two things of it', async () => {
    const row = rowOf('service', 'S03-03')
    const changed = await only('service', edited('service', row, { lead: '11990100MB9901024C' }))
    expect(changed).toMatchObject({
      key: 'S03',
      faults: [{ line: row + 2, column: { zh: '牵头机关代码' } }],
    })
  })

  test('a row more is a material more, a row less one that goes', async () => {
    const { headings, rows } = sheet('service')
    const row = rowOf('service', 'S03-05')
    const without = await only('service', given({ headings, rows: rows.toSpliced(row, 1) }))
    expect(without).toMatchObject({
      fate: 'changed',
      diff: [{ pointer: '/materials/*' }, { pointer: '/materials/S03-05' }],
    })
  })

  test('without a code is refused, each by its line', async () => {
    const rows = [
      { line: 2, cells: [''] },
      { line: 7, cells: ['  '] },
    ]
    const { documents: all } = await plan('item', { headings: ['code'], rows }, seeded)
    expect(all).toMatchObject([{ fate: 'refused', faults: [{ line: 2 }, { line: 7 }] }])
  })
})

describe('a file is refused whole, and no row looked at,', () => {
  const rows = [{ line: 2, cells: ['MAR-01'] }]
  test.each<[string, SheetKind, Given, string]>([
    [
      'with a column that nobody knows',
      'item',
      { headings: ['code', '备注'], rows },
      '不认识的列：备注',
    ],
    ['with a column twice', 'item', { headings: ['code', '事项编码'], rows }, '同一列出现两次'],
    ['without the code', 'item', { headings: ['版本'], rows }, '缺少列：事项编码'],
    ['without the materials', 'service', { headings: ['code'], rows }, '缺少列：材料编号'],
    [
      'with more rows than a sheet may have',
      'item',
      {
        headings: ['code'],
        rows: Array.from({ length: SHEET_ROWS_MAX + 1 }, (_, i) => ({ line: i + 2, cells: ['X'] })),
      },
      '超过 10000 行',
    ],
  ])('%s', async (_, kind, file, said) => {
    const { faults, documents: all } = await plan(kind, file, seeded)
    expect(all).toEqual([])
    expect(faults.map(({ texts }) => texts.zh).join()).toContain(said)
  })
})

test('a sheet of 10,000 rows is planned in seconds, not in minutes', async () => {
  const item = newest[0] as Item
  const items = Array.from({ length: SHEET_ROWS_MAX }, (_, i) => ({
    ...item,
    code: `${String.fromCharCode(65 + Math.floor(i / 2600))}${String.fromCharCode(65 + (Math.floor(i / 100) % 26))}-${String(i % 100).padStart(2, '0')}`,
  }))
  const file = given(sheetOf('item', items, 'zh'))
  const began = performance.now()
  const { documents: all } = await plan('item', file, seeded)
  expect(all).toHaveLength(SHEET_ROWS_MAX)
  expect(performance.now() - began).toBeLessThan(15_000)
})

test('of one document with thousands of faults a screenful is told, and all its lines', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({ line: i + 2, cells: ['ENT-01', '甲'] }))
  const { documents: all } = await plan('item', { headings: ['code', 'version'], rows }, seeded)
  expect(all).toHaveLength(1)
  const [one] = all
  if (one?.fate !== 'refused') throw new Error('it was taken')
  expect(one.lines).toHaveLength(3000)
  expect(one.faults).toHaveLength(200)
})
