import type { Bilingual } from '../../errors.ts'
import type { Citation } from '../documents.ts'
import type { Registry } from '../registry.ts'
import { spelled } from './law.ts'

/**
 * What a check found, from the mildest on. `question`: a machine cannot tell, the approver answers.
 * `reason`: it may be approved, and why is written down. `block`: it may not be approved as it stands.
 */
export type Level = 'pass' | 'question' | 'reason' | 'block'

/** One line of what an approver sees; `pointer` leads to the place in the proposed document. */
export type Finding = {
  readonly id: string
  readonly level: Level
  readonly pointer: string
  /** What demands it, as it is cited, and whether its text was read. */
  readonly article: string
  readonly mark: Citation['mark']
  readonly texts: Bilingual
}

/** The registry in force, and the day as an ISO date in Shanghai. */
export type About = { readonly registry: Registry; readonly today: string }

export type Fault = Pick<Finding, 'pointer' | 'texts'> & { readonly level: Exclude<Level, 'pass'> }

/** One check. `judge` gives what is wrong, or undefined where the rule does not apply. */
export type Rule<T> = {
  readonly id: string
  readonly article: Citation
  /** What is said where nothing is wrong. */
  readonly holds: Bilingual
  readonly judge: (document: T, about: About) => readonly Fault[] | undefined
}

/** Every rule's findings, in the order of the rules; what holds is said too. */
export function findingsOf<T>(
  rules: readonly Rule<T>[],
  document: T,
  about: About,
): readonly Finding[] {
  return rules.flatMap(({ id, article, holds, judge }): Finding[] => {
    const faults = judge(document, about)
    if (faults === undefined) return []
    const rule = { id, article: spelled(article), mark: article.mark }
    if (faults.length === 0) return [{ ...rule, level: 'pass', pointer: '', texts: holds }]
    return faults.map((fault) => ({ ...rule, ...fault }))
  })
}

const fault =
  (level: Fault['level']) =>
  (pointer: string, zh: string, en: string): Fault => ({ level, pointer, texts: { zh, en } })

export const block = fault('block')
export const reason = fault('reason')
export const question = fault('question')
