import type { Answer, AnyAsk, Footing } from './question.ts'

/** Whom a case is about, by what the caller calls them: `{applicant: {idNo, name}, spouse: {…}}`. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** One question to an item, for some of the people. */
export type Planned = {
  /** Names of `people`; all of them where neither this nor `subject` is given. */
  readonly who?: string | readonly string[]
  /** Members of the subject beside, or instead of, a person's own. */
  readonly subject?: Readonly<Record<string, unknown>>
  readonly ask: readonly AnyAsk[]
  /** `no-record`: the paper says that there is none (无房证明), so no record is what proves it. */
  readonly provenBy?: 'record' | 'no-record'
}

export type ServiceCase = Omit<Footing, 'purpose'> & {
  readonly basis: string
  readonly scenario: string
  /** By item code. What is left out is not asked, and stays with the citizen. */
  readonly plan: Readonly<Record<string, readonly Planned[]>>
  /** Questions on their way at once; 4. */
  readonly parallel?: number
}

/** What became of one question. `why` where it does not prove its paper: a problem code, or a word. */
export type Asked = {
  readonly item: string
  readonly who?: string
  readonly verdict: 'proven' | 'pending' | 'citizen'
  readonly why?: string
  readonly answer?: Answer
  /** Of the request that was answered or refused: what `evidence(jti)` takes. */
  readonly jti?: string
  /** Index in the log. */
  readonly entry?: number
}

export type MaterialAnswer = {
  readonly id: string
  readonly names: { readonly zh: string; readonly en: string }
  /**
   * `proven` by answers; `pending` an officer or a retry; `citizen`: ask the citizen for it; `committed`:
   * a declaration replaces it (告知承诺); `abolished`: nobody may demand it.
   */
  readonly status: 'proven' | 'pending' | 'citizen' | 'committed' | 'abolished'
  readonly asked: readonly Asked[]
}

export type ServiceAnswer = {
  readonly service: string
  readonly names: { readonly zh: string; readonly en: string }
  /** Papers that the service lists, and those that the citizen must still bring or that are pending. */
  readonly before: number
  readonly after: number
  readonly materials: readonly MaterialAnswer[]
}

/** The plan does not fit the service or its items; nothing was asked yet. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
}
