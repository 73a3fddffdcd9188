import { type Found, UNDETERMINED } from '../connector/connector.ts'
import { type Ask, predicatesOf } from '../contract/ask.ts'
import type { ClaimContract } from '../contract/contract.ts'
import { judge } from '../contract/predicate.ts'
import { Refusal } from '../errors.ts'
import type { Grant } from './authorize.ts'

type Result = 'MATCH' | 'MISMATCH' | 'NO_RECORD' | 'UNDETERMINED'

/** A predicate's result, or the value of a claim that was granted and asked as a read. */
export type ClaimAnswer = { readonly result: Result } | { readonly value: unknown }

export type Minimised = {
  readonly outcome: Found['outcome']
  readonly claims: Readonly<Record<string, ClaimAnswer>>
  readonly asOf: string
  readonly source: Found['source']
  /** What the provider signed: sealed, since it may say more than was granted. */
  readonly statement: string | undefined
}

/**
 * Promise 5: exactly the claims that were asked; a predicate says yes or no and takes its value with it.
 *
 * @throws Refusal `provider-invalid` where a value breaks the contract.
 */
export function minimise({ contract, request }: Grant, found: Found): Minimised {
  const { outcome, asOf, source, statement } = found
  const claims: Record<string, ClaimAnswer> = {}
  for (const ask of request.claims.ask) {
    const claim = contract.claims.get(ask.claim)
    if (!claim) throw new Refusal('internal', { internal: `claim ${ask.claim} passed its check` })
    claims[ask.claim] =
      found.outcome === 'ANSWERED'
        ? answerOf(claim, ask, found.values.get(ask.claim))
        : { result: found.outcome }
  }
  return { outcome, claims, asOf, source, statement }
}

function answerOf(claim: ClaimContract, ask: Ask, value: unknown): ClaimAnswer {
  if (value === UNDETERMINED) return { result: 'UNDETERMINED' }
  if (value === undefined || value === null) return { result: 'NO_RECORD' }
  if (!claim.accepts(value))
    throw new Refusal('provider-invalid', {
      internal: `the value of ${claim.name} breaks its schema`,
    })
  const isRead = predicatesOf(ask).length === 0
  return isRead ? { value } : { result: judge(claim, ask, value) }
}
