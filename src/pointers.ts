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
