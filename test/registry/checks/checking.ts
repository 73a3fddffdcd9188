import { expect, test } from 'vitest'
import { check, RULES } from '../../../src/registry/checks/check.ts'
import type { Proposable, ProposableKind } from '../../../src/registry/checks/documents.ts'
import type { About, Finding, Level } from '../../../src/registry/checks/rule.ts'
import { seeded, TODAY } from '../seeded.ts'

/** A sound document with one thing changed, and what one rule finds then, at one place. */
export type Case<T> = readonly [
  what: string,
  changed: T,
  rule: string,
  level: Level,
  pointer: string,
  about?: Partial<About>,
]

const NOW: About = { registry: seeded, today: TODAY }

export function findings<K extends ProposableKind>(
  kind: K,
  document: Proposable[K],
  about: Partial<About> = {},
): readonly Finding[] {
  return check<K>({ kind, document }, { ...NOW, ...about })
}

export const of = (rule: string, all: readonly Finding[]) =>
  all.filter(({ id }) => id === rule).map(({ level, pointer }) => [level, pointer])

/** A test for each case, and one that no rule of the kind is without a case that it finds. */
export function tryCases<K extends ProposableKind>(kind: K, cases: readonly Case<Proposable[K]>[]) {
  for (const [what, document, rule, level, pointer, about] of cases)
    test(`with ${what}: ${level} by ${rule}`, () => {
      expect(of(rule, findings(kind, document, about))).toContainEqual([level, pointer])
    })
  test('has each of its rules tried', () => {
    const rules = RULES[kind].map(({ id }) => id)
    const missing = rules.filter((id) => !cases.some(([, , rule]) => rule === id))
    expect(missing).toEqual([])
  })
}
