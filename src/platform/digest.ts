import { nodeSha256 } from './crypto.ts'

/** SHA-256, base64url. */
export function digestOf(data: string | Uint8Array): string {
  return Buffer.from(nodeSha256(data)).toString('base64url')
}
