import type { Context } from 'hono'

type NodeBindings = {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } }
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/

/**
 * Where a request comes from, to count by and for nothing else. A reverse proxy on the same machine is
 * believed, since whoever is there may do worse; one elsewhere counts as one address.
 */
export function addressOf(c: Context): string {
  const { incoming } = (c.env ?? {}) as NodeBindings
  const peer = incoming?.socket?.remoteAddress
  if (peer === undefined) return c.req.header('cf-connecting-ip') ?? 'unknown'
  if (!LOOPBACK.test(peer)) return groupOf(peer)
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
  return groupOf(forwarded && forwarded.length <= 64 ? forwarded : peer)
}

/** Of IPv6 the network: one subscriber has all addresses of a /64 (RFC 4291 §2.5.4). */
function groupOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.split('%', 1)[0]?.split('::') ?? []
  const first = head.split(':').filter((one) => one !== '')
  const last = tail.split(':').filter((one) => one !== '')
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0')
  return [...first, ...zeros, ...last].slice(0, 4).join(':')
}
