/** Whether anyone may see it: what is in service, and what was and may be again. */
export function isPublic({ state }: { readonly state: string }): boolean {
  return state === 'published' || state === 'suspended'
}

/** Of an item's versions, newest first, the one in service; undefined where none is. */
export function versionInService<T extends { readonly state: string }>(
  versions: readonly T[],
): T | undefined {
  return versions.find(({ state }) => state === 'published')
}

/** The one in service, or the newest there is. */
export function currentVersion<T extends { readonly state: string }>(
  versions: readonly T[],
): T | undefined {
  return versionInService(versions) ?? versions[0]
}

/** For sorting by code, unit by unit: no order depends on a language. */
export function byCode(a: { readonly code: string }, b: { readonly code: string }): number {
  if (a.code === b.code) return 0
  return a.code < b.code ? -1 : 1
}
