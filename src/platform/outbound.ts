import { lookup as dnsLookup } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net'
import { ProviderFailure } from '../connector/connector.ts'
import type { Outbound, Reply } from '../connector/http.ts'
import type { TraceHeaders } from '../trace.ts'

const IDLE_MILLIS = 10_000

/** Where nothing that the world can name may lead (RFC 6890 and its registry). */
const SPECIAL = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/128', '::1/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23'],
  ...['2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
  // Withdrawn, and still routed by some: IPv4 in IPv6 by other spellings, site-local.
  ...['::/96', '::ffff:0:0:0/96', 'fec0::/10'],
]

/**
 * Posts to providers. The address is judged where the connection is made, after the name was resolved,
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
}): Outbound & { close(): void } {
  const mayReach = reachable(networks)
  // Not bounded by host: two providers may share one. `connector/http` bounds each provider.
  const options = { keepAlive: true, timeout: IDLE_MILLIS }
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  const lookup = guardedLookup(mayReach)

  const post: Outbound = (url, body, limits, trace) => {
    const { protocol, hostname } = new URL(url)
    const literal = hostname.replace(/^\[|\]$/g, '')
    if (protocol !== 'https:' && !(protocol === 'http:' && plain))
      return Promise.reject(new ProviderFailure('down', 'a provider is asked over https only'))
    if (isIP(literal) && !mayReach(literal))
      return Promise.reject(new ProviderFailure('down', 'the address is not in PROVIDER_NETWORKS'))
    const send = protocol === 'https:' ? httpsRequest : httpRequest
    return exchange({ send, agent: agents[protocol], lookup }, { url, body, trace, ...limits })
  }
  return Object.assign(post, {
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

type Post = {
  url: string
  body: string
  timeoutMillis: number
  maxBytes: number
  trace: TraceHeaders | undefined
}

function exchange(
  { send, agent, lookup }: Way,
  { url, body, timeoutMillis, maxBytes, trace }: Post,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    // One clock from the first packet to the last byte: a slow drip gains nothing.
    const signal = AbortSignal.timeout(timeoutMillis)
    const fail = (cause: Error) =>
      reject(
        cause instanceof ProviderFailure
          ? cause
          : new ProviderFailure(signal.aborted ? 'timeout' : 'down', codeOf(cause)),
      )
    const headers = {
      ...trace,
      'Content-Type': 'application/jwt',
      Accept: 'application/jwt',
      'Content-Length': Buffer.byteLength(body),
    }
    const sent = send(url, { method: 'POST', agent, lookup, signal, headers }, (response) => {
      readBody(response, maxBytes).then(
        (text) =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            body: text,
            retryAfter: response.headers['retry-after'],
          }),
        fail,
      )
    })
    // A second error without a listener would end the process; an upgrade is followed by nothing else.
    sent.on('error', fail)
    sent.once('upgrade', (_, socket) => {
      socket.destroy()
      fail(new ProviderFailure('invalid', 'the provider wants another protocol'))
    })
    sent.end(body)
  })
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxBytes) {
      response.destroy()
      throw new ProviderFailure('invalid', `the answer is larger than ${maxBytes} bytes`)
    }
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** An error's code, never its message: that may quote an address or a header. */
function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name
}

/** Whether an address is public, or in a network that the operator allows. @throws TypeError. */
function reachable(networks: readonly string[]): (address: string) => boolean {
  const special = listOf(SPECIAL)
  const allowed = listOf(networks)
  return (address) => {
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    return allowed.check(address, family) || !special.check(address, family)
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    list.addSubnet(address, Number(prefix), family)
  }
  return list
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
