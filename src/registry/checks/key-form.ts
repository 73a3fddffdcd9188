import { algorithmOf, hasPrivateHalf } from '../system-keys.ts'
import type { NewKey } from './documents.ts'
import { KEYS } from './law.ts'
import { block, type Rule } from './rule.ts'

/** A public signing key of an algorithm that is allowed. Blocks; a private half was given away and is void. */
export const keyForm: Rule<NewKey> = {
  id: 'key-form',
  article: KEYS,
  holds: {
    zh: '是公钥，算法为 ES256 或 Ed25519',
    en: 'It is a public key, for ES256 or Ed25519',
  },
  judge: ({ jwk }) => {
    if (hasPrivateHalf(jwk))
      return [
        block(
          '/jwk',
          '提交了私钥：此密钥已泄露，请作废并另行生成',
          'This is a private key: it is given away; discard it and make another',
        ),
      ]
    return algorithmOf(jwk)
      ? []
      : [
          block(
            '/jwk/alg',
            '只接受 ES256（P-256）或 Ed25519 的签名公钥',
            'Only public signing keys for ES256 (P-256) or Ed25519 are taken',
          ),
        ]
  },
}
