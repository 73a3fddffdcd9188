/**
 * Canonical JSON (RFC 8785) of a parsed document: members in the order of their UTF-16 names, and what
 * ECMAScript writes for strings and numbers, which is what the RFC asks for.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
