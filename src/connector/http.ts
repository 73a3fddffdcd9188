import type { SyncCrypto } from '../crypto.ts'
import type { Jws } from '../keys/jws.ts'
import type { Signer } from '../keys/signer.ts'
import type { HttpBinding, System } from '../registry/documents.ts'
import { headersOf, nextSpan, startTrace, type TraceHeaders } from '../trace.ts'
import { circuitBreaker, type Way } from './breaker.ts'
import { type Connector, ProviderFailure, type Question } from './connector.ts'
import { signForward } from './forward.ts'
import { inFlight } from './in-flight.ts'
import { readStatement } from './statement.ts'

/** All tries together; far below the lease of an intent. */
const DEADLINE_MILLIS = 15_000
const TRY_MILLIS = 5_000
const TRIES = 3
const PAUSE_MILLIS = 200
const ANSWER_BYTES_MAX = 256 * 1024

export type Reply = {
  readonly status: number
  readonly contentType: string
  readonly body: string
  /** The header `Retry-After`, as it came. */
  readonly retryAfter?: string | undefined
}

/**
 * One POST of a compact JWS, with the headers of its trace. No redirect is followed, no private address is reached unless the
 * operator allows its network, nothing beyond the limits is read.
 *
 * @throws ProviderFailure `down` (not reached), `timeout`, or `invalid` (too large).
 */
export type Outbound = (
  url: string,
  body: string,
  limits: { readonly timeoutMillis: number; readonly maxBytes: number },
  trace?: TraceHeaders,
) => Promise<Reply>

type Needs = {
  readonly issuer: string
  readonly signer: Signer
  readonly verify: Jws['verify']
  readonly crypto: Pick<SyncCrypto, 'digest'>
  readonly clock: () => number
  readonly outbound: Outbound
}

/** Also which ways to providers are closed at this moment, for the operator. */
export type HttpConnector = Connector<HttpBinding> & { openCircuits(): readonly Way[] }

/**
 * Asks the provider's own endpoint with a signed forward, and reads its signed statement. What may be
 * repeated is: a provider answers one request's hash with one statement, so a try that failed on the
 * way is tried again, at most twice and within the deadline.
 */
export function httpConnector(needs: Needs): HttpConnector {
  const guarded = circuitBreaker(needs.clock)
  const places = inFlight()

  const ask: Connector<HttpBinding> = async (question) => {
    const { id, endpoint } = providerOf(question)
    const leave = places.enter(id, question.caller)
    try {
      const text = await guarded({ provider: id, caller: question.caller }, () =>
        askPersistently(needs, question, endpoint),
      )
      const requestHash = needs.crypto.digest(question.request)
      const { issuer, verify } = needs
      return await readStatement(text, question, { issuer, requestHash, verify })
    } finally {
      leave()
    }
  }
  return Object.assign(ask, { openCircuits: guarded.open })
}

/** @throws ProviderFailure unless the item's provider still has that system in service. */
function providerOf({ registry, item }: Question<HttpBinding>): System & { endpoint: string } {
  const system = registry.systems.get(item.connector.system)
  const isItsOwn = system?.actsFor.includes(item.provider) && system.roles.includes('provider')
  if (!system?.endpoint || !isItsOwn || system.status !== 'active')
    throw new ProviderFailure('down', `${item.connector.system} is not ${item.code}'s provider`)
  return { ...system, endpoint: system.endpoint }
}

async function askPersistently(
  needs: Needs,
  question: Question<HttpBinding>,
  endpoint: string,
): Promise<string> {
  const started = performance.now()
  const trace = question.trace?.() ?? startTrace()
  const left = () => DEADLINE_MILLIS - (performance.now() - started)
  for (let tries = 1; ; tries++) {
    try {
      const forward = await signForward(needs, question, needs.clock())
      const timeoutMillis = Math.ceil(Math.max(1, Math.min(TRY_MILLIS, left())))
      const limits = { timeoutMillis, maxBytes: ANSWER_BYTES_MAX }
      // Each try is a call of its own.
      const traced = headersOf(nextSpan(trace))
      return read(await needs.outbound(endpoint, forward, limits, traced), needs.clock())
    } catch (error) {
      const isFinal = !(error instanceof ProviderFailure) || error.how === 'invalid'
      const least = error instanceof NotYet ? error.pauseMillis : 0
      const pause = Math.max(least, PAUSE_MILLIS * 2 ** tries * (0.5 + Math.random() / 2))
      if (isFinal || tries === TRIES || left() <= pause) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** It may pass, but not before this: asking at once again is no use. */
class NotYet extends ProviderFailure {
  readonly pauseMillis: number

  constructor(status: number, pauseMillis: number) {
    super('down', `the provider says ${status}`)
    this.pauseMillis = pauseMillis
  }
}

/**
 * @throws ProviderFailure: 5xx and 429 may pass (RFC 9110 §15.6, RFC 6585 §4). So may 401: the provider
 *   does not know this gateway's or this caller's key yet, or its clock is wrong, and somebody must see
 *   to that; the request itself is good. What else is not 200 will not pass.
 */
function read({ status, contentType, body, retryAfter }: Reply, now: number): string {
  if (status === 408 || status === 504)
    throw new ProviderFailure('timeout', `the provider says ${status}`)
  if (status === 401) throw new NotYet(status, Number.POSITIVE_INFINITY)
  if (status === 429 || status >= 500) throw new NotYet(status, pauseOf(retryAfter, now))
  if (status !== 200) throw new ProviderFailure('invalid', `the provider says ${status}`)
  if (contentType.split(';')[0]?.trim().toLowerCase() !== 'application/jwt')
    throw new ProviderFailure('invalid', 'the answer is not application/jwt')
  return body.trim()
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), in milliseconds from now; 0 where it says neither. */
function pauseOf(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0
  const millis = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now
  return Math.max(0, millis || 0)
}
