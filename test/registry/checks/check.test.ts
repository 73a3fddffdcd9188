import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check, gravest, RULES } from '../../../src/registry/checks/check.ts'
import type { Finding, Level } from '../../../src/registry/checks/rule.ts'
import { documents, seeded, TODAY } from '../seeded.ts'

const about = { registry: seeded, today: TODAY }
const all: readonly Finding[] = [
  ...documents.items.flatMap((document) => check({ kind: 'item', document }, about)),
  ...documents.services.flatMap((document) => check({ kind: 'service', document }, about)),
  ...documents.agreements.flatMap((document) => check({ kind: 'agreement', document }, about)),
  ...documents.systems.flatMap((document) => check({ kind: 'system', document }, about)),
]

/** What domain research read in full. */
const READ_IN_FULL: Readonly<Record<string, RegExp>> = {
  政务数据共享条例: /^第(三|十[一三四五七九]|二十[一二五]?)条/,
  优化营商环境条例: /^第四十四条$/,
  中华人民共和国个人信息保护法: /^第(六|二十八|五十一)条/,
  中华人民共和国行政许可法: /^第五十八条$/,
  中华人民共和国行政处罚法: /^第二十六条$/,
}

describe('the checks', () => {
  test('are one list a kind, each with an id of its own', () => {
    for (const rules of Object.values(RULES)) {
      const ids = rules.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    }
  })

  test('cite as read only what was read', () => {
    const articles = Object.values(RULES).flatMap((rules) => rules.map(({ article }) => article))
    for (const { title, article = '', mark } of articles)
      if (mark === 'read') expect(article).toMatch(READ_IN_FULL[title] ?? /^$/)
  })

  test('speak both languages, and neither in the place of the other', () => {
    for (const { texts } of all) {
      expect(texts.zh).toMatch(/\p{Script=Han}/u)
      expect(texts.en).not.toMatch(/\p{Script=Han}/u)
    }
  })

  test('say of each rule that applies what was found, once where it holds', () => {
    for (const document of documents.items) {
      const found = check({ kind: 'item', document }, about)
      const passed = found.filter(({ level }) => level === 'pass').map(({ id }) => id)
      const failed = found.filter(({ level }) => level !== 'pass').map(({ id }) => id)
      expect(new Set(passed).size).toBe(passed.length)
      expect(passed.filter((id) => failed.includes(id))).toEqual([])
    }
  })

  test('are pure: the same document and day give the same findings, and nothing is changed by it', () => {
    const before = JSON.stringify(documents)
    fc.assert(
      fc.property(fc.constantFrom(...documents.items, ...documents.items), (document) => {
        const found = () => check({ kind: 'item', document }, about)
        expect(found()).toEqual(found())
      }),
    )
    expect(JSON.stringify(documents)).toBe(before)
  })

  test('the gravest finding decides', () => {
    const of = (...levels: Level[]) => gravest(levels.map((level) => ({ level }) as Finding))
    expect(of()).toBe('pass')
    expect(of('pass', 'question')).toBe('question')
    expect(of('question', 'reason', 'pass')).toBe('reason')
    expect(of('block', 'pass')).toBe('block')
  })
})
