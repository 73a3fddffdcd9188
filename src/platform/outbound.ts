import { lookup as dnsLookup } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { ProviderFailure } from '../connector/connector.ts'
import type { Outbound, Reply } from '../connector/http.ts'
import type { Get } from '../registry/keys-at.ts'
import { reachable } from './addresses.ts'

const IDLE_MILLIS = 10_000

/**
 * Posts to providers, and gets what somebody names the address of. The address is judged where the connection is made, after the name was resolved,
 * so a name that changes its mind gets nowhere. Redirects are answers like any other.
 *
 * @param networks private networks that the operator allows, as CIDR
 * @param plain whether http without TLS may be used at all
 */
export function nodeOutbound({
  networks,
  plain,
}: {
  readonly networks: readonly string[]
  readonly plain: boolean
}): Outbound & { readonly get: Get; close(): void } {
  const mayReach = reachable(networks)
  // Not bounded by host: two providers may share one. `connector/http` bounds each provider.
  const options = { keepAlive: true, timeout: IDLE_MILLIS }
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  const lookup = guardedLookup(mayReach)

  /** @throws ProviderFailure where nobody may go. */
  const wayTo = ({ protocol, hostname }: URL): Way => {
    const literal = hostname.replace(/^\[|\]$/g, '')
    if (protocol !== 'https:' && !(protocol === 'http:' && plain))
      throw new ProviderFailure('down', 'a provider is asked over https only')
    if (isIP(literal) && !mayReach(literal))
      throw new ProviderFailure('down', 'the address is not in PROVIDER_NETWORKS')
    const send = protocol === 'https:' ? httpsRequest : httpRequest
    return { send, agent: agents[protocol], lookup }
  }
  const call = async (address: string, sent: Omit<Sent, 'url'>): Promise<Reply> => {
    const url = new URL(address)
    return exchange(wayTo(url), { url, ...sent })
  }
  const post: Outbound = (url, body, limits, trace) => {
    const media = { 'Content-Type': 'application/jwt', Accept: 'application/jwt' }
    const headers = { ...trace, ...media, 'Content-Length': Buffer.byteLength(body) }
    return call(url, { method: 'POST', headers, body, ...limits })
  }
  const get: Get = (url, accept, limits) =>
    call(url, { method: 'GET', headers: { Accept: accept }, ...limits })
  return Object.assign(post, {
    get,
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  })
}

type Way = {
  readonly send: typeof httpRequest
  readonly agent: HttpAgent
  readonly lookup: LookupFunction
}

type Sent = {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string | number>>
  readonly body?: string
  readonly timeoutMillis: number
  readonly maxBytes: number
}

function exchange(
  { send, agent, lookup }: Way,
  { url, method, headers, body, timeoutMillis, maxBytes }: Sent,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const sent = send(url, { method, agent, lookup, headers })
    // One clock from the first packet to the last byte: a slow drip gains nothing.
    const clock = setTimeout(() => {
      isLate = true
      sent.destroy(new Error('late'))
    }, timeoutMillis)
    const fail = (cause: Error) => {
      clearTimeout(clock)
      sent.destroy()
      const how = isLate ? 'timeout' : 'down'
      reject(cause instanceof ProviderFailure ? cause : new ProviderFailure(how, codeOf(cause)))
    }
    // A second error without a listener would end the process; an upgrade is followed by nothing else.
    sent.on('error', fail)
    sent.once('upgrade', (_, socket) => {
      socket.destroy()
      fail(invalid('the provider wants another protocol'))
    })
    sent.once('response', (response) =>
      readBody(response, maxBytes, fail, (text) => {
        clearTimeout(clock)
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          body: text,
          retryAfter: response.headers['retry-after'],
        })
      }),
    )
    sent.end(body)
  })
}

function readBody(
  response: IncomingMessage,
  maxBytes: number,
  fail: (cause: Error) => void,
  done: (text: string) => void,
): void {
  const parts: Buffer[] = []
  let length = 0
  response.on('data', (part: Buffer) => {
    length += part.length
    if (length > maxBytes) fail(invalid(`the answer is larger than ${maxBytes} bytes`))
    else parts.push(part)
  })
  response.on('error', fail)
  response.on('end', () => done(Buffer.concat(parts).toString('utf8')))
}

function invalid(message: string): ProviderFailure {
  return new ProviderFailure('invalid', message)
}

/** An error's code, never its message: that may quote an address or a header. */
function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name
}

function guardedLookup(mayReach: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = error ? [] : found.filter(({ address }) => mayReach(address))
      const [first] = addresses
      if (error || !first) {
        const refused = new ProviderFailure('down', 'the name has no address that may be reached')
        callback(error ?? refused, '', 0)
      } else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}
