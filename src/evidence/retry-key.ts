import type { SyncCrypto } from '../crypto.ts'

/** SHA-256(iss ‖ 0 ‖ jti): finds a record again without the log naming its `jti`. */
export function retryKey(
  { sha256 }: Pick<SyncCrypto, 'sha256'>,
  iss: string,
  jti: string,
): Uint8Array {
  return sha256(`${iss}\0${jti}`)
}
