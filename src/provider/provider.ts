import { CompactSign, type JWK } from 'jose'
import { headersOf, readTrace } from '../trace.ts'
import { Declined } from './declined.ts'
import { hashOf, type ProviderQuestion, readForward } from './forward.ts'
import { importOnce } from './imported.ts'
import { inMemory, type Remembered } from './remembered.ts'
import type { ProviderTrust } from './trust.ts'

const STATEMENT_TYPE = 'assistance-statement+jwt'
const BODY_BYTES_MAX = 128 * 1024

/** A claim's value; `undefined` where there is no record of it, `undetermined` where it cannot be told. */
export const undetermined: unique symbol = Symbol('undetermined')

export type ProviderAnswer =
  | { readonly outcome: 'NO_RECORD' | 'UNDETERMINED' }
  | { readonly outcome: 'ANSWERED'; readonly values: Readonly<Record<string, unknown>> }

/** One register that answers one item. */
export type ItemSource = {
  readonly register: string
  /** What state of the register answers, such as a sequence number or a day. */
  version(): string
  /** Looks up what was asked. Answer silence by throwing: it is never "no". */
  answer(question: ProviderQuestion): Promise<ProviderAnswer>
}

/** A provider's own record of what it said to whom; without personal data. */
export type ProviderLine = Pick<
  ProviderQuestion,
  'caller' | 'requester' | 'intent' | 'requestHash'
> & {
  readonly time: string
  readonly item: string
  readonly outcome: string
  readonly statementHash: string
  /** The W3C trace id, where the call came with one. */
  readonly trace?: string
}

export type ProviderOptions = {
  /** The system id under which the gateway's registry knows this endpoint. */
  readonly id: string
  /** The private signing key, with kid and alg. */
  readonly key: JWK
  /** Read at each request, so that rotated keys are seen. */
  readonly trust: () => ProviderTrust | Promise<ProviderTrust>
  readonly items: Readonly<Record<string, ItemSource>>
  readonly remembered?: Remembered
  /** Called once for each statement, before it leaves. */
  readonly log?: (line: ProviderLine) => void | Promise<void>
  readonly clock?: () => number
}

/**
 * An agency's own endpoint, as a fetch handler: it verifies gateway and caller, answers from the
 * agency's register, signs, and gives one request one statement however often it is asked.
 *
 * @example app.post('/assistance', (c) => answer(c.req.raw))
 */
export function createProvider(options: ProviderOptions): (request: Request) => Promise<Response> {
  const running = new Map<string, Promise<string>>()
  const remembered = options.remembered ?? inMemory()
  const clock = options.clock ?? Date.now

  async function recallOrState(question: ProviderQuestion): Promise<string> {
    const { requestHash } = question
    const known = await remembered.get(requestHash)
    if (known) return known
    const statement = await state(options, question, clock())
    await remembered.put(requestHash, statement)
    return statement
  }

  /** Claimed before anything is looked up: a slow look-up would miss what was stated meanwhile. */
  function stateOnce(question: ProviderQuestion): Promise<string> {
    const { requestHash } = question
    const stating =
      running.get(requestHash) ?? recallOrState(question).finally(() => running.delete(requestHash))
    running.set(requestHash, stating)
    return stating
  }

  return async (request) => {
    try {
      const text = await readText(request)
      const trust = await options.trust()
      const question = await readForward(text, { id: options.id, trust, now: clock() })
      const statement = await stateOnce({ ...question, ...traceOf(request) })
      return new Response(statement, { headers: { 'Content-Type': 'application/jwt' } })
    } catch (error) {
      return problem(error instanceof Declined ? error : new Declined('internal'))
    }
  }
}

/** Where the headers do not hold there is none: what is signed does not depend on them. */
function traceOf({ headers }: Request): Pick<ProviderQuestion, 'trace'> {
  const trace = readTrace(headers.get('traceparent'), headers.get('tracestate'))
  return trace ? { trace: headersOf(trace) } : {}
}

async function readText(request: Request): Promise<string> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim()
  if (type !== 'application/jwt') throw new Declined('media-type')
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of request.body ?? []) {
    length += part.length
    if (length > BODY_BYTES_MAX) throw new Declined('too-large')
    parts.push(part)
  }
  return new Blob(parts as BlobPart[]).text()
}

/** Looks up, signs, and writes the provider's own log line before the statement may leave. */
async function state(
  { id, key, trust, items, log }: ProviderOptions,
  question: ProviderQuestion,
  now: number,
): Promise<string> {
  const { item, ask, requestHash, caller, requester, intent, trace: around } = question
  const source = Object.hasOwn(items, item.code) ? items[item.code] : undefined
  if (!source) throw new Declined('unknown-item')
  const answer = await source.answer(question)
  const claims = {
    iss: id,
    aud: (await trust()).issuer,
    iat: Math.floor(now / 1000),
    jti: crypto.randomUUID(),
    request: { hash: requestHash },
    item,
    outcome: answer.outcome,
    claims: answer.outcome === 'ANSWERED' ? claimsOf(ask, answer.values) : {},
    asOf: new Date(now).toISOString(),
    source: { register: source.register, version: source.version() },
  }
  const statement = await sign(key, claims)
  const said = { item: `${item.code}@${item.version}`, outcome: answer.outcome, requestHash }
  const statementHash = await hashOf(statement)
  const traceId = readTrace(around?.traceparent)?.id
  const line = { time: claims.asOf, caller, requester, intent, ...said, statementHash }
  await log?.(traceId === undefined ? line : { ...line, trace: traceId })
  return statement
}

/** Exactly the claims that were asked: what else the register gave stays here. */
function claimsOf(ask: readonly string[], values: Readonly<Record<string, unknown>>) {
  const entries = ask.map((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undetermined) return [name, { result: 'UNDETERMINED' }]
    return [name, value === undefined || value === null ? { result: 'NO_RECORD' } : { value }]
  })
  return Object.fromEntries(entries)
}

async function sign(key: JWK, claims: object): Promise<string> {
  const { alg = '', kid = '' } = key
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  const header = { alg, kid, typ: STATEMENT_TYPE }
  return new CompactSign(payload).setProtectedHeader(header).sign(await importOnce(key, alg))
}

function problem({ code, status }: Declined): Response {
  const type = `urn:mianzheng:provider:${code}`
  return Response.json(
    { type, title: code, status, code },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  )
}
