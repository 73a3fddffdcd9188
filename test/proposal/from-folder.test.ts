import { describe, expect, test } from 'vitest'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { publicJwk } from '../../src/keys/signer.ts'
import { isProposed, planProposals, type Reader } from '../../src/proposal/from-folder.ts'
import type { Agreement, System } from '../../src/registry/documents.ts'
import type { FolderDocument, FolderName } from '../../src/registry/folder.ts'
import { DOCUMENTS, fileText, inForceOf } from '../../src/registry/in-force.ts'
import { CIVIL } from '../proposing.ts'
import { documents, registryOf, seeded } from '../registry/seeded.ts'

const AUDITOR: Reader = { roles: [{ role: 'auditor', agency: CIVIL }] }
const ADMIN: Reader = { roles: [{ role: 'admin', agency: CIVIL }] }

const file = (folder: FolderName, name: string, document: unknown): FolderDocument => ({
  ...{ path: `${folder}/${name}.json`, folder, name, document },
})
const one = async (document: FolderDocument) =>
  (await planProposals([document], seeded, AUDITOR)).files[0]

const agreement = documents.agreements[0] as Agreement
const system = documents.systems[0] as System
const application = { basis: '依据某法第一条', scenario: '婚姻登记核验', scope: '全市范围' }
const { state: _, ...bare } = agreement

describe('an agreement’s file', () => {
  test('becomes an application with its words, under a new id', async () => {
    const planned = await one(file('agreements', 'new-1', { ...bare, id: 'new-1', application }))
    expect(planned).toMatchObject({ fate: 'new', opening: { kind: 'agreement', target: 'new-1' } })
    expect(planned?.opening?.doc).toEqual({ agreement: { ...bare, id: 'new-1' }, application })
  })

  test('without words says where they belong', async () => {
    const planned = await one(file('agreements', 'new-1', { ...bare, id: 'new-1' }))
    expect(planned).toMatchObject({ fate: 'refused', faults: [{ pointer: '/application' }] })
    expect(planned?.opening).toBeUndefined()
  })

  test('of one in force rewrites nothing', async () => {
    const changed = { ...bare, dailyQuota: bare.dailyQuota + 1, application }
    const planned = await one(file('agreements', bare.id, changed))
    expect(planned).toMatchObject({ fate: 'refused' })
    expect(JSON.stringify(planned)).toContain('apply under a new id')
    expect((await one(file('agreements', bare.id, { ...bare, application })))?.fate).toBe(
      'unchanged',
    )
  })
})

describe('a system’s file', () => {
  test('brings its first keys along; later they are the console’s', async () => {
    const jwk = await publicJwk(await generateSigningKey('ES256'))
    const joined = { ...system, id: 'folder-new', keys: [jwk] }
    const planned = await one(file('systems', 'folder-new', joined))
    expect(planned?.opening?.doc).toMatchObject({ system: { id: 'folder-new' }, keys: [jwk] })
    const held = { ...system, keys: [jwk] }
    expect(await one(file('systems', system.id, held))).toMatchObject({
      ...{ fate: 'unchanged', remarks: [{ en: expect.stringContaining('console') }] },
    })
  })

  test.each([
    ['a private key', async () => generateSigningKey('ES256'), 'private key'],
    ['a text', async () => 'key', 'not a public signature key'],
  ])('with %s is refused and repeats nothing of it', async (_, keyOf, said) => {
    const key = await keyOf()
    const document = { ...system, id: 'folder-new', keys: [key] }
    const planned = await one(file('systems', 'folder-new', document))
    expect(planned).toMatchObject({ fate: 'refused', faults: [{ pointer: '/keys/0' }] })
    expect(JSON.stringify(planned)).toContain(said)
    if (typeof key !== 'string') expect(JSON.stringify(planned)).not.toContain(key.d)
  })
})

test('what the gateway fills in is no difference to what was proposed', async () => {
  const [item] = documents.items
  const edited = { ...item, fee: { zh: '免费', en: 'Free' } }
  const planned = await one(file('items', item?.code ?? '', edited))
  const opening = planned?.opening
  if (!opening) throw new Error('nothing would be proposed')
  expect(isProposed({ ...opening.doc, version: 9, state: 'published' }, opening)).toBe(true)
  expect(isProposed(item, opening)).toBe(false)
})

describe('an exported folder', () => {
  const exported = (['item', 'service', 'agreement', 'system', 'pledge'] as const).flatMap((kind) =>
    DOCUMENTS[kind](seeded)
      .filter((each) => !('version' in each) || seeded.items.get(each.code)?.[0] === each)
      .map((each) => {
        const text = fileText(kind, each)
        const read = JSON.parse(text)
        const name = read.uscc ?? read.id ?? read.code ?? read.agency
        return { text, document: file(`${kind}s`, name, read) }
      }),
  )

  test('is in force, all of it, also as whoever reads over the wire sees the registry', async () => {
    const over = inForceOf({
      agency: DOCUMENTS.agency(seeded),
      contract: DOCUMENTS.contract(seeded),
      item: DOCUMENTS.item(seeded),
      service: DOCUMENTS.service(seeded),
      agreement: DOCUMENTS.agreement(seeded),
      system: DOCUMENTS.system(seeded),
      pledge: DOCUMENTS.pledge(seeded),
    })
    for (const registry of [seeded, over]) {
      const { files, absent } = await planProposals(
        exported.map(({ document }) => document),
        registry,
        AUDITOR,
      )
      expect(files.filter(({ fate }) => fate !== 'unchanged')).toEqual([])
      expect(absent).toEqual([])
    }
  })

  test('compares with an agency’s own eyes what is its own, and the rest not at all', async () => {
    const { files, absent } = await planProposals(
      exported.map(({ document }) => document).slice(1),
      seeded,
      ADMIN,
    )
    const fateOf = (path: string) => files.find((each) => each.path === path)?.fate
    expect(fateOf('items/MAR-01.json')).toBe('unchanged')
    expect(fateOf('items/SOC-01.json')).toBe('foreign')
    expect(new Set(files.map(({ fate }) => fate))).toEqual(new Set(['unchanged', 'foreign']))
    expect(absent).toEqual([])
    const none = await planProposals([], seeded, ADMIN)
    expect(none.absent).toContainEqual({ kind: 'item', key: 'MAR-01' })
    expect(none.absent).not.toContainEqual({ kind: 'item', key: 'ENT-01' })
  })

  test('is the same text, however the gateway keeps the order of members', () => {
    const shuffled = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffled)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, at]) => [name, shuffled(at)]),
            )
          : value
    for (const item of documents.items)
      expect(fileText('item', shuffled(item))).toBe(fileText('item', item))
    for (const each of documents.agreements)
      expect(fileText('agreement', shuffled(each))).toBe(fileText('agreement', each))
  })

  test('says nothing of versions: a file that became the newest one is unchanged', async () => {
    const [first] = documents.items
    if (!first) throw new Error('no items')
    const fee = { zh: '免费', en: 'Free' }
    const newest = { ...first, version: first.version + 1, fee, state: 'published' as const }
    const registry = registryOf({ items: [newest] })
    const of = async (document: object) =>
      (await planProposals([file('items', first.code, document)], registry, AUDITOR)).files[0]?.fate
    expect(await of(JSON.parse(fileText('item', newest)))).toBe('unchanged')
    expect(await of({ ...first, fee })).toBe('unchanged')
    expect(await of({ ...first, fee: { zh: '收费', en: 'Paid' } })).toBe('refused')
  })
})
