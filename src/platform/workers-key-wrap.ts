import { aeskw } from '@noble/ciphers/aes.js'
import type { KeyWrap } from './crypto.ts'

/** RFC 3394 where OpenSSL is not: the same bytes as `nodeKeyWrap`, held by the RFC's own vectors. */
export const nobleKeyWrap: KeyWrap = {
  wrap: (key, dataKey) => aeskw(key).encrypt(dataKey),
  unwrap: (key, wrapped) => aeskw(key).decrypt(wrapped),
}
