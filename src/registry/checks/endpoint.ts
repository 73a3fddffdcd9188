import type { System } from '../documents.ts'
import { personalInformation } from './law.ts'
import { block, type Fault, question, type Rule, reason } from './rule.ts'

const IP_ADDRESS = /^\[|^\d{1,3}(?:\.\d{1,3}){3}$/

/**
 * Where a provider's system is asked: over TLS, by a name. Which addresses the gateway may reach at all is the
 * operator's setting, judged when it connects; this is what an approver can see.
 */
export const endpoint: Rule<System> = {
  id: 'endpoint',
  article: personalInformation('第五十一条'),
  holds: { zh: '应答地址使用 HTTPS 和域名', en: 'It answers over HTTPS, at a name' },
  judge: ({ roles, endpoint: address }) => {
    const isProvider = roles.includes('provider')
    if (address === undefined)
      return isProvider
        ? [
            block(
              '/endpoint',
              '提供数据的系统须有应答地址',
              'A provider’s system needs an address where it answers',
            ),
          ]
        : undefined
    return [
      ...addressFaults(new URL(address)),
      ...(isProvider
        ? []
        : [
            question(
              '/endpoint',
              '该系统不提供数据，请核实是否需要地址',
              'The system provides nothing; confirm that it needs an address',
            ),
          ]),
    ]
  },
}

function addressFaults({ protocol, hostname, username, password, hash }: URL): Fault[] {
  return [
    ...(username || password || hash
      ? [
          block(
            '/endpoint',
            '地址里不得有用户名、口令或片段',
            'The address may hold no user, password or fragment',
          ),
        ]
      : []),
    ...(protocol === 'https:'
      ? []
      : [reason('/endpoint', '没有使用 HTTPS，请说明', 'It does not use HTTPS; state why')]),
    ...(IP_ADDRESS.test(hostname) || hostname === 'localhost'
      ? [reason('/endpoint', '地址不是域名，请说明', 'The address is no domain name; state why')]
      : []),
  ]
}
