import { decodeJwt } from 'jose'
import type { EvidenceBundle } from '../evidence/bundle.ts'
import { REQUEST_TYPE } from '../exchange/outcome.ts'
import type { Signer } from '../keys/signer.ts'
import { Failure } from './failure.ts'
import { send } from './remote.ts'

const LIFE_SECONDS = 120
const PROOF_LIFE_SECONDS = 60
const encoder = new TextEncoder()

/** What a request says beyond who sends it, to whom and when. */
export type Claims = {
  readonly item?: string
  readonly ask?: readonly Question[]
  readonly [name: string]: unknown
}

export type Question = { readonly claim: string; readonly [predicate: string]: unknown }

export type Caller = {
  readonly gateway: string
  readonly issuer: string
  readonly system: string
  readonly signer: Signer
}

export type Said = {
  readonly outcome?: string
  readonly claims?: Readonly<Record<string, { readonly result?: string; readonly value?: unknown }>>
  readonly asOf?: string
  readonly source?: { readonly register: string; readonly version: string }
  readonly code?: string
  readonly status?: number
  readonly retryable?: boolean
  readonly title?: string
  readonly detail?: string
  readonly hint?: string
  readonly instance?: string
  readonly pointers?: readonly string[]
  readonly policies?: readonly string[]
  readonly en?: { readonly title: string; readonly detail: string; readonly hint: string }
}

/** One request with what came back: nothing of it is verified yet. */
export type Asked = {
  readonly request: string
  readonly jti: string
  readonly status: number
  /** The payload of the signed answer or refusal; of the plain problem where nothing was signed. */
  readonly said: Said
  /** The signed answer or refusal. */
  readonly answer?: string
  /** Its place in the log. */
  readonly index?: number
  readonly bundle?: EvidenceBundle
}

export async function signRequest(
  { signer, system, issuer }: Omit<Caller, 'gateway'>,
  claims: Claims,
): Promise<{ request: string; jti: string }> {
  const iat = Math.floor(Date.now() / 1000)
  const jti = crypto.randomUUID()
  const payload = { iss: system, aud: issuer, iat, exp: iat + LIFE_SECONDS, jti, ...claims }
  return { request: await signer.sign(REQUEST_TYPE, encoder.encode(JSON.stringify(payload))), jti }
}

/** Signs and sends one request. @throws Failure when no gateway answers. */
export async function askGateway(caller: Caller, claims: Claims): Promise<Asked> {
  const { request, jti } = await signRequest(caller, claims)
  const response = await send(caller.gateway, '/v1/requests', {
    method: 'POST',
    headers: { 'Content-Type': 'application/jwt', Accept: 'application/json' },
    body: request,
  })
  const { status } = response
  const body = (await response.json()) as EvidenceBundle & Said & { signed?: string }
  const index = response.headers.has('log-index')
    ? { index: Number(response.headers.get('log-index')) }
    : {}
  if (status !== 200) {
    const { signed } = body
    const said = signed === undefined ? body : decodeJwt<Said>(signed)
    return { request, jti, status, said, ...index, ...(signed ? { answer: signed } : {}) }
  }
  if (body.request !== request)
    throw new Failure(1, '网关答复的不是所发的请求。', 'The gateway answered another request.')
  const said = decodeJwt<Said>(body.answer)
  return { request, jti, status, said, answer: body.answer, bundle: body, ...index }
}

/**
 * The evidence bundle: an answer brings it along, a refusal's is read afterwards with an agency proof.
 *
 * @returns undefined where there is none: the refusal was not recorded, or leaves the jti unused.
 */
export async function evidenceOf(
  caller: Caller,
  { bundle, jti, index, said }: Asked,
): Promise<EvidenceBundle | undefined> {
  if (bundle || index === undefined || said.retryable) return bundle
  const response = await readOwn(caller, `/v1/requests/${jti}/evidence`)
  return response.ok ? ((await response.json()) as EvidenceBundle) : undefined
}

/** What the provider itself signed. @returns undefined where there is nothing, or it stays sealed. */
export async function statementOf(caller: Caller, { jti }: Asked): Promise<string | undefined> {
  const response = await readOwn(caller, `/v1/requests/${jti}/statement`)
  return response.ok ? response.text() : undefined
}

/** A read with a proof of its own (agency-proof+jwt). */
async function readOwn(
  { gateway, issuer, system, signer }: Caller,
  path: string,
): Promise<Response> {
  const iat = Math.floor(Date.now() / 1000)
  const proof = await signer.sign(
    'agency-proof+jwt',
    encoder.encode(
      JSON.stringify({
        iss: system,
        aud: issuer,
        htm: 'GET',
        htu: `${issuer}${path}`,
        iat,
        exp: iat + PROOF_LIFE_SECONDS,
        jti: crypto.randomUUID(),
      }),
    ),
  )
  return send(gateway, path, { headers: { Authorization: `Bearer ${proof}` } })
}
