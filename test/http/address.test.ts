import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { addressOf } from '../../src/http/address.ts'

const app = new Hono().get('/', (c) => c.text(addressOf(c)))

const seen = async (peer: string | undefined, headers: Record<string, string> = {}) => {
  const env = peer === undefined ? {} : { incoming: { socket: { remoteAddress: peer } } }
  return (await app.request('/', { headers }, env)).text()
}

test.each([
  ['a caller counts by himself', '192.0.2.7', {}, '192.0.2.7'],
  ['whatever he claims', '192.0.2.7', { 'x-forwarded-for': '198.51.100.1' }, '192.0.2.7'],
  ['nor by a header of another place', '192.0.2.7', { 'cf-connecting-ip': '1.1.1.1' }, '192.0.2.7'],
  [
    'a proxy on this machine is believed',
    '127.0.0.1',
    { 'x-forwarded-for': '192.0.2.9' },
    '192.0.2.9',
  ],
  [
    'as to the last address alone, which it wrote itself',
    '::1',
    { 'x-forwarded-for': '198.51.100.1, 192.0.2.9' },
    '192.0.2.9',
  ],
  ['IPv4 in IPv6 is the same', '::ffff:192.0.2.7', {}, '192.0.2.7'],
  ['so is the loopback', '::ffff:127.0.0.1', { 'x-forwarded-for': '192.0.2.9' }, '192.0.2.9'],
  ['of IPv6 the network counts', '2001:db8:1:2:aaaa:bbbb:cccc:dddd', {}, '2001:db8:1:2'],
  ['however it is written', '2001:db8::1', {}, '2001:db8:0:0'],
  ['without its zone', 'fe80::1%eth0', {}, 'fe80:0:0:0'],
  ['an endless claim is none', '127.0.0.1', { 'x-forwarded-for': 'x'.repeat(65) }, '127.0.0.1'],
  ['elsewhere the platform says', undefined, { 'cf-connecting-ip': '192.0.2.7' }, '192.0.2.7'],
  ['or nobody', undefined, {}, 'unknown'],
] as [string, string | undefined, Record<string, string>, string][])(
  '%s',
  async (_, peer, headers, address) => expect(await seen(peer, headers)).toBe(address),
)
