import { base64url } from 'jose'
import type { TraceHeaders } from '../trace.ts'
import { Declined } from './declined.ts'
import { issuerOf, type ProviderTrust, readSigned } from './trust.ts'

const FORWARD_TYPE = 'assistance-forward+jwt'
const REQUEST_TYPE = 'assistance-request+jwt'
const SKEW_SECONDS = 30
/** A gateway takes a request until its `exp` and its own skew, and then tries for some seconds. */
const REQUEST_LATE_SECONDS = 60

type Json = Readonly<Record<string, unknown>>

/** What was asked, by whom and why: everything that a provider needs to answer and to remember it by. */
export type ProviderQuestion = {
  readonly item: { readonly code: string; readonly version: number }
  /** Whom or what it is about, by the item's contract. */
  readonly subject: Json
  /** The claims to answer; a predicate on them is the gateway's to judge. */
  readonly ask: readonly string[]
  readonly caller: string
  readonly requester: string
  readonly purpose: Json
  readonly case: string
  readonly official: Json
  readonly authorization: Json
  /** The gateway's log index of its intent to ask. */
  readonly intent: number
  /** base64url SHA-256 of the caller's exact request: repeats of it get the same statement. */
  readonly requestHash: string
  /** The trace that this call belongs to, for the provider's own: signed by nobody. */
  readonly trace?: TraceHeaders
}

/**
 * Checks a forward: the gateway's signature, for this provider, of now; inside it the caller's own
 * request, by a key of the caller's, to that gateway, of now, about that item and at least those claims.
 * So neither a caller alone nor a gateway alone can make a provider answer, nor a gateway ask again
 * whenever it likes with what a caller signed once.
 *
 * @throws Declined
 */
export async function readForward(
  text: string,
  { id, trust, now }: { id: string; trust: ProviderTrust; now: number },
): Promise<ProviderQuestion> {
  const forward = await readSigned(text, FORWARD_TYPE, { keys: trust.gateway, now })
  if (forward.iss !== trust.issuer || forward.aud !== id) throw new Declined('audience')
  checkWindow(forward, now)
  const { item, ask, intent, request } = readForwardClaims(forward)
  const caller = issuerOf(request)
  const keys = typeof caller === 'string' && Object.hasOwn(trust.callers, caller)
  if (!keys) throw new Declined('unknown-key')
  const callerKeys = trust.callers[caller] ?? []
  const claims = await readSigned(request, REQUEST_TYPE, { keys: callerKeys, now })
  if (claims.aud !== trust.issuer) throw new Declined('audience')
  checkWindow(claims, now, REQUEST_LATE_SECONDS)
  const asked = Array.isArray(claims.ask) ? claims.ask.map((one) => objectOf(one).claim) : []
  const isItem = [item.code, `${item.code}@${item.version}`].includes(String(claims.item))
  if (!isItem || !ask.every((name) => asked.includes(name))) throw new Declined('not-asked')
  const { subject, purpose, official, authorization } = claims
  return {
    item,
    ask,
    intent,
    caller,
    requester: String(claims.requester),
    case: String(claims.case),
    subject: objectOf(subject),
    purpose: objectOf(purpose),
    official: objectOf(official),
    authorization: objectOf(authorization),
    requestHash: await hashOf(request),
  }
}

function checkWindow({ iat, exp }: Json, now: number, lateSeconds = 0): void {
  const seconds = now / 1000
  const isTimely = typeof iat === 'number' && typeof exp === 'number'
  if (!isTimely || iat > seconds + SKEW_SECONDS || seconds > exp + SKEW_SECONDS + lateSeconds)
    throw new Declined('expired')
}

function readForwardClaims({ item, ask, intent, request }: Json) {
  const { code, version } = objectOf(item)
  const isAsk = Array.isArray(ask) && ask.every((name) => typeof name === 'string')
  if (typeof code !== 'string' || !Number.isInteger(version) || !isAsk)
    throw new Declined('forward-schema')
  if (!Number.isInteger(intent) || typeof request !== 'string') throw new Declined('forward-schema')
  return {
    item: { code, version: version as number },
    ask: ask as string[],
    intent: intent as number,
    request,
  }
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

/** base64url SHA-256. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return base64url.encode(new Uint8Array(digest))
}
