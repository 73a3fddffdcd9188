import { Rejected } from './rejected.ts'

/**
 * Standard base64 with padding (RFC 4648 §4), as signed notes, checkpoints and receipts write it.
 */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE)
    binary += String.fromCharCode.apply(null, bytes.subarray(at, at + BYTES_AT_ONCE) as never)
  return btoa(binary)
}

/** As many arguments as every engine takes. */
const BYTES_AT_ONCE = 4096

/**
 * The inverse of `encodeBase64`, for text from outside.
 *
 * @throws {Rejected} unless encoding the result gives the same text again: no spaces, no missing
 *   padding, no set spare bits, so one value has exactly one spelling (RFC 4648 §3.5).
 */
export function decodeBase64(text: string): Uint8Array {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    throw new Rejected('not base64')
  }
  if (btoa(binary) !== text) throw new Rejected('not canonical base64')
  // Files come this way, too: one call a character takes ten times as long.
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}

/** base64url without padding (RFC 4648 §5, RFC 7515 §2). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * The inverse of `encodeBase64Url`, for text from outside.
 *
 * @throws {Rejected} unless encoding the result gives the same text again.
 */
export function decodeBase64Url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Rejected('not base64url')
  const padded = text.padEnd(text.length + ((4 - (text.length % 4)) % 4), '=')
  return decodeBase64(padded.replaceAll('-', '+').replaceAll('_', '/'))
}
