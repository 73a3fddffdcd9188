import type { ClaimContract, Contract, Predicate } from './contract.ts'

/** One claim asked for: read when it carries no predicate, else judged by exactly one. */
export type Ask = {
  readonly claim: string
  readonly equals?: unknown
  readonly in?: readonly unknown[]
  readonly atLeast?: unknown
  readonly atMost?: unknown
}

const PREDICATES: readonly Predicate[] = ['equals', 'in', 'atLeast', 'atMost']

/** More values would turn a predicate into a way to read. */
const IN_VALUES_MAX = 8

/** The predicates that an ask carries; a well-formed one carries none (a read) or one. */
export function predicatesOf(ask: Ask): Predicate[] {
  return PREDICATES.filter((name) => ask[name] !== undefined)
}

/** JSON pointers, from /ask on, of what the contract does not allow; [] when fine. Never values. */
export function askProblems(contract: Contract, ask: readonly Ask[]): string[] {
  if (ask.length === 0) return ['/ask']
  const seen = new Set<string>()
  return ask.flatMap((one, i) => {
    const claim = contract.claims.get(one.claim)
    const repeated = seen.has(one.claim)
    seen.add(one.claim)
    if (claim === undefined || repeated) return [`/ask/${i}/claim`]
    return oneProblem(claim, one).map((place) => `/ask/${i}${place}`)
  })
}

function oneProblem(claim: ClaimContract, ask: Ask): string[] {
  const [predicate, ...more] = predicatesOf(ask)
  if (predicate === undefined) return claim.read ? [] : ['/claim']
  if (more.length > 0) return [predicate, ...more].map((name) => `/${name}`)
  if (!claim.predicates.has(predicate)) return [`/${predicate}`]
  if (predicate !== 'in') return claim.accepts(ask[predicate]) ? [] : [`/${predicate}`]
  return valuesProblems(claim, ask.in)
}

function valuesProblems(claim: ClaimContract, values: unknown): string[] {
  if (!Array.isArray(values) || values.length === 0 || values.length > IN_VALUES_MAX) return ['/in']
  if (new Set(values).size < values.length) return ['/in']
  return values.flatMap((value, i) => (claim.accepts(value) ? [] : [`/in/${i}`]))
}
