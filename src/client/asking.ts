import { readCompact } from '../jws/compact.ts'
import type { Trust } from '../log/trust.ts'
import { verifyEvidence } from '../log/verify.ts'
import { headersOf, readTrace, type TraceHeaders } from '../trace.ts'
import { Refused, Unverified } from './faults.ts'
import { judgeAnswer, judgeRefusal, type Sent, sha256 } from './judge.ts'
import type { ClientSigner } from './key.ts'
import type { Keys } from './keys.ts'
import type { Answer, Evidence, Question } from './question.ts'
import { type Fetch, once, type Patience, sendPatiently } from './wire.ts'

const REQUEST_SECONDS = 120
const PROOF_SECONDS = 60

export type AskOptions = {
  readonly signal?: AbortSignal
  /** The caller's own trace (W3C Trace Context), carried on to the provider; it is not signed. */
  readonly trace?: TraceHeaders
}

/** What asking needs, whoever owns it. */
export type Needs = {
  readonly gateway: string
  readonly send: Fetch
  readonly keys: Keys
  readonly system: string
  readonly signer: ClientSigner
  readonly clock: () => number
  readonly patience: Omit<Patience, 'signal'>
}

/** One system asking one gateway: what it sends it signs, and what it returns it has verified. */
export class Asking {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws TypeError for a trace that cannot be one; what else, see `Client.ask`. */
  async ask(question: Question, { signal, trace }: AskOptions = {}): Promise<Answer> {
    const traced = trace ? validTrace(trace) : {}
    const { issuer } = await this.trust()
    const { sent, expiresAt } = await this.#sign(question, issuer)
    try {
      return await this.#send(sent, traced, signal)
    } catch (error) {
      // Sent again only unchanged: should the first have arrived, its answer is kept for a day beyond
      // its expiry. A gateway that says `expired` never executed it, so a new one is no second request.
      const isStale =
        error instanceof Refused && error.code === 'expired' && this.#needs.clock() >= expiresAt
      if (!isStale) throw error
    }
    return this.#send((await this.#sign(question, issuer)).sent, traced, signal)
  }

  async evidence(jti: string, { signal }: AskOptions = {}): Promise<Evidence> {
    const { system } = this.#needs
    const trust = await this.trust()
    const path = `/v1/requests/${encodeURIComponent(jti)}/evidence`
    const seconds = Math.floor(this.#needs.clock() / 1000)
    const proof = await this.#needs.signer.sign('agency-proof+jwt', {
      iss: system,
      aud: trust.issuer,
      htm: 'GET',
      htu: `${trust.issuer}${path}`,
      iat: seconds,
      exp: seconds + PROOF_SECONDS,
      jti: crypto.randomUUID(),
    })
    // Not retried: a proof is good for one read.
    const { send, gateway, patience } = this.#needs
    const headers = { Authorization: `Bearer ${proof}` }
    const reply = await once(send, `${gateway}${path}`, { headers }, { ...patience, signal })
    const sent = { request: '', jti, system, item: '', claims: [] }
    if (reply.status !== 200) throw await judgeRefusal(reply, sent, trust)
    return this.#withKeys(async (known) => {
      const { ok, checks } = await verifyEvidence(reply.body, known, sha256)
      if (!ok) throw new Unverified('the evidence does not verify', checks)
      const evidence = reply.body as Evidence
      const { payload } = readCompact(evidence.request)
      if (payload.iss !== system || payload.jti !== jti)
        throw new Unverified('this is the evidence of another request')
      return evidence
    })
  }

  async trust(): Promise<Trust> {
    return this.#own(await this.#needs.keys.trust())
  }

  /** Whoever asks knows his own key; no file and no gateway says otherwise. */
  #own(trust: Trust): Trust {
    const { system, signer } = this.#needs
    return { ...trust, callers: { ...trust.callers, [system]: [signer.trusted] } }
  }

  async #sign(question: Question, issuer: string): Promise<{ sent: Sent; expiresAt: number }> {
    const { system, signer, clock } = this.#needs
    const { requester, item, purpose, official, authorization, subject, ask } = question
    const said = {
      requester,
      item,
      purpose,
      case: question.case,
      official,
      authorization,
      subject,
      ask,
    }
    const iat = Math.floor(clock() / 1000)
    const exp = iat + REQUEST_SECONDS
    const jti = crypto.randomUUID()
    const envelope = { iss: system, aud: issuer, iat, exp, jti }
    const request = await signer.sign('assistance-request+jwt', { ...envelope, ...said })
    const claims = ask.map((one) => one.claim)
    return { sent: { request, jti, system, item, claims }, expiresAt: exp * 1000 }
  }

  async #send(sent: Sent, traced: object, signal?: AbortSignal): Promise<Answer> {
    const { send, gateway, patience, keys } = this.#needs
    const init = {
      method: 'POST',
      headers: { ...traced, 'Content-Type': 'application/jwt', Accept: 'application/json' },
      body: sent.request,
    }
    const reply = await sendPatiently(send, `${gateway}/v1/requests`, init, { ...patience, signal })
    return this.#withKeys(async (trust) => {
      if (reply.status !== 200) throw await judgeRefusal(reply, sent, trust)
      return { ...(await judgeAnswer(reply, sent, trust)), verifiedWith: keys.from }
    })
  }

  /** Once more with fresh keys where the gateway may have begun to use a new one. */
  async #withKeys<T>(judge: (trust: Trust) => Promise<T>): Promise<T> {
    try {
      return await judge(await this.trust())
    } catch (error) {
      const renewed = error instanceof Unverified ? await this.#needs.keys.renewed() : undefined
      if (!renewed) throw error
      return judge(this.#own(renewed))
    }
  }
}

/** A slip here would go unseen: a gateway ignores what does not hold. */
function validTrace({ traceparent, tracestate }: TraceHeaders): TraceHeaders {
  const trace = readTrace(traceparent, tracestate)
  if (!trace) throw new TypeError('traceparent is 00-<32 hex>-<16 hex>-<2 hex>')
  return headersOf(trace)
}
