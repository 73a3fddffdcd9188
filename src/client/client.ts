import type { Trust } from '../log/trust.ts'
import { askService } from './ask-service.ts'
import { Asking, type AskOptions } from './asking.ts'
import { type ClientKey, openKey } from './key.ts'
import { firstUseKeys, pinnedKeys } from './keys.ts'
import type { Answer, Evidence, Question } from './question.ts'
import type { People, ServiceAnswer, ServiceCase } from './service-case.ts'
import { type Fetch, sendPatiently } from './wire.ts'

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
        {
          ask: (question) => client.ask(question, more),
          get: (path) => sendPatiently(send, `${gateway}${path}`, {}, { ...patience, ...more }),
        },
        service,
        about,
        people,
      ),
  }
}
