import { EN } from './texts/en.ts'
import { MEANINGS } from './texts/meanings.ts'
import { ZH_CN } from './texts/zh-cn.ts'

/** Whose move it is after a refusal. */
export type Party = 'caller' | 'gateway' | 'provider' | 'authority'

export type Bilingual = { readonly zh: string; readonly en: string }

/** Status, the row of the check table that failed, whose move it is. */
const ROWS = {
  'too-large': [413, 'size', 'caller'],
  'media-type': [415, 'size', 'caller'],
  malformed: [400, 'form', 'caller'],
  header: [400, 'header', 'caller'],
  'wrong-type': [400, 'header', 'caller'],
  'unknown-key': [401, 'key', 'caller'],
  'revoked-key': [401, 'key', 'caller'],
  algorithm: [401, 'key', 'caller'],
  signature: [401, 'signature', 'caller'],
  audience: [401, 'audience', 'caller'],
  'jti-reuse': [409, 'retry', 'caller'],
  'in-progress': [503, 'retry', 'gateway'],
  'answer-archived': [410, 'retry', 'caller'],
  'answer-erased': [410, 'retry', 'caller'],
  expired: [401, 'time', 'caller'],
  'not-yet': [401, 'time', 'caller'],
  'request-schema': [422, 'schema', 'caller'],
  suspended: [403, 'requester', 'authority'],
  requester: [403, 'requester', 'caller'],
  'unknown-item': [404, 'item', 'caller'],
  'item-suspended': [409, 'item', 'provider'],
  'needs-officer': [501, 'item', 'gateway'],
  subject: [422, 'content', 'caller'],
  ask: [422, 'content', 'caller'],
  'no-agreement': [403, 'agreement', 'authority'],
  purpose: [403, 'agreement', 'caller'],
  claims: [403, 'agreement', 'caller'],
  region: [403, 'agreement', 'caller'],
  authorization: [403, 'agreement', 'caller'],
  policy: [403, 'policy', 'authority'],
  quota: [429, 'limits', 'authority'],
  rate: [429, 'limits', 'caller'],
  probing: [429, 'limits', 'caller'],
  'provider-down': [503, 'provider', 'provider'],
  'provider-timeout': [504, 'provider', 'provider'],
  'provider-invalid': [502, 'provider', 'provider'],
  'log-unavailable': [503, 'log', 'gateway'],
  'signer-unavailable': [503, 'signer', 'gateway'],
  proof: [401, 'proof', 'caller'],
  'proof-replayed': [401, 'proof', 'caller'],
  role: [403, 'role', 'authority'],
  'signed-out': [401, 'session', 'caller'],
  forbidden: [403, 'role', 'authority'],
  'step-up': [403, 'session', 'caller'],
  'cross-site': [403, 'session', 'caller'],
  'sandbox-off': [403, 'sandbox', 'gateway'],
  'sandbox-full': [403, 'sandbox', 'gateway'],
  'own-proposal': [403, 'four-eyes', 'caller'],
  'wrong-state': [409, 'state', 'caller'],
  'sharing-class': [409, 'state', 'caller'],
  'only-once': [409, 'state', 'caller'],
  'too-late': [409, 'clock', 'caller'],
  stale: [412, 'state', 'caller'],
  'no-precondition': [428, 'state', 'caller'],
  blocked: [422, 'review', 'caller'],
  'no-calendar': [409, 'calendar', 'gateway'],
  'not-found': [404, 'route', 'caller'],
  parameters: [400, 'route', 'caller'],
  internal: [500, 'gateway', 'gateway'],
} as const satisfies Record<string, readonly [status: number, check: string, party: Party]>

export type Code = keyof typeof ROWS

type Row = {
  readonly status: number
  readonly check: string
  readonly party: Party
  readonly title: Bilingual
  /** For the page and `explain`: what was found, and what became of the request. */
  readonly meaning: Bilingual
  readonly hint: Bilingual
}

type Texts = Readonly<Record<Code, { readonly title: string; readonly hint: string }>>

/**
 * The closed table of everything the gateway refuses. One code, one status, one meaning: callers
 * switch on `code`, people read `title` and `hint`, and `/problems/<code>` serves the row as a page.
 * Nothing here, and nothing added at run time but pointers and times, may carry personal data.
 */
export const ERRORS = tableOf(ZH_CN, EN, MEANINGS)

function tableOf(
  zh: Texts,
  en: Texts,
  meanings: Readonly<Record<Code, Bilingual>>,
): Readonly<Record<Code, Row>> {
  const entries = (Object.keys(ROWS) as Code[]).map((code): [Code, Row] => {
    const [status, check, party] = ROWS[code]
    const title = { zh: zh[code].title, en: en[code].title }
    const hint = { zh: zh[code].hint, en: en[code].hint }
    return [code, { status, check, party, title, meaning: meanings[code], hint }]
  })
  return Object.fromEntries(entries) as Record<Code, Row>
}

/** What cannot be recorded or signed leaves neither a record nor a signature: 503, and ask again. */
export const UNRECORDED: readonly Code[] = ['log-unavailable', 'signer-unavailable']

/** Retryable refusals are judged again and never use up the `jti` (promise 6). */
export function isRetryable(code: Code): boolean {
  const { status } = ERRORS[code]
  return status === 429 || status === 503 || status === 504
}

export type RefusalDetail = {
  /** JSON pointers into the caller's own message: places, never values. */
  readonly pointers?: readonly string[]
  /** Ids of the city's rules that forbade it. */
  readonly policies?: readonly string[]
  readonly retryAfterSeconds?: number
  /** The year whose calendar is missing. */
  readonly year?: number
  /** Gateway time, where the caller's clock may be the cause. */
  readonly gatewayTime?: string
  /** For the operator's own log; never leaves the process otherwise. */
  readonly internal?: string
}

/** A refusal at one of the checks. Thrown by the steps, turned into HTTP in one place only. */
export class Refusal extends Error {
  readonly code: Code
  readonly more: RefusalDetail

  constructor(code: Code, more: RefusalDetail = {}) {
    super(more.internal ?? code)
    this.name = 'Refusal'
    this.code = code
    this.more = more
  }
}

/** A fault for the operator's log: its name and where it was thrown, not its message, which may quote data. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...frames.map((line) => line.trim())].join(' ')
}
