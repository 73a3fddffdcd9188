import type { SyncCrypto } from '../crypto.ts'
import type { Signer } from '../keys/signer.ts'
import type { HttpBinding, System } from '../registry/documents.ts'
import { headersOf, nextSpan, startTrace, type TraceHeaders } from '../trace.ts'
import { circuitBreaker, type Way } from './breaker.ts'
import { type Connector, ProviderFailure, type Question } from './connector.ts'
import { signForward } from './forward.ts'
import { readStatement } from './statement.ts'

/** All tries together; far below the lease of an intent. */
const DEADLINE_MILLIS = 15_000
const TRY_MILLIS = 5_000
const TRIES = 3
const PAUSE_MILLIS = 200
const ANSWER_BYTES_MAX = 256 * 1024
/** Requests on their way to one provider: a slow one may not hold everybody's memory and sockets. */
const IN_FLIGHT_MAX = 64

export type Reply = {
  readonly status: number
  readonly contentType: string
  readonly body: string
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
  const inFlight = new Map<string, number>()

  const ask: Connector<HttpBinding> = async (question) => {
    const { id, endpoint } = providerOf(question)
    const running = inFlight.get(id) ?? 0
    if (running >= IN_FLIGHT_MAX) throw new ProviderFailure('down', `${id} has too many to answer`)
    inFlight.set(id, running + 1)
    try {
      const text = await guarded({ provider: id, caller: question.caller }, () =>
        askPersistently(needs, question, endpoint),
      )
      const requestHash = needs.crypto.digest(question.request)
      return await readStatement(text, question, { issuer: needs.issuer, requestHash })
    } finally {
      inFlight.set(id, (inFlight.get(id) ?? 1) - 1)
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
      return read(await needs.outbound(endpoint, forward, limits, headersOf(nextSpan(trace))))
    } catch (error) {
      const isFinal = !(error instanceof ProviderFailure) || error.how === 'invalid'
      const pause = PAUSE_MILLIS * 2 ** tries * (0.5 + Math.random() / 2)
      if (isFinal || tries === TRIES || left() <= pause) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** @throws ProviderFailure: 5xx and 429 may pass, what else is not 200 will not. */
function read({ status, contentType, body }: Reply): string {
  if (status === 408 || status === 504)
    throw new ProviderFailure('timeout', `the provider says ${status}`)
  if (status === 429 || status >= 500)
    throw new ProviderFailure('down', `the provider says ${status}`)
  if (status !== 200) throw new ProviderFailure('invalid', `the provider says ${status}`)
  if (contentType.split(';')[0]?.trim().toLowerCase() !== 'application/jwt')
    throw new ProviderFailure('invalid', 'the answer is not application/jwt')
  return body.trim()
}
