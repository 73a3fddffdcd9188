import type { Finding } from '../registry/checks/rule.ts'
import type { Said } from './proposal.ts'

/** The findings that stand in the way: what blocks, and what asks for words that were not given. */
export function unmet(findings: readonly Finding[], { reasons, answers }: Said): Finding[] {
  return findings.filter((finding) => {
    if (finding.level === 'block') return true
    if (finding.level === 'reason') return !hasWords(reasons, finding)
    return finding.level === 'question' && !hasWords(answers, finding)
  })
}

/** Findings that people answer in their own words. */
export function asksForWords({ level }: Pick<Finding, 'level'>): boolean {
  return level === 'reason' || level === 'question'
}

/** For one place of the document, `promised-limit/timeLimit`, or for the whole check, `promised-limit`. */
function hasWords(words: Readonly<Record<string, string>>, { id, pointer }: Finding): boolean {
  return Object.hasOwn(words, `${id}${pointer}`) || Object.hasOwn(words, id)
}
