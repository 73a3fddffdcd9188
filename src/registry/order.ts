/** Whether anyone may see it: what is in service, and what was and may be again. */
export function isPublic({ state }: { readonly state: string }): boolean {
  return state === 'published' || state === 'suspended'
}

/** For sorting by code, unit by unit: no order depends on a language. */
export function byCode(a: { readonly code: string }, b: { readonly code: string }): number {
  if (a.code === b.code) return 0
  return a.code < b.code ? -1 : 1
}
