import { type ClientOptions, createClient } from '../../src/client/index.ts'
import { HOUSING, type Members } from '../caller.ts'
import { claimsOf } from '../city.ts'
import type { TestGateway } from '../harness.ts'

export const GATEWAY = 'http://localhost'

export type Wire = (
  url: string,
  init: RequestInit,
  pass: () => Promise<Response>,
) => Promise<Response>

/** The SDK on a test gateway, without a socket; `wire` may meddle with what goes over it. */
export async function clientOf(
  gateway: TestGateway,
  { wire, ...options }: Partial<ClientOptions> & { wire?: Wire } = {},
) {
  const direct = async (url: string, init: RequestInit) => {
    const { pathname, search } = new URL(url)
    return gateway.app.request(`${pathname}${search}`, init)
  }
  return createClient({
    gateway: GATEWAY,
    system: HOUSING,
    key: gateway.caller(HOUSING).jwk as ClientOptions['key'],
    clock: () => gateway.clock.now,
    fetch: (url, init) => (wire ? wire(url, init, () => direct(url, init)) : direct(url, init)),
    ...options,
  })
}

/** A seeded example as the SDK's question: untyped, since the name is only known at run time. */
export function questionOf(example: string, members: Members = {}) {
  return { ...claimsOf(example), ...members } as unknown as {
    item: string
    requester: string
    purpose: { service: string; basis: string; scenario: string }
    case: string
    official: { id: string }
    authorization: { kind: 'consent'; ref: string }
    subject: Record<string, unknown>
    ask: { claim: string }[]
  }
}

/** What a gateway said, altered on its way. */
export async function altered(
  response: Response,
  alter: (body: Record<string, string>) => unknown,
): Promise<Response> {
  const body = (await response.json()) as Record<string, string>
  return new Response(JSON.stringify(alter(body)), response)
}
