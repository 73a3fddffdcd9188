import { base64url } from 'jose'
import { isStrictJson } from './strict-json.ts'

/** One of our messages, read but not verified. */
export type Compact = {
  readonly text: string
  readonly header: { readonly alg: string; readonly kid: string; readonly typ: string }
  /** The payload's exact text and what a lenient reader makes of it; see `isStrictJson`. */
  readonly payloadText: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** Not one of our messages: `form` is no canonical compact JWS, `header` is not exactly alg, kid, typ. */
export class NotCompact extends Error {
  override readonly name = 'NotCompact'
  readonly fault: 'form' | 'header'

  constructor(fault: 'form' | 'header', message: string) {
    super(message)
    this.fault = fault
  }
}

/**
 * Three canonical base64url parts: no padding, no space, and the unused bits of a last character are
 * zero, so that decode → encode is identity. jose alone accepts all of these, and a hash or a retry key
 * over the string would then name more than one string.
 */
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/
const ZERO_BITS: Readonly<Record<number, RegExp>> = {
  0: /./,
  2: /[AQgw]$/,
  3: /[AEIMQUYcgkosw048]$/,
}

/** Whether a text is a compact JWS in its one spelling, whatever its parts say. */
export function isCanonical(text: string): boolean {
  return FORM.test(text) && text.split('.').every((part) => ZERO_BITS[part.length % 4]?.test(part))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a compact JWS (RFC 7515 §7.1) in its one canonical spelling, with exactly `alg`, `kid` and
 * `typ` in its header (no `crit`, no `jwk`) and an object as its payload.
 *
 * @throws NotCompact
 */
export function readCompact(text: string): Compact {
  if (!isCanonical(text)) throw new NotCompact('form', 'not a canonical compact JWS')
  const [headerPart, payloadPart] = text.split('.') as [string, string]
  const header = readHeader(headerPart)
  const [payloadText, payload] = readObject(payloadPart)
  return { text, header, payloadText, payload }
}

/** Headers that were read and fit: a system sends the same one with every message. */
const headers = new Map<string, Compact['header']>()
const HEADERS_MAX = 1000
const HEADER_LENGTH_MAX = 512

function readHeader(part: string): Compact['header'] {
  const known = headers.get(part)
  if (known) return known
  const header = parseHeader(part)
  if (headers.size >= HEADERS_MAX) headers.clear()
  if (part.length <= HEADER_LENGTH_MAX) headers.set(part, header)
  return header
}

function parseHeader(part: string): Compact['header'] {
  const [text, header] = readObject(part)
  const { alg, kid, typ } = header
  const exact = Object.keys(header).length === 3 && isStrictJson(text, header)
  if (!exact || typeof alg !== 'string' || typeof kid !== 'string' || typeof typ !== 'string')
    throw new NotCompact('header', 'the header is not exactly alg, kid and typ')
  return { alg, kid, typ }
}

function readObject(part: string): [string, Record<string, unknown>] {
  let text: string
  let value: unknown
  try {
    text = decoder.decode(base64url.decode(part))
    value = JSON.parse(text)
  } catch {
    throw new NotCompact('form', 'a part is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new NotCompact('form', 'a part is not an object')
  return [text, value as Record<string, unknown>]
}
