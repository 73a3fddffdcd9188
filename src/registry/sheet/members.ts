import { isMembers } from '../members.ts'

/** What stands at a path; undefined where nothing does. */
export function at(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    document,
  )
}

/** A copy that may be written to. */
export type Draft = { [name: string]: unknown }

/**
 * Writes into a draft. What becomes empty by taking a value away goes with it, so that an optional group whose
 * cells are all empty is left out.
 *
 * @param path of member names that stand in a table of columns, never in a file
 */
export function put(draft: Draft, [name, ...rest]: readonly string[], value: unknown): void {
  if (name === undefined) return
  if (rest.length === 0) {
    if (value === undefined) delete draft[name]
    else draft[name] = value
    return
  }
  const held = at(draft, [name])
  const inner: Draft = isMembers(held) ? held : {}
  put(inner, rest, value)
  if (Object.keys(inner).length === 0) delete draft[name]
  else draft[name] = inner
}
