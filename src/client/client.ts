import { readCompact } from '../jws/compact.ts'
import type { Trust } from '../log/trust.ts'
import { verifyEvidence } from '../log/verify.ts'
import { askService } from './ask-service.ts'
import { Refused, Unverified } from './faults.ts'
import { judgeAnswer, judgeRefusal, type Sent, sha256 } from './judge.ts'
import { type ClientKey, type ClientSigner, openKey } from './key.ts'
import { firstUseKeys, type Keys, pinnedKeys } from './keys.ts'
import type { Answer, Evidence, Question } from './question.ts'
import type { People, ServiceAnswer, ServiceCase } from './service-case.ts'
import { type Fetch, once, type Patience, type Reply, sendPatiently } from './wire.ts'

const REQUEST_SECONDS = 120
const PROOF_SECONDS = 60
const DEADLINE_MILLIS = 30_000
const ATTEMPT_MILLIS = 10_000
const ATTEMPTS_MAX = 5

export type ClientOptions = {
  /** Address of the gateway. */
  readonly gateway: string
  /** The id that the system is registered under. */
  readonly system: string
  readonly key: ClientKey
  /**
   * The keys to check with, obtained beforehand and compared over another channel. WITHOUT IT THE KEYS
   * ARE FETCHED FROM THE GATEWAY ITSELF AT THE FIRST USE: answers are then as genuine as that TLS
   * connection was, and whoever posed as the gateway then is believed ever after.
   */
  readonly trust?: Trust
  readonly fetch?: Fetch
  /** Epoch milliseconds, for iat and exp. */
  readonly clock?: () => number
  /** For all attempts at one question together; 30 s. */
  readonly deadlineMillis?: number
}

export type AskOptions = { readonly signal?: AbortSignal }

export type Client = {
  readonly system: string
  /**
   * Asks, and returns nothing that does not verify. A retry sends the same signed bytes: the gateway
   * executes them once, however often they arrive.
   *
   * @throws Refused with whose move it is; NoAnswer when nothing came in time; Unverified.
   */
  ask<const I extends string>(question: Question<I>, options?: AskOptions): Promise<Answer<I>>
  /**
   * Asks everything that a service's catalogue entry lets agencies ask, in parallel, and says of each
   * paper whether it is proven, pending, or has to be asked of the citizen after all.
   *
   * @throws PlanError, NoAnswer or Refused before anything was asked; faults after that become reasons.
   */
  askService(
    service: string,
    about: ServiceCase,
    people: People,
    options?: AskOptions,
  ): Promise<ServiceAnswer>
  /** The evidence of an earlier answer or final refusal of this system, verified. */
  evidence(jti: string, options?: AskOptions): Promise<Evidence>
  /** The keys in use: after a first use without `trust`, what to compare and pin. */
  trust(): Promise<Trust>
}

/** @throws TypeError for an address, a key or a trust file that cannot be one. */
export async function createClient(options: ClientOptions): Promise<Client> {
  const gateway = options.gateway.replace(/\/+$/, '')
  if (!/^https?:\/\//.test(gateway) || !URL.canParse(gateway))
    throw new TypeError('gateway is an http(s) address')
  const send: Fetch = options.fetch ?? ((url, init) => fetch(url, init))
  const deadlineMillis = options.deadlineMillis ?? DEADLINE_MILLIS
  const patience = { deadlineMillis, attemptMillis: ATTEMPT_MILLIS, attempts: ATTEMPTS_MAX }
  const get = (path: string) => sendPatiently(send, `${gateway}${path}`, {}, patience)
  const keys = options.trust ? pinnedKeys(options.trust) : firstUseKeys(gateway, get)
  const client = new Asking({
    gateway,
    send,
    keys,
    system: options.system,
    signer: await openKey(options.key),
    clock: options.clock ?? Date.now,
    patience,
  })
  return {
    system: options.system,
    ask: (question, more) => client.ask(question as Question, more) as Promise<Answer<never>>,
    evidence: (jti, more) => client.evidence(jti, more),
    trust: () => client.trust(),
    askService: (service, about, people, more) =>
      askService(
        { ask: (question) => client.ask(question, more), get: (path) => client.get(path, more) },
        service,
        about,
        people,
      ),
  }
}

type Needs = {
  readonly gateway: string
  readonly send: Fetch
  readonly keys: Keys
  readonly system: string
  readonly signer: ClientSigner
  readonly clock: () => number
  readonly patience: Omit<Patience, 'signal'>
}

class Asking {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async ask(question: Question, { signal }: AskOptions = {}): Promise<Answer> {
    const { issuer } = await this.trust()
    const { sent, expiresAt } = await this.#sign(question, issuer)
    try {
      return await this.#send(sent, signal)
    } catch (error) {
      // Sent again only unchanged: should the first have arrived, its answer is kept for a day beyond
      // its expiry. A gateway that says `expired` never executed it, so a new one is no second request.
      const isStale =
        error instanceof Refused && error.code === 'expired' && this.#needs.clock() >= expiresAt
      if (!isStale) throw error
    }
    return this.#send((await this.#sign(question, issuer)).sent, signal)
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
    const reply = await this.get(path, signal ? { signal } : {}, {
      Authorization: `Bearer ${proof}`,
    })
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

  /** A bounded read; not retried, since a proof is good for one. */
  get(
    path: string,
    { signal }: AskOptions = {},
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const { send, gateway } = this.#needs
    return once(send, `${gateway}${path}`, { headers }, { attemptMillis: ATTEMPT_MILLIS, signal })
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

  async #send(sent: Sent, signal?: AbortSignal): Promise<Answer> {
    const { send, gateway, patience, keys } = this.#needs
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/jwt', Accept: 'application/json' },
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
