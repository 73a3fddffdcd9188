import { normalizeName } from '../../contract/name.ts'
import type { Bilingual } from '../../errors.ts'

/** A text's clauses as they are compared: what stands between semicolons, full stops and line ends. */
function clausesOf(text: string): string[] {
  const parts = text.split(/[;；。\n]|\.(?=\s|$)/u)
  return parts.map(normalizeName).filter((clause) => clause !== '')
}

/** Clauses of a text that another one does not have, in their own spelling. Leaving some out adds none. */
export function addedClauses(own: Bilingual, defined: Bilingual): string[] {
  const known = new Set(clausesOf(defined.zh))
  return own.zh
    .split(/[;；。\n]|\.(?=\s|$)/u)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '' && !known.has(normalizeName(clause)))
}
