import { marriedResidentAt } from '../seed/people.ts'

export const RESIDENTS = 1_000_000

/** Not everybody is married. */
const MARRIED_SHARE = 4

/** The claims of MAR-01 requests about one married resident after another, two predicates each. */
export function* subjects(residents: number): Generator<Record<string, unknown>, never> {
  for (let k = 0; ; k++) {
    const { idNo, name } = marriedResidentAt(k % Math.floor(residents / MARRIED_SHARE))
    yield {
      requester: '11990100MB9901075L',
      item: 'MAR-01',
      purpose: { service: 'S04', basis: 'PRH-MEASURES', scenario: 'eligibility-review' },
      case: `GZF-2026-${idNo.slice(-6)}`,
      official: { id: 'ZJ-0417', position: '住房保障科' },
      authorization: { kind: 'consent', ref: 'SQ-2026-0001' },
      subject: { idNo, name },
      ask: [
        { claim: 'status', equals: 'REGISTERED' },
        { claim: 'regDate', atMost: '2026-01-01' },
      ],
    }
  }
}
