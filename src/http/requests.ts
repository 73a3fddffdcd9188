import { zValidator } from '@hono/zod-validator'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { Refusal } from '../errors.ts'
import { evidenceBundle } from '../evidence/bundle.ts'
import { mayRelease } from '../evidence/release.ts'
import { retryKey } from '../evidence/retry-key.ts'
import { type Exchange, exchanger } from '../exchange/exchange.ts'
import type { Outcome } from '../exchange/outcome.ts'
import { openRecorded } from '../exchange/recall.ts'
import { parseLeaf } from '../log/entry.ts'
import { invalidParameters } from './input.ts'
import { readBody } from './limits.ts'
import { refusalResponse } from './problem.ts'
import { requireProof } from './proof.ts'
import { traceOf } from './trace.ts'

const DAY_SECONDS = 86_400

export const requestParam = z.object({ jti: z.uuidv4() })

/** POST /v1/requests, and reading one's own outcome again. */
export function requestRoutes(deps: Deps): Hono {
  const exchange: Exchange = exchanger(deps)
  const param = zValidator('param', requestParam, invalidParameters)
  return new Hono()
    .post('/', async (c) => {
      const text = await readBody(c)
      const outcome = await exchange(text, () => traceOf(c))
      if (outcome.kind === 'refusal') return refusalResponse(c, outcome)
      if (!c.req.header('accept')?.includes('application/json')) return answer(deps, c, outcome)
      const pair = { request: text, answer: outcome.jws }
      return c.json(await evidenceBundle(deps, outcome.index, pair), 200, headersOf(deps, outcome))
    })
    .get('/:jti', param, async (c) => {
      const found = await ownOutcome(deps, c, c.req.valid('param').jti)
      if (found.kind === 'refusal') return refusalResponse(c, found)
      return answer(deps, c, found)
    })
    .get('/:jti/evidence', param, async (c) => {
      const { index, request, jws } = await ownOutcome(deps, c, c.req.valid('param').jti)
      return c.json(await evidenceBundle(deps, index, { request, answer: jws }))
    })
    .get('/:jti/statement', param, async (c) => {
      const statement = statementOf(await ownOutcome(deps, c, c.req.valid('param').jti))
      return c.body(statement, 200, { 'Content-Type': 'application/jwt' })
    })
}

/**
 * What the provider itself signed, where it says no more than the answer does.
 *
 * @throws Refusal `not-found` where it stays sealed too: that there is more to it is not for the caller.
 */
function statementOf({ jws, statement }: Awaited<ReturnType<typeof ownOutcome>>): string {
  if (statement === undefined || !mayRelease(jws, statement)) throw new Refusal('not-found')
  return statement
}

/** @throws Refusal `not-found` for another system's record too: what exists is nobody else's business. */
async function ownOutcome(deps: Deps, c: Context, jti: string) {
  const { system } = await requireProof(deps, c)
  const found = await deps.store.findRetry(retryKey(deps.crypto, system.id, jti))
  const leaf = found && parseLeaf(found.leaf)
  if (!found || leaf?.caller !== system.id || !leaf.requestHash) throw new Refusal('not-found')
  if (leaf.kind === 'intent') throw new Refusal('in-progress', { retryAfterSeconds: 1 })
  return openRecorded(deps.crypto, found, leaf.requestHash)
}

function answer(deps: Deps, c: Context, outcome: Outcome): Response {
  const headers = headersOf(deps, outcome)
  headers['Content-Type'] = 'application/jwt'
  return c.body(outcome.jws, 200, headers)
}

/** RateLimit: draft-ietf-httpapi-ratelimit-headers, the day of Asia/Shanghai is the window. */
function headersOf({ issuer }: Deps, { index, jti, quota }: Outcome): Record<string, string> {
  const headers: Record<string, string> = {
    'Log-Index': String(index),
    Link: `<${issuer}/v1/requests/${jti}/evidence>; rel="evidence"`,
  }
  if (!quota) return headers
  const { limit, remaining, resetSeconds } = quota
  headers['RateLimit-Policy'] = `"day";q=${limit};w=${DAY_SECONDS}`
  headers.RateLimit = `"day";r=${Math.max(0, remaining)};t=${resetSeconds}`
  return headers
}
