const DEPTH_MAX = 12

/**
 * True when a text that `JSON.parse` accepts also has no repeated member, no `__proto__`, no escape in
 * a name and is not deeper than {@link DEPTH_MAX} (RFC 8725 §2.4, RFC 8259 §4: behaviour of repeated
 * names is unpredictable, so two readers could see two requests).
 *
 * A text without escapes that is what `JSON.stringify` makes of its value repeats nothing: most are.
 * Otherwise names are counted in the text and in the value, which keeps one of each repeated name.
 *
 * No escape in a name: V8 (nodejs/node#63785, Node 24 and 26) may read `"\u0061"` as the name `\` once
 * any earlier text had that name, so a repetition behind an escape would hide from the count.
 */
export function isStrictJson(text: string, parsed: unknown): boolean {
  const members = countMembers(parsed, 0)
  if (members < 0) return false
  const isPlain = !text.includes('\\') && JSON.stringify(parsed) === text
  return isPlain || members === countNames(text)
}

/** Members in the whole value, or a negative number where it is too deep or names `__proto__`. */
function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth === DEPTH_MAX) return Number.NEGATIVE_INFINITY
  let count = 0
  if (Array.isArray(value)) {
    for (const element of value) count += countMembers(element, depth + 1)
    return count
  }
  for (const name of Object.keys(value)) {
    if (name === '__proto__') return Number.NEGATIVE_INFINITY
    count += 1 + countMembers((value as Record<string, unknown>)[name], depth + 1)
  }
  return count
}

/** A string, and whether it is a name: then a colon follows. */
const STRING = /"((?:[^"\\]|\\.)*)"\s*(:?)/g

/** Names in the text; NaN where one is spelt with an escape. */
function countNames(text: string): number {
  let count = 0
  for (const [, name = '', colon] of text.matchAll(STRING)) {
    if (colon === '') continue
    if (name.includes('\\')) return Number.NaN
    count += 1
  }
  return count
}
