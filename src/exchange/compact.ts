import { Refusal } from '../errors.ts'
import { type Compact, NotCompact, readCompact } from '../jws/compact.ts'

/**
 * Checks 2 and 3: canonical form, JSON objects, a header of exactly alg, kid, typ, and the type.
 *
 * @throws Refusal `malformed`, `header` or `wrong-type`.
 */
export function readMessage(text: string, typ: string): Compact {
  const compact = read(text)
  if (compact.header.typ !== typ) throw new Refusal('wrong-type')
  return compact
}

function read(text: string): Compact {
  try {
    return readCompact(text)
  } catch (error) {
    if (!(error instanceof NotCompact)) throw error
    throw new Refusal(error.fault === 'form' ? 'malformed' : 'header')
  }
}
