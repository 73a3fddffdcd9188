import type { z } from 'zod'

const POINTERS_MAX = 8
const POINTER_LENGTH_MAX = 80

/** Places of a zod error as JSON pointers (RFC 6901): names of members, never their values. */
export function pointersOf(error: z.ZodError): string[] {
  const paths = error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => [...issue.path, name])
      : [issue.path],
  )
  return [...new Set(paths.map(toPointer))].slice(0, POINTERS_MAX)
}

function toPointer(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1'))
  return parts
    .map((part) => `/${part}`)
    .join('')
    .slice(0, POINTER_LENGTH_MAX)
}

/**
 * Where a JSON value holds half a character: a text, or a member's name, that is no well-formed Unicode
 * (RFC 8785 §3.2.2.2 has no form for it, so nobody could sign it). Or where it is nested too deep to be read.
 */
export function halfCharacters(value: unknown): string[] {
  return [...illFormed(value, [])].slice(0, POINTERS_MAX).map(toPointer)
}

/** Deeper than any document; and everything that reads one goes into it by calling itself. */
const DEPTH_MAX = 32

function* illFormed(value: unknown, path: readonly string[]): Generator<readonly string[]> {
  if (typeof value === 'string' && !value.isWellFormed()) yield path
  if (typeof value !== 'object' || value === null) return
  if (path.length === DEPTH_MAX) return yield path
  for (const [name, inner] of Object.entries(value)) {
    if (name.isWellFormed()) yield* illFormed(inner, [...path, name])
    else yield path
  }
}
