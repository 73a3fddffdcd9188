import { type Ask, predicatesOf } from './ask.ts'
import type { ClaimContract } from './contract.ts'
import { compareNames, type NameComparison, normalizeIdNumber } from './name.ts'

/** The only spellings of a judgement. NO_RECORD is never a "no" (promise 7). */
export type Result = NameComparison | 'NO_RECORD'

/**
 * Answers one predicate over the provider's value without letting the value out (promise 5). Takes an
 * ask that `askProblems` let through and a value that the claim `accepts`; null and undefined mean
 * that the record does not state it.
 *
 * @throws TypeError on an ask without exactly one predicate, or a value that is not a scalar.
 */
export function judge(claim: ClaimContract, ask: Ask, value: unknown): Result {
  const [predicate, ...more] = predicatesOf(ask)
  if (predicate === undefined || more.length > 0)
    throw new TypeError('judge: exactly one predicate')
  if (value === null || value === undefined) return 'NO_RECORD'
  if (typeof value === 'object') throw new TypeError('judge: a list is read, not judged')
  if (predicate === 'equals') return same(claim, value, ask.equals)
  if (predicate === 'in') return among((ask.in ?? []).map((wanted) => same(claim, value, wanted)))
  const order = compareOrdered(value, ask[predicate])
  return (predicate === 'atLeast' ? order >= 0 : order <= 0) ? 'MATCH' : 'MISMATCH'
}

function same(claim: ClaimContract, value: unknown, wanted: unknown): NameComparison {
  if (typeof value !== 'string' || typeof wanted !== 'string' || claim.compare === 'exact')
    return value === wanted ? 'MATCH' : 'MISMATCH'
  if (claim.compare === 'name') return compareNames(value, wanted)
  return normalizeIdNumber(value) === normalizeIdNumber(wanted) ? 'MATCH' : 'MISMATCH'
}

/** One match decides; without one, a single undecidable comparison leaves the whole undecided. */
function among(results: readonly NameComparison[]): NameComparison {
  if (results.includes('MATCH')) return 'MATCH'
  return results.includes('UNDETERMINED') ? 'UNDETERMINED' : 'MISMATCH'
}

/** Numbers by size; ISO dates and year-months, all of one length by the claim's format, as text. */
function compareOrdered(value: unknown, bound: unknown): number {
  if (typeof value === 'number' && typeof bound === 'number') return value - bound
  if (typeof value !== 'string' || typeof bound !== 'string' || value.length !== bound.length)
    throw new TypeError('judge: value and bound are not of one kind')
  return value < bound ? -1 : Number(value > bound)
}
