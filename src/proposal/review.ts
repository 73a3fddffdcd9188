import type { Finding } from './finding.ts'
import type { Said } from './proposal.ts'

/** The findings that stand in the way: what blocks, and what asks for words that were not given. */
export function unmet(findings: readonly Finding[], { reasons, answers }: Said): Finding[] {
  return findings.filter(({ id, level }) => {
    if (level === 'block') return true
    if (level === 'reason') return !Object.hasOwn(reasons, id)
    return level === 'question' && !Object.hasOwn(answers, id)
  })
}
