import { type Code, ERRORS, isRetryable, type Refusal } from './errors.ts'

/**
 * A refusal as it may be seen outside (RFC 9457), Chinese first. Inside the signed refusal it is the
 * payload beside iss, aud, iat, jti and request; on the wire it is the whole of an unattributed refusal.
 */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: Code
  readonly check: string
  readonly party: string
  readonly retryable: boolean
  readonly hint: string
  readonly instance?: string
  readonly pointers?: readonly string[]
  readonly policies?: readonly string[]
  readonly retryAfterSeconds?: number
  readonly gatewayTime?: string
  readonly year?: number
  readonly en: { readonly title: string; readonly detail: string; readonly hint: string }
}

const JTI = /^[0-9a-f-]{36}$/i

/** The public face of a refusal; `internal` stays behind. */
export function problemOf(issuer: string, { code, more }: Refusal, jti?: unknown): Problem {
  const { status, check, party, title, hint } = ERRORS[code]
  const { internal: _, ...shown } = more
  const move = MOVES[party]
  return {
    type: `${issuer}/problems/${code}`,
    title: title.zh,
    status,
    detail: `检查项“${check}”未通过；${move.zh}。`,
    code,
    check,
    party,
    retryable: isRetryable(code),
    hint: hint.zh,
    ...(typeof jti === 'string' && JTI.test(jti)
      ? { instance: `${issuer}/v1/requests/${jti}` }
      : {}),
    ...shown,
    en: { title: title.en, detail: `The check "${check}" failed; ${move.en}.`, hint: hint.en },
  }
}

const MOVES = {
  caller: { zh: '须由请求系统处理', en: 'it is for the calling system to act' },
  gateway: { zh: '须由网关运行方处理', en: "it is for the gateway's operator to act" },
  provider: { zh: '须由提供机关处理', en: 'it is for the provider to act' },
  authority: { zh: '须由共享主管部门协调', en: 'it is for the sharing authority to act' },
} as const
