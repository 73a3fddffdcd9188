import { readCompact } from '../jws/compact.ts'
import { isStrictJson } from '../jws/strict-json.ts'
import { encodeBase64Url } from '../log/base64.ts'
import { parseReceipt } from '../log/receipt.ts'
import { keyAt, type Trust } from '../log/trust.ts'
import { verifyCompact, verifyEvidence } from '../log/verify.ts'
import { type RefusalText, Refused, Unverified } from './faults.ts'
import type { Answer, Evidence, Quota } from './question.ts'
import type { Reply } from './wire.ts'

/** What was sent, so that what comes back can be held to it. */
export type Sent = {
  readonly request: string
  readonly jti: string
  readonly system: string
  readonly item: string
  readonly claims: readonly string[]
}

const OUTCOMES = ['ANSWERED', 'NO_RECORD', 'UNDETERMINED']
const RESULTS = ['MATCH', 'MISMATCH', 'NO_RECORD', 'UNDETERMINED']
const REFUSAL_TYPE = 'assistance-refusal+jwt'

export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(data)))
}

/**
 * An answer, once everything about it holds: it answers these very bytes, the gateway's key signed it,
 * the log holds both, and it says nothing beyond what was asked.
 *
 * @throws Unverified
 */
export async function judgeAnswer(
  { body, headers }: Reply,
  sent: Sent,
  trust: Trust,
): Promise<Omit<Answer, 'verifiedWith'>> {
  const { ok, checks, entry } = await verifyEvidence(body, trust, sha256)
  if (!ok) throw new Unverified('the answer does not verify', checks)
  const evidence = body as Evidence
  if (evidence.request !== sent.request) throw new Unverified('this answers another request')
  if (entry?.kind !== 'exchange') throw new Unverified('this is the evidence of a refusal')
  const said = readCompact(evidence.answer).payload
  const quota = readQuota(headers)
  return {
    ...readAnswer(said, sent),
    jti: sent.jti,
    entry: parseReceipt(evidence.receipt).index,
    evidence,
    ...(quota ? { quota } : {}),
  }
}

type Said = Pick<
  Answer,
  'outcome' | 'claims' | 'item' | 'provider' | 'asOf' | 'source' | 'providerStatement'
>

/** The gateway signed it; it must also be an answer to what was asked (promise 5). */
function readAnswer(said: Readonly<Record<string, unknown>>, sent: Sent): Said {
  const { outcome, asOf, provider, providerStatement: statement } = said
  const [item, source, claims] = [Object(said.item), Object(said.source), Object(said.claims)]
  const [code, version] = sent.item.split('@')
  const fits =
    OUTCOMES.includes(outcome as string) &&
    item.code === code &&
    (version === undefined || item.version === Number(version)) &&
    [provider, asOf, source.register, source.version].every((one) => typeof one === 'string') &&
    (statement === undefined || typeof Object(statement).hash === 'string') &&
    Object.keys(claims).every((name) => sent.claims.includes(name)) &&
    sent.claims.every((name) => Object.hasOwn(claims, name) && isReply(claims[name]))
  if (!fits) throw new Unverified('the answer is not to what was asked')
  const signed = statement === undefined ? {} : { providerStatement: statement }
  return { outcome, claims, item, provider, asOf, source, ...signed } as Said
}

function isReply(reply: unknown): boolean {
  const members = Object.keys(Object(reply)).join()
  const { result } = Object(reply)
  return members === 'value' || (members === 'result' && RESULTS.includes(result))
}

/**
 * A refusal; where it is signed, what the signature covers is what counts.
 *
 * @throws Unverified when the signature is bad, or it refuses another request
 */
export async function judgeRefusal(
  { status, body, headers }: Reply,
  sent: Sent,
  trust: Trust,
): Promise<Refused> {
  const { signed } = body
  if (signed === undefined) {
    const wait = Number(headers.get('retry-after') ?? Number.NaN)
    const plain = Number.isNaN(wait) ? body : { retryAfterSeconds: wait, ...body }
    return new Refused(readText(plain, status), { jti: sent.jti })
  }
  if (typeof signed !== 'string') throw new Unverified('the refusal is not signed as it says')
  const said = await openRefusal(signed, sent, trust).catch((cause: unknown) => {
    throw cause instanceof Unverified
      ? cause
      : new Unverified(
          `the refusal does not verify: ${cause instanceof Error ? cause.message : cause}`,
        )
  })
  const entry = typeof body.entry === 'number' ? body.entry : undefined
  return new Refused(readText(said, status), { jti: sent.jti, signed, entry })
}

async function openRefusal(
  signed: string,
  { request, system, jti }: Sent,
  trust: Trust,
): Promise<Readonly<Record<string, unknown>>> {
  const { header, payload, payloadText } = readCompact(signed)
  const { iss, aud, iat, retryable, count } = payload
  if (header.typ !== REFUSAL_TYPE || !isStrictJson(payloadText, payload))
    throw new Unverified('the refusal is not one')
  // `iat` is in whole seconds: the key was valid somewhere within that second.
  const endOfSecond = new Date(Number(iat) * 1000 + 999).toISOString()
  await verifyCompact(signed, keyAt(trust.gateway, header.kid, endOfSecond, 999))
  if (iss !== trust.issuer || aud !== system)
    throw new Unverified('the refusal is for somebody else')
  // Under a flood one refusal stands for many requests and names none: only ever a retryable one.
  const isShared = payload.request === undefined && typeof count === 'number' && retryable === true
  const about = Object(payload.request)
  const hash = encodeBase64Url(await sha256(new TextEncoder().encode(request)))
  if (!isShared && (about.hash !== hash || (about.jti !== undefined && about.jti !== jti)))
    throw new Unverified('the refusal is of another request')
  return payload
}

/** What is no problem of ours still says its status. */
function readText(said: Readonly<Record<string, unknown>>, status: number): RefusalText {
  const text = (value: unknown, instead = '') => (typeof value === 'string' ? value : instead)
  const { pointers, retryAfterSeconds } = said
  const en = Object(said.en)
  return {
    code: text(said.code, `http-${status}`),
    status: typeof said.status === 'number' ? said.status : status,
    check: text(said.check),
    party: text(said.party, 'gateway'),
    retryable: said.retryable === true || (said.code === undefined && status >= 500),
    title: text(said.title, 'HTTP'),
    detail: text(said.detail),
    hint: text(said.hint),
    ...(said.en
      ? { en: { title: text(en.title), detail: text(en.detail), hint: text(en.hint) } }
      : {}),
    ...(Array.isArray(pointers)
      ? { pointers: pointers.filter((one) => typeof one === 'string') }
      : {}),
    ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}),
  }
}

/** RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers), as this gateway writes them. */
function readQuota(headers: Headers): Quota | undefined {
  const [, limit] = /;q=(\d+)/.exec(headers.get('ratelimit-policy') ?? '') ?? []
  const [, remaining, reset] = /;r=(\d+);t=(\d+)/.exec(headers.get('ratelimit') ?? '') ?? []
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined
  return { limit: Number(limit), remaining: Number(remaining), resetSeconds: Number(reset) }
}
