import type { EvidenceBundle } from '../../../src/evidence/bundle.ts'
import type { EvidenceVector } from '../vectors.ts'

export type Honest = Readonly<
  Record<'alone' | 'answer' | 'other' | 'refusal' | 'ed25519' | 'last', EvidenceBundle>
>

export type Fails = EvidenceVector['expect']['fails']
/** A vector whose bundle is no evidence: those checks do not hold. */
export function refused(
  [name, zh, en]: readonly [string, string, string],
  bundle: unknown,
  fails: Fails,
  trust = 'honest',
): EvidenceVector {
  return { name, note: { zh, en }, trust, bundle, expect: { ok: false, fails } }
}

/** The text with one character, at a place where all bits count, exchanged for another. */
export function flipped(text: string, at: number): string {
  const place = at < 0 ? text.length + at : at
  const other = text[place] === 'A' ? 'B' : 'A'
  return text.slice(0, place) + other + text.slice(place + 1)
}
