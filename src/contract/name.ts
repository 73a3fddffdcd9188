/** How two names compare: unlike letters are a MISMATCH only where every character can be trusted. */
export type NameComparison = 'MATCH' | 'MISMATCH' | 'UNDETERMINED'

/** Between the parts of a transliterated name; registers write it in a dozen ways or leave it out. */
const DOTS = '·•‧∙⋅・･˙᛫․.．'
const SPACES = '\\s\\u200b-\\u200d\\u2060\\ufeff\\u00ad'
/** They choose a glyph, or fill a place, and are never a character of their own. */
const VARIATION_SELECTORS =
  '\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}\\u180b-\\u180d\\u180f\\u034f\\u115f\\u1160\\u3164\\uffa0'
const DROPPED = new RegExp(`[${DOTS}${SPACES}${VARIATION_SELECTORS}]`, 'gu')

/** Only between Latin letters: anywhere else they may stand for a character. */
const LATIN_JOINER = /(?<=\p{Script=Latin})['’‘ʼ`´\-\u2010\u2011](?=\p{Script=Latin})/gu

/** A dot at an end separates nothing: it stands for a character that could not be typed. */
const DANGLING_DOT = new RegExp(`^[${DOTS}]|[${DOTS}]$|[${DOTS}]{2}`, 'u')

/** Marks such as vowel signs belong to the letters; 〇 is a numeral that people do bear as a name. */
const SCRIPTS: readonly RegExp[] = [
  /^[[\p{Script=Han}&&\p{L}]〇]+$/v,
  ...['Latin', 'Arabic', 'Tibetan', 'Mongolian', 'Yi', 'Hangul', 'Cyrillic', 'Thai'].map(
    (script) => new RegExp(`^[[\\p{Script=${script}}&&\\p{L}]\\p{M}]+$`, 'v'),
  ),
]

/**
 * The stated normalisation: NFKC (full width, compatibility forms); dots, spaces and variation
 * selectors dropped, hyphens and apostrophes inside Latin words too; lower case. Idempotent.
 */
export function normalizeName(name: string): string {
  const joined = name.replace(LATIN_JOINER, '').replace(DROPPED, '').normalize('NFKC')
  return joined.replace(LATIN_JOINER, '').replace(DROPPED, '').toLowerCase().normalize('NFKC')
}

/**
 * Compares after `normalizeName`. A private-use, unassigned or substitute character (□ ? * 〓 ⿰ …),
 * a name partly spelled in another script, or two names in different scripts give UNDETERMINED:
 * registers hold rare characters (生僻字) in code points of their own, so "different" is a guess.
 */
export function compareNames(a: string, b: string): NameComparison {
  if (a === b) return isComparable(a) ? 'MATCH' : 'UNDETERMINED'
  const left = normalizeName(a)
  const right = normalizeName(b)
  const script = scriptOf(left)
  if (script === undefined || script !== scriptOf(right)) return 'UNDETERMINED'
  if (hasDanglingDot(a) || hasDanglingDot(b)) return 'UNDETERMINED'
  if (left === right) return 'MATCH'
  return foldArabic(left) === foldArabic(right) ? 'UNDETERMINED' : 'MISMATCH'
}

/** Whether a name can be compared at all: false for what would be UNDETERMINED against any other. */
export function isComparable(name: string): boolean {
  return scriptOf(normalizeName(name)) !== undefined && !hasDanglingDot(name)
}

/** An identity, credit or certificate number as registers keep it: half width, no spaces, upper case. */
export function normalizeIdNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200d\u2060\ufeff]/gu, '')
    .toUpperCase()
}

/** Keyboards of different languages write one letter as several; in Uyghur they are letters of their own. */
function foldArabic(normalized: string): string {
  return normalized.replace(/[\u0649\u064a]/gu, '\u06cc').replaceAll('\u0643', '\u06a9')
}

function scriptOf(normalized: string): RegExp | undefined {
  return SCRIPTS.find((script) => script.test(normalized))
}

function hasDanglingDot(name: string): boolean {
  return DANGLING_DOT.test(name.trim())
}
