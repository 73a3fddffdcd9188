import type { Deps } from '../deps.ts'
import { type Code, faultOf, isRetryable, Refusal } from '../errors.ts'
import { WITHOUT_EVIDENCE } from '../log/entry.ts'
import { problemOf } from '../problem.ts'
import type { Principal } from './authenticate.ts'
import type { Grant } from './authorize.ts'
import type { Uses } from './limits.ts'
import type { Minimised } from './minimise.ts'
import { ANSWER_TYPE, type Outcome, REFUSAL_TYPE } from './outcome.ts'
import { type Progress, record } from './record.ts'

type Needs = Pick<Deps, 'issuer' | 'crypto' | 'signer' | 'log'>

const encoder = new TextEncoder()

/**
 * Sign → record → release (promises 1 and 2). When this resolves the entry is durable; only then may
 * the answer leave. A crash before that leaves no trace and no answer; after it, the retry key finds
 * the stored answer.
 *
 * @throws Refusal `signer-unavailable`; LogUnavailable; OverLimit or EndedElsewhere, when nothing of this was recorded.
 */
export async function sealAnswer(
  deps: Needs,
  progress: Progress & { readonly grant: Grant },
  { answer, uses, now }: { answer: Minimised; uses: Uses; now: number },
): Promise<Outcome> {
  const { principal, grant } = progress
  const { outcome, claims, asOf, source, statement } = answer
  const { code, version, provider } = grant.item
  const item = { code, version }
  const signed = statement && { providerStatement: { hash: deps.crypto.digest(statement) } }
  const said = { item, provider, outcome, claims, asOf, source, ...signed }
  const jws = await sign(deps, principal, { typ: ANSWER_TYPE, said, now })
  const leaf = { kind: 'exchange', agreement: grant.agreement.id, outcome } as const
  const placed = await record(deps, progress, {
    answer: jws,
    statement,
    leaf,
    // The intent has counted the guesses, before the provider was asked.
    more: progress.intent === undefined ? uses.draft : { counter: uses.draft.counter },
    claimsJti: true,
  })
  const { jti } = principal.compact.payload
  const quota = uses.remaining(placed.quota)
  return { kind: 'answer', jws, index: placed.index, jti, quota }
}

/** A refusal of a known caller: signed and recorded like an answer. A final one claims the `jti`. */
export async function sealRefusal(
  deps: Needs,
  progress: Progress,
  { refusal, now, count = 1 }: { refusal: Refusal; now: number; count?: number },
): Promise<Outcome> {
  const { principal } = progress
  const { jti } = principal.compact.payload
  const isShared = count > 1
  const said = problemOf(deps.issuer, refusal, isShared ? undefined : jti)
  const about = isShared ? { request: undefined, count } : {}
  const jws = await sign(deps, principal, { typ: REFUSAL_TYPE, said: { ...said, ...about }, now })
  const leaf = { kind: 'refusal' as const, check: refusal.code, ...(isShared ? { count } : {}) }
  const claimsJti = usesUpJti(refusal.code)
  const keepsNothing = WITHOUT_EVIDENCE.includes(refusal.code)
  const placed = await record(deps, progress, { answer: jws, leaf, claimsJti, keepsNothing })
  return { kind: 'refusal', jws, index: placed.index, jti }
}

/** Retryable refusals are judged again; a `jti` that belongs to another record stays with it. */
function usesUpJti(code: Code): boolean {
  const elsewhere: readonly Code[] = ['jti-reuse', 'answer-archived', 'answer-erased', 'internal']
  return !isRetryable(code) && !elsewhere.includes(code)
}

async function sign(
  { issuer, signer }: Needs,
  { system, compact, hash }: Principal,
  { typ, said, now }: { typ: string; said: Readonly<Record<string, unknown>>; now: number },
): Promise<string> {
  const { jti } = compact.payload
  const payload = {
    iss: issuer,
    aud: system.id,
    iat: Math.floor(now / 1000),
    jti: globalThis.crypto.randomUUID(),
    request: typeof jti === 'string' ? { jti, hash } : { hash },
    ...said,
  }
  try {
    return await signer.sign(typ, encoder.encode(JSON.stringify(payload)))
  } catch (error) {
    throw new Refusal('signer-unavailable', { retryAfterSeconds: 1, internal: faultOf(error) })
  }
}
