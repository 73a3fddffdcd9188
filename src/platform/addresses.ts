import { BlockList, isIPv4 } from 'node:net'

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

/** Whether an address is public, or in a network that the operator allows. @throws TypeError. */
export function reachable(networks: readonly string[]): (address: string) => boolean {
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
