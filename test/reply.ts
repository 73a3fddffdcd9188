import type { Hono } from 'hono'
import type { Deps } from '../src/deps.ts'
import { evidenceBundle } from '../src/evidence/bundle.ts'
import type { Trust } from '../src/log/trust.ts'
import { type Verdict, verifyEvidence } from '../src/log/verify.ts'
import type { Problem } from '../src/problem.ts'
import { type Members, payloadOf } from './caller.ts'

/** What came back for one message. */
export type Reply = {
  readonly request: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The payload of a signed answer. */
  readonly answer: Record<string, unknown> | undefined
  readonly problem: (Problem & { readonly signed?: string; readonly entry?: number }) | undefined
  /** Where it is recorded. */
  readonly index: number | undefined
}

export async function sendTo(
  app: Hono,
  request: string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const all = { 'content-type': 'application/jwt', ...headers }
  return replyOf(
    request,
    await app.request('/v1/requests', { method: 'POST', body: request, headers: all }),
  )
}

export async function readFrom(app: Hono, path: string, proof: string): Promise<Reply> {
  return replyOf(proof, await app.request(path, { headers: { authorization: `Bearer ${proof}` } }))
}

export async function replyOf(request: string, response: Response): Promise<Reply> {
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  const index = response.headers.get('log-index')
  return {
    request,
    status: response.status,
    headers: response.headers,
    text,
    answer: type === 'application/jwt' ? payloadOf(text) : undefined,
    problem: type === 'application/problem+json' ? JSON.parse(text) : undefined,
    index: index === null ? undefined : Number(index),
  }
}

/** What a gateway says of its keys, over whatever reaches it. */
export function trustOf(app: Hono): Promise<Trust> {
  return trustFrom((path) => Promise.resolve(app.request(path)))
}

export function askForTrust(url: string): Promise<Trust> {
  return trustFrom((path) => fetch(`${url}${path}`))
}

async function trustFrom(fetchPath: (path: string) => Promise<Response>): Promise<Trust> {
  const get = async (path: string) => (await fetchPath(path)).json()
  const { issuer, log, pastLogs } = await get('/.well-known/mianzheng')
  const { keys } = await get('/.well-known/jwks.json')
  const { systems } = await get('/v1/catalog/systems')
  const gateway = keys.map((jwk: Members) => ({ ...jwk, jwk }))
  type Published = { id: string; keys: Trust['callers'][string]; roles: string[] }
  const keysOf = (own: Published[]) => Object.fromEntries(own.map(({ id, keys }) => [id, keys]))
  const callers = keysOf(systems)
  const providers = keysOf(systems.filter(({ roles }: Published) => roles.includes('provider')))
  return { issuer, gateway, log: [log, ...pastLogs], callers, providers }
}

/** The evidence of a recorded reply. */
export function bundleOf(deps: Deps, { problem, text, request, index }: Reply) {
  const answer = problem ? String(problem.signed) : text
  return evidenceBundle(deps, Number(index), { request, answer })
}

export async function verifyReply(deps: Deps, app: Hono, reply: Reply): Promise<Verdict> {
  const bundle = await bundleOf(deps, reply)
  return verifyEvidence(bundle, await trustOf(app), deps.crypto.sha256)
}
