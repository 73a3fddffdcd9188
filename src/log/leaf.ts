import { Rejected } from './rejected.ts'
import { MAX_ENTRY_BYTES } from './tile.ts'

/** The leaf of one request and its outcome, version 1. Other kinds of leaf prove no exchange. */
export type EvidenceLeaf = {
  v: 1
  kind: 'exchange' | 'refusal'
  /** When it was recorded, as `2026-11-21T08:00:00.000Z`. */
  time: string
  /** The calling system, by the id it signs with. */
  caller: string
  requester?: string
  /** Code and version, as `MAR-01@1`. */
  item?: string
  agreement?: string
  purpose?: unknown
  /** Of an exchange. */
  outcome?: string
  /** Of a refusal: the code of the check that failed. */
  check?: string
  /** base64url SHA-256 of the exact request string. */
  requestHash: string
  /** base64url SHA-256 of the exact answer or refusal string. */
  answerHash: string
  indexHash?: string
}

/**
 * The one spelling of a JSON value (RFC 8785): members in the order of their UTF-16 code units, no
 * spaces. For values that `JSON.parse` gives; a leaf's bytes are this text in UTF-8.
 *
 * @throws {Rejected} for a lone surrogate, which has no UTF-8 spelling, and a value that is not JSON
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
    return `{${members.map(([name, at]) => `${canonicalJson(name)}:${canonicalJson(at)}`)}}`
  }
  if (typeof value === 'string' && !value.isWellFormed()) throw new Rejected('a lone surrogate')
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Rejected('not a JSON number')
  const text = JSON.stringify(value)
  if (text === undefined) throw new Rejected('not a JSON value')
  return text
}

/**
 * Reads the leaf of an exchange or a refusal from its canonical text. Members it does not know are
 * left in place: the log's root covers the text, not this type.
 *
 * @throws {Rejected} for text that is not canonical, another version or kind, and a member that is
 *   missing or of the wrong type
 */
export function parseEvidenceLeaf(text: string): EvidenceLeaf {
  if (text.length > MAX_ENTRY_BYTES) throw new Rejected('the entry is too large')
  const leaf = parseCanonical(text)
  if (leaf.v !== 1) throw new Rejected('the entry is of an unknown version')
  if (leaf.kind !== 'exchange' && leaf.kind !== 'refusal') {
    throw new Rejected('the entry is not of an exchange or a refusal')
  }
  const result = leaf.kind === 'exchange' ? 'outcome' : 'check'
  for (const name of ['time', 'caller', 'requestHash', 'answerHash', result]) {
    if (typeof leaf[name] !== 'string') throw new Rejected(`the entry has no ${name}`)
  }
  const other = leaf.kind === 'exchange' ? 'check' : 'outcome'
  if (leaf[other] !== undefined) throw new Rejected(`the entry of this kind has no ${other}`)
  for (const name of ['requester', 'item', 'agreement', 'indexHash']) {
    const value = leaf[name]
    if (value !== undefined && typeof value !== 'string') {
      throw new Rejected(`the entry's ${name} is not a string`)
    }
  }
  if (!isInstant(leaf.time as string)) throw new Rejected("the entry's time is not an instant")
  return leaf as EvidenceLeaf
}

function parseCanonical(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Rejected('the entry is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Rejected('the entry is not an object')
  }
  if (canonicalJson(value) !== text) throw new Rejected('the entry is not canonical JSON')
  return value as Record<string, unknown>
}

/** RFC 3339 in UTC with milliseconds, of a day that exists. */
function isInstant(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString() === text
}
