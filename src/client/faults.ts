import type { Verdict } from '../log/verify.ts'

type Text = { readonly title: string; readonly detail: string; readonly hint: string }

/** What the gateway said no with (RFC 9457), Chinese first. */
export type RefusalText = {
  readonly code: string
  readonly status: number
  /** The check that failed. */
  readonly check: string
  /** Whose move it is: caller, gateway, provider or authority. */
  readonly party: string
  readonly retryable: boolean
  readonly title: string
  readonly detail: string
  readonly hint: string
  readonly en?: Text | undefined
  readonly pointers?: readonly string[]
  readonly retryAfterSeconds?: number | undefined
}

/**
 * The gateway refused. `signed` is there where the gateway knows the caller and its signature on the
 * refusal was verified; without it anybody on the way could have written this: a hint, not evidence.
 */
export class Refused extends Error implements RefusalText {
  override readonly name = 'Refused'
  readonly code: string
  readonly status: number
  readonly check: string
  readonly party: string
  readonly retryable: boolean
  readonly title: string
  readonly detail: string
  readonly hint: string
  readonly en: Text | undefined
  readonly pointers: readonly string[]
  readonly retryAfterSeconds: number | undefined
  readonly jti: string
  readonly signed: string | undefined
  /** Index in the log, as the gateway says; `evidence(jti)` proves it, save for retryable refusals. */
  readonly entry: number | undefined

  constructor(
    text: RefusalText,
    where: {
      readonly jti: string
      readonly signed?: string | undefined
      readonly entry?: number | undefined
    },
  ) {
    super(`${text.code}: ${text.title}${text.en ? ` · ${text.en.title}` : ''}`)
    this.code = text.code
    this.status = text.status
    this.check = text.check
    this.party = text.party
    this.retryable = text.retryable
    this.title = text.title
    this.detail = text.detail
    this.hint = text.hint
    this.en = text.en
    this.pointers = text.pointers ?? []
    this.retryAfterSeconds = text.retryAfterSeconds
    this.jti = where.jti
    this.signed = where.signed
    this.entry = where.entry
  }
}

/** Something came back that does not prove what it says. It is not an answer; its content is withheld. */
export class Unverified extends Error {
  override readonly name = 'Unverified'
  readonly checks: Verdict['checks'] | undefined

  constructor(what: string, checks?: Verdict['checks']) {
    const bad = Object.entries(checks ?? {}).flatMap(([name, { ok, detail }]) =>
      ok ? [] : [`${name}: ${detail}`],
    )
    super([what, ...bad].join('; '))
    this.checks = checks
  }
}

/** No gateway answered in time. Ask again with the same question; silence is never "no". */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}
