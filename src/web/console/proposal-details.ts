import { REFUSAL_GROUNDS } from '../../proposal/kinds/agreement-refusal.ts'
import type { Move } from '../../proposal/move.ts'
import type { Done } from '../../proposal/proposal.ts'
import type { Choice as Option } from '../components/form.ts'
import type { Lang } from '../language.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { TERMS } from '../texts/terms.ts'
import { pick } from '../words.ts'

const DETAILS = ['code', 'law', 'narrower', 'condition', 'days'] as const
type DetailName = (typeof DETAILS)[number]
/** What only some grounds of a refusal ask for. */
const OPTIONAL: readonly DetailName[] = ['narrower', 'condition']

/** What a move says beside its reason, as far as the form has fields for it. */
export function detailNames({ details }: Pick<Move, 'details'>): readonly DetailName[] {
  const { shape = {} } = (details ?? {}) as { readonly shape?: Readonly<Record<string, unknown>> }
  return DETAILS.filter((name) => Object.hasOwn(shape, name))
}

export function isOptional(name: DetailName): boolean {
  return OPTIONAL.includes(name)
}

/** The form's field for a detail. */
export function detailName(name: DetailName): string {
  return `details:${name}`
}

/** R01 … R09, each with its words. */
export function groundChoices(lang: Lang): readonly Option[] {
  return Object.keys(REFUSAL_GROUNDS).map((value) => ({ value, text: groundWords(lang, value) }))
}

function groundWords(lang: Lang, code: string): string {
  if (!Object.hasOwn(REFUSAL_GROUNDS, code)) return code
  return `${code} ${pick(lang, REFUSAL_GROUNDS[code as keyof typeof REFUSAL_GROUNDS])}`
}

/** What was said with an act beside its reason, one line each, as its history shows it. */
export function detailWords(lang: Lang, details: Done['details'] = {}): readonly string[] {
  const says = PROPOSALS[lang]
  return Object.entries(details).map(([name, value]) => {
    if (name === 'why' && Object.hasOwn(says.reasons, value))
      return says.reasons[value as keyof typeof says.reasons]
    if (name === 'code') return groundWords(lang, value)
    if (!Object.hasOwn(says.detailNames, name)) return value
    return `${says.detailNames[name as keyof typeof says.detailNames]}${TERMS[lang].colon}${value}`
  })
}
