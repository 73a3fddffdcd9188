import './workers-no-eval.ts'

import { faultOf } from '../errors.ts'
import { closeOrphans } from '../exchange/intend.ts'
import type { DurableState, DurableStorage } from './durable-storage.ts'
import {
  type Environment,
  openWorkersGateway,
  report,
  type WorkersGateway,
  wakeLater,
} from './workers-gateway.ts'

type Stub = { fetch(request: Request): Promise<Response> }
type Namespace = { idFromName(name: string): unknown; get(id: unknown): Stub }
type Bindings = Environment & { readonly GATEWAY: Namespace; readonly ISSUER?: string }

/** The Worker: every request goes to the one object that is this issuer's gateway. */
export default {
  fetch(request: Request, { GATEWAY, ISSUER = '' }: Bindings): Promise<Response> {
    return GATEWAY.get(GATEWAY.idFromName(ISSUER)).fetch(request)
  },
}

/**
 * One Durable Object, one gateway, one log. It is alive in one place at a time, so it is the one
 * process that serves its storage (ARCHITECTURE.md: one serving process a folder).
 */
export class GatewayObject {
  readonly #storage: DurableStorage
  readonly #env: Environment
  #opening: Promise<WorkersGateway> | undefined

  constructor({ storage }: DurableState, env: Environment) {
    this.#storage = storage
    this.#env = env
  }

  /** Opened by the first that asks; one that failed is tried again by the next. */
  #open(): Promise<WorkersGateway> {
    this.#opening ??= openWorkersGateway(this.#storage, this.#env).catch((error) => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  async fetch(request: Request): Promise<Response> {
    let gateway: WorkersGateway
    try {
      gateway = await this.#open()
    } catch (error) {
      report('not-opened', { error: whyNot(error) })
      return new Response('网关未能启动，见其日志。The gateway did not start; see its log.\n', {
        status: 503,
        headers: { 'Retry-After': '5' },
      })
    }
    return gateway.fetch(request)
  }

  /** Ends what was cut off, and comes again while something is still under its lease. */
  async alarm(): Promise<void> {
    const { deps } = await this.#open()
    await closeOrphans(deps, deps.clock())
    const open = await deps.store.openIntents(Number.MAX_SAFE_INTEGER)
    if (open.length > 0) await wakeLater(this.#storage, deps.clock())
  }
}

/** Messages of the gateway's own errors name no secret; others may, and are reported by their place. */
function whyNot(error: unknown): string {
  const own = ['ConfigError', 'KeyError', 'PolicyError', 'ContractError', 'DamagedLog']
  return error instanceof Error && own.includes(error.name)
    ? `${error.name}: ${error.message}`
    : faultOf(error)
}
