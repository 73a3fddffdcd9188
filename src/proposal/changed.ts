import { canonicalJson } from '../log/leaf.ts'

/** JSON pointers of the members in which two documents differ; none where one of them is no object. */
export function changedMembers(one: unknown, other: unknown): string[] {
  if (!isObject(one) || !isObject(other)) return []
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names]
    .filter((name) => canonicalJson(one[name] ?? null) !== canonicalJson(other[name] ?? null))
    .map((name) => `/${name}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
