import { describe, expect, test } from 'vitest'
import type { Item } from '../../src/registry/documents.ts'
import {
  FOLDERS,
  type FolderDocument,
  type FolderName,
  planFolder,
} from '../../src/registry/folder.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { documents, registryOf, seeded } from './seeded.ts'

const file = (folder: FolderName, name: string, document: unknown): FolderDocument => ({
  ...{ path: `${folder}/${name}.json`, folder, name, document },
})
const all: readonly FolderDocument[] = [
  ...documents.items.map((one) => file('items', `${one.code}@${one.version}`, one)),
  ...documents.services.map((one) => file('services', one.code, one)),
  ...documents.agreements.map((one) => file('agreements', one.id, one)),
  ...documents.systems.map((one) => file('systems', one.id, one)),
  ...documents.pledges.map((one) => file('pledges', one.agency, one)),
]
const [pledge] = documents.pledges
const marriage = documents.items.find(({ code }) => code === 'MAR-01') as Item
const planned = (files: readonly FolderDocument[], registry: Registry = seeded) =>
  planFolder(files, registry).files

describe('a folder of documents', () => {
  test('of all that is in force changes nothing, and leaves nothing out', () => {
    const { files, absent } = planFolder(all, seeded)
    expect(files.filter(({ fate }) => fate !== 'unchanged')).toEqual([])
    expect(absent).toEqual([])
    expect(files).toHaveLength(all.length)
  })

  test('in whatever order it is read gives the same plan', () => {
    expect(planFolder([...all].reverse(), seeded)).toEqual(planFolder(all, seeded))
  })

  test('without how a provider is reached keeps it', () => {
    const { connector: _, ...bare } = marriage
    expect(planned([file('items', 'MAR-01', bare)])[0]?.fate).toBe('unchanged')
  })

  test('names what is in force and has no file, and removes nothing for that', () => {
    const { files, absent } = planFolder(
      all.filter(({ folder, name }) => folder !== 'pledges' && name !== 'S03'),
      seeded,
    )
    expect(files.every(({ fate }) => fate === 'unchanged')).toBe(true)
    expect(absent).toEqual([
      { kind: 'service', key: 'S03' },
      { kind: 'pledge', key: pledge?.agency },
    ])
  })

  test('with an edited document proposes it, once; when it is in force, no more', () => {
    const edited = { ...marriage, fee: { zh: '免费', en: 'Free' } }
    const files = [file('items', 'MAR-01', edited)]
    const [changed] = planned(files)
    expect(changed).toMatchObject({
      kind: 'item',
      fate: 'changed',
      document: { version: 2, state: 'draft' },
      diff: [{ pointer: '/fee/zh' }, { pointer: '/fee/en' }],
    })
    const published = { ...edited, version: 2, state: 'published' as const }
    expect(
      planned([file('items', 'MAR-01', published)], registryOf({ items: [published] })),
    ).toEqual([{ path: 'items/MAR-01.json', kind: 'item', key: 'MAR-01', fate: 'unchanged' }])
  })

  test('with a document that is new proposes it whole', () => {
    const [made] = planned([file('items', 'MAR-02', { ...marriage, code: 'MAR-02' })])
    expect(made).toMatchObject({ key: 'MAR-02', fate: 'new', document: { version: 1 } })
  })

  test.each<[string, FolderDocument, string]>([
    [
      'that is named after another',
      file('items', 'MAR-02', { ...marriage, replaces: [] }),
      '文件名',
    ],
    ['that is no document', file('items', 'MAR-01', ['MAR-01']), '不是一个文档'],
    ['that is nothing', file('items', 'MAR-01', null), '不是一个文档'],
    ['without a code', file('items', 'MAR-01', {}), '没有填写'],
    [
      'whose code is of every object',
      file('items', '__proto__', JSON.parse('{"code":"__proto__"}')),
      '',
    ],
    ['with a member too many', file('items', 'MAR-01', { ...marriage, price: 1 }), '不应有：price'],
    [
      'of an old version',
      file('items', 'ENT-01', { ...documents.items[1], fee: marriage.mode }),
      '现行已是版本 2',
    ],
    [
      'of nobody',
      file('pledges', '11990100MB9999999X', { ...pledge, agency: '11990100MB9999999X' }),
      '没有登记',
    ],
    [
      'with another’s item',
      file('systems', 'x', { ...documents.systems[0], id: 'x', actsFor: ['11990100MB9999999X'] }),
      '没有登记',
    ],
  ])('with one %s refuses it', (_, one, said) => {
    const [refused] = planned([one])
    expect(refused?.fate).toBe('refused')
    if (refused?.fate === 'refused')
      expect(refused.faults.map(({ texts }) => texts.zh).join()).toContain(said)
  })

  test('with two that would change one thing refuses both', () => {
    const rival = (zh: string) => ({ ...marriage, fee: { zh, en: 'Free' } })
    const files = [
      file('items', 'MAR-01', rival('免费')),
      file('items', 'MAR-01@1', rival('不收费用')),
    ]
    expect(planned(files).map(({ fate }) => fate)).toEqual(['refused', 'refused'])
  })

  test('says what is wrong in both languages, and never repeats what was given', () => {
    const secret = 'a-value-that-must-not-appear'
    const wrong = { ...marriage, provider: secret, kind: secret, version: secret, data: secret }
    const said = JSON.stringify(planned([file('items', 'MAR-01', wrong)]))
    expect(said).not.toContain(secret)
    const service = { ...documents.services[0], lead: secret, state: secret, materials: [secret] }
    expect(JSON.stringify(planned([file('services', 'S01', service)]))).not.toContain(secret)
  })
})

test('every folder has its kind', () => {
  expect(Object.keys(FOLDERS)).toEqual(['items', 'services', 'agreements', 'systems', 'pledges'])
})
