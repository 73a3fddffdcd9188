import type { QuotaState } from './limits.ts'

export const REQUEST_TYPE = 'assistance-request+jwt'
export const ANSWER_TYPE = 'assistance-answer+jwt'
export const REFUSAL_TYPE = 'assistance-refusal+jwt'

/** A signed and recorded end of a request. The same request always gets the same `jws` and `index`. */
export type Outcome = {
  readonly kind: 'answer' | 'refusal'
  readonly jws: string
  readonly index: number
  /** The request's own id, where it had one. */
  readonly jti: unknown
  /** Only where the quota was looked at. */
  readonly quota?: QuotaState
}
