import { isIP } from 'node:net'
import { boundedText } from '../bounded-body.ts'
import { ProviderFailure } from '../connector/connector.ts'
import type { Outbound, Reply } from '../connector/http.ts'
import type { Get } from '../registry/keys-at.ts'
import { reachable } from './addresses.ts'

/**
 * Posts to providers over `fetch`, and gets what somebody names the address of. The runtime resolves names itself and on its platform reaches public
 * addresses only, so no private network can be allowed there; an address that stands in the URL is
 * judged here all the same. Redirects are answers like any other, and sizes and times are bounded.
 *
 * @param networks private networks that the operator allows, as CIDR: of use to the local runtime only
 * @param plain whether http without TLS may be used at all
 */
export function workersOutbound({
  networks,
  plain,
}: {
  readonly networks: readonly string[]
  readonly plain: boolean
}): Outbound & { readonly get: Get } {
  const mayReach = reachable(networks)
  const send = async (url: string, init: RequestInit, limits: Limits): Promise<Reply> => {
    const { protocol, hostname } = new URL(url)
    // RFC 6761 §6.3: the loopback by name.
    const isLoopback = /(^|\.)localhost\.?$/.test(hostname)
    const literal = isLoopback ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, '')
    if (protocol !== 'https:' && !(protocol === 'http:' && plain))
      throw new ProviderFailure('down', 'a provider is asked over https only')
    if (isIP(literal) && !mayReach(literal))
      throw new ProviderFailure('down', 'the address is not in PROVIDER_NETWORKS')
    return exchange(url, init, limits)
  }
  const media = 'application/jwt'
  const post: Outbound = (url, body, limits, trace) => {
    const headers = { 'Content-Type': media, Accept: media, ...trace }
    return send(url, { method: 'POST', body, headers }, limits)
  }
  const get: Get = (url, accept, limits) => send(url, { headers: { Accept: accept } }, limits)
  return Object.assign(post, { get })
}

type Limits = { readonly timeoutMillis: number; readonly maxBytes: number }

async function exchange(
  url: string,
  init: RequestInit,
  { timeoutMillis, maxBytes }: Limits,
): Promise<Reply> {
  // One clock from the first packet to the last byte: a slow drip gains nothing.
  const signal = AbortSignal.timeout(timeoutMillis)
  try {
    const response = await fetch(url, { ...init, signal, redirect: 'manual' })
    const contentType = response.headers.get('content-type') ?? ''
    return { status: response.status, contentType, body: await readBody(response, maxBytes) }
  } catch (error) {
    if (error instanceof ProviderFailure) throw error
    const how = signal.aborted ? 'timeout' : 'down'
    throw new ProviderFailure(how, error instanceof Error ? error.name : 'fetch failed')
  }
}

function readBody({ body }: Response, maxBytes: number): Promise<string> {
  return boundedText(
    body,
    maxBytes,
    () => new ProviderFailure('invalid', `the answer is larger than ${maxBytes} bytes`),
  )
}
