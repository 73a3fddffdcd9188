import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { answersNow, type Counts, countAll, countMaterials } from '../../src/registry/counts.ts'
import { serviceFaults } from '../../src/registry/service-faults.ts'
import { blacklistSchema, itemsOf, serviceSchema } from '../../src/registry/service-item.ts'
import { agencies, items, purposes, readText } from './seed.ts'

const all = z.array(serviceSchema).parse(JSON.parse(readText('seed/services.json')))
/** Where each was defined; three levels have adopted one. */
const services = all.filter(({ adopts }) => adopts === undefined)
const blacklists = z.array(blacklistSchema).parse(JSON.parse(readText('seed/blacklists.json')))
const materials = services.flatMap((service) => service.materials)
const stands = answersNow(Map.groupBy(items, (item) => item.code))

/** What domain research read in full, article by article; nothing else may be cited as read. */
const READ_IN_FULL: Readonly<Record<string, readonly string[]>> = {
  政务数据共享条例: ['第十九条'],
  优化营商环境条例: ['第四十四条'],
  '国务院关于在线政务服务的若干规定（国务院令第716号）': ['第七条'],
  居住证暂行条例: ['第九条'],
}

describe('the services', () => {
  it('are 13 with 97 materials, each decided: 71 replaced, 3 committed or abolished, 23 kept', () => {
    expect(services).toHaveLength(13)
    expect(materials).toHaveLength(97)
    const kinds = Object.groupBy(materials, ({ decision }) => decision.kind)
    expect(kinds.replaced).toHaveLength(71)
    expect((kinds.committed?.length ?? 0) + (kinds.abolished?.length ?? 0)).toBe(3)
    expect(kinds.kept).toHaveLength(23)
  })

  it('name only agencies and items that there are, and no paper twice', () => {
    expect(serviceFaults({ services: all, agencies, items })).toEqual([])
  })

  it('bring public rental housing from 11 papers to 3, and to 2 once officers answer', () => {
    const housing = services.find(({ code }) => code === 'S04')
    expect(housing && countMaterials(housing, stands)).toMatchObject({
      before: 11,
      proven: 8,
      pending: 1,
      kept: 2,
      after: 3,
    })
    expect(housing && countMaterials(housing, () => true).after).toBe(2)
  })

  it('leave 25 papers of 97 today, and 23 once officers answer', () => {
    expect(countAll(services, stands)).toMatchObject({ before: 97, after: 25 })
    expect(countAll(services, () => true).after).toBe(23)
    expect(countAll(all, stands)).toEqual(countAll(services, stands))
  })

  it('cover every service that a purpose names', () => {
    const codes = services.map(({ code }) => code)
    // JOIN is a newcomer's first question, and no citizen's.
    const asked = purposes.services.filter(({ code }) => code !== 'JOIN')
    for (const { code } of asked) expect(codes).toContain(code)
  })

  it('say in both languages what each paper is and why', () => {
    for (const { names, reason } of [
      ...materials,
      ...services.map((s) => ({ ...s, reason: s.names })),
    ])
      for (const { zh, en } of [names, reason]) {
        expect(zh).toMatch(/\p{Script=Han}/u)
        expect(en).not.toMatch(/\p{Script=Han}/u)
      }
  })
})

describe('citations', () => {
  const laws = [...services, ...materials, ...blacklists].flatMap(({ law }) => law)

  it('are marked read only where the article was read', () => {
    for (const { title, article = '', mark } of laws)
      if (mark === 'read') expect(READ_IN_FULL[title]).toContain(article)
  })

  it('of what is replaced name the duty not to collect twice', () => {
    for (const { decision, law } of materials)
      if (decision.kind === 'replaced')
        expect(law).toContainEqual({
          title: '政务数据共享条例',
          article: '第十九条',
          mark: 'read',
        })
  })
})

describe('the national lists', () => {
  it('hold 20 proofs of grass-roots committees, 9 and 5 of police stations, with sources', () => {
    expect(blacklists.map(({ proofs }) => proofs.length)).toEqual([20, 9, 5])
    for (const { sources } of blacklists) expect(sources.length).toBeGreaterThan(0)
  })
})

const REFERENCE = new URL('../../../shared/reference/catalog.json', import.meta.url)
const haveReference = existsSync(REFERENCE)
if (!haveReference) console.warn('SKIPPED: no catalogue at ../shared/reference/catalog.json')

describe.skipIf(!haveReference)('against the reference catalogue', () => {
  const reference = (
    haveReference ? JSON.parse(readFileSync(REFERENCE, 'utf8')) : { items: [], services: [] }
  ) as {
    items: { code: string }[]
    services: { code: string; zh: string; materials: { name: string; via: string }[] }[]
  }

  it('every paper of every service has the decision that was designed', () => {
    const via = { kept: 'keep', committed: 'commit', abolished: 'abolish' }
    const ours = services.map(({ code, names, materials }) => ({
      code,
      zh: names.zh,
      materials: materials.map(({ names, decision }) => ({
        name: names.zh,
        via: decision.kind === 'replaced' ? decision.items.join() : via[decision.kind],
      })),
    }))
    const theirs = reference.services.map(({ code, zh, materials }) => ({ code, zh, materials }))
    expect(ours).toEqual(theirs)
  })

  it('37 items are designed, and the services use no other', () => {
    const codes = reference.items.map(({ code }) => code)
    expect(codes).toHaveLength(37)
    for (const item of materials.flatMap(itemsOf)) expect(codes).toContain(item)
  })
})

describe.each([
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const)('%s', (file, language) => {
  const text = readText(file)
  const row = (name: string, { before, proven, pending, after }: Counts) =>
    `| ${name} | ${before} | ${proven} | ${pending} | ${after} |`

  it.each(services)('states the figures of $code as they are counted', (service) => {
    const name = `${service.code} ${service.names[language]}`
    expect(text).toContain(row(name, countMaterials(service, stands)))
  })

  it('states the sum', () => {
    expect(text).toContain(row({ en: 'Sum', zh: '合计' }[language], countAll(services, stands)))
  })
})
