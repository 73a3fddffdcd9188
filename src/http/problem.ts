import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { decodeJwt } from 'jose'
import type { Deps } from '../deps.ts'
import { type Code, Refusal, UNRECORDED } from '../errors.ts'
import { asRefusal } from '../exchange/fault.ts'
import type { Outcome } from '../exchange/outcome.ts'
import { type Problem, problemOf } from '../problem.ts'
import type { Link } from '../web/page.ts'
import { errorPage } from '../web/public/error.ts'
import { type View, viewOf } from '../web/view.ts'
import { noteRefused } from './observe.ts'
import { tally } from './tally.ts'
import { traceOf } from './trace.ts'

const PROBLEM = 'application/problem+json'
const REPEAT_MILLIS = 1000

type Frame = { readonly view: View; readonly menu?: readonly Link[] }

/**
 * The only exit for errors: whatever was thrown becomes a problem of the closed table.
 *
 * @param frameOf the frame of a page that tells one to somebody at work; undefined: the one for anybody
 */
export function onError(
  deps: Pick<Deps, 'issuer' | 'report' | 'clock' | 'look' | 'signIn'>,
  frameOf?: (c: Context) => Promise<Frame | undefined>,
) {
  const count = tally(deps)
  let saidAt = Number.NEGATIVE_INFINITY

  /** While log or signer is away anybody's request fails with the same words: said once a second. */
  function isRepeated(code: Code): boolean {
    if (!UNRECORDED.includes(code)) return false
    const now = deps.clock()
    if (Math.abs(now - saidAt) < REPEAT_MILLIS) return true
    saidAt = now
    return false
  }

  const frame = async (c: Context) => (await frameOf?.(c)) ?? { view: viewOf(c, deps) }

  return (error: Error, c: Context): Response | Promise<Response> => {
    const refusal = refusalOf(error)
    count(refusal.code)
    const { internal } = refusal.more
    if (internal && !isRepeated(refusal.code)) {
      const place = { path: c.req.routePath, trace: traceOf(c).id }
      deps.report('error', { code: refusal.code, internal, ...place })
    }
    const problem = problemOf(deps.issuer, refusal)
    return wantsPage(c) ? sendPage(c, problem, frame(c)) : send(c, problem)
  }
}

/** A signed and recorded refusal: the signed object, then `entry` and `signed`. Same bytes each time. */
export function refusalResponse(c: Context, { jws, index }: Outcome): Response {
  const said = decodeJwt(jws) as unknown as Problem
  return send(c, { ...said, entry: index, signed: jws }, { 'Log-Index': String(index) })
}

function send(
  c: Context,
  problem: Problem & { readonly entry?: number; readonly signed?: string },
  headers: Record<string, string> = {},
): Response {
  const { status, retryAfterSeconds } = problem
  noteRefused(c, { code: problem.code, isRecorded: problem.signed !== undefined })
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer error="invalid_token"'
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds)
  headers['Content-Type'] = PROBLEM
  headers['X-Content-Type-Options'] = 'nosniff'
  return c.body(JSON.stringify(problem), status as ContentfulStatusCode, headers)
}

/** A browser that opened an address; what lies under `/v1` speaks to programs only. */
function wantsPage(c: Context): boolean {
  return !c.req.path.startsWith('/v1/') && (c.req.header('accept') ?? '').includes('text/html')
}

async function sendPage(c: Context, problem: Problem, frame: Promise<Frame>): Promise<Response> {
  noteRefused(c, { code: problem.code, isRecorded: false })
  if (problem.retryAfterSeconds !== undefined)
    c.header('Retry-After', String(problem.retryAfterSeconds))
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Cache-Control', 'no-store')
  const page = errorPage(await frame, problem)
  return c.html(page, problem.status as ContentfulStatusCode)
}

function refusalOf(error: Error): Refusal {
  // What Hono itself raises is about the form of the HTTP message, never about our state.
  if (error instanceof HTTPException && error.status < 500) return new Refusal('parameters')
  return asRefusal(error)
}
