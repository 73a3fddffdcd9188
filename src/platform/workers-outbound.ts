import { isIP } from 'node:net'
import { boundedText } from '../bounded-body.ts'
import { ProviderFailure } from '../connector/connector.ts'
import type { Outbound } from '../connector/http.ts'
import { reachable } from './addresses.ts'

/**
 * Posts to providers over `fetch`. The runtime resolves names itself and on its platform reaches public
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
}): Outbound {
  const mayReach = reachable(networks)
  return async (url, body, { timeoutMillis, maxBytes }, trace) => {
    const { protocol, hostname } = new URL(url)
    // RFC 6761 §6.3: the loopback by name.
    const isLoopback = /(^|\.)localhost\.?$/.test(hostname)
    const literal = isLoopback ? '127.0.0.1' : hostname.replace(/^\[|\]$/g, '')
    if (protocol !== 'https:' && !(protocol === 'http:' && plain))
      throw new ProviderFailure('down', 'a provider is asked over https only')
    if (isIP(literal) && !mayReach(literal))
      throw new ProviderFailure('down', 'the address is not in PROVIDER_NETWORKS')
    // One clock from the first packet to the last byte: a slow drip gains nothing.
    const signal = AbortSignal.timeout(timeoutMillis)
    const media = 'application/jwt'
    const headers = { 'Content-Type': media, Accept: media, ...trace }
    try {
      const sent = { method: 'POST', body, headers, signal, redirect: 'manual' } as const
      const response = await fetch(url, sent)
      const contentType = response.headers.get('content-type') ?? ''
      return { status: response.status, contentType, body: await readBody(response, maxBytes) }
    } catch (error) {
      if (error instanceof ProviderFailure) throw error
      const how = signal.aborted ? 'timeout' : 'down'
      throw new ProviderFailure(how, error instanceof Error ? error.name : 'fetch failed')
    }
  }
}

function readBody({ body }: Response, maxBytes: number): Promise<string> {
  return boundedText(
    body,
    maxBytes,
    () => new ProviderFailure('invalid', `the answer is larger than ${maxBytes} bytes`),
  )
}
