import type { SystemKey } from '../registry.ts'
import type { NewKey } from './documents.ts'
import { KEYS } from './law.ts'
import { block, type Fault, type Rule } from './rule.ts'

/** One key has one owner, and one name there. Blocks: a key that two systems share proves nothing about who asked. */
export const keyOwner: Rule<NewKey> = {
  id: 'key-owner',
  article: KEYS,
  holds: { zh: '系统在册，密钥未被登记过', en: 'The system is registered and the key is new' },
  judge: ({ system, jwk }, { registry }) => {
    const known = registry.systems.get(system)
    if (known?.status !== 'active')
      return [block('/system', '系统未登记或已停用', 'The system is not registered, or suspended')]
    return [...registry.keys.values()].flatMap((key) => clash(key, { system, jwk }))
  },
}

function clash(key: SystemKey, { system, jwk }: NewKey): Fault[] {
  if (isSameKey(key.jwk, jwk))
    return [
      block(
        '/jwk',
        `同一密钥已登记在 ${key.system} 名下`,
        `The same key is registered for ${key.system}`,
      ),
    ]
  return key.system === system && key.kid === jwk.kid
    ? [block('/jwk/kid', `该系统已有密钥 ${key.kid}`, `The system has a key ${key.kid} already`)]
    : []
}

/** By the members that RFC 7638 makes a thumbprint of. */
function isSameKey(one: NewKey['jwk'], other: NewKey['jwk']): boolean {
  return ['kty', 'crv', 'x', 'y'].every((name) => one[name] === other[name])
}
