/** A JSON object whose members nobody has judged yet. */
export type Members = { readonly [name: string]: unknown }

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
