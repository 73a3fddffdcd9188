import { CONDITIONS, EXCLUSIONS } from '../../registry/fitness.ts'
import type { Lang } from '../language.ts'
import { SERVICES } from '../texts/service-form.ts'
import { pick } from '../words.ts'

const QUESTIONS = { exclusions: EXCLUSIONS, conditions: CONDITIONS } as const

/** How a place of a service is called, beyond what items have too. @param place tokens of its pointer. */
export function serviceName(lang: Lang, [first, ...rest]: readonly string[]): string | undefined {
  const says = SERVICES[lang]
  if (first === 'materials') return materialName(lang, rest)
  if (first === 'fitness') return questionOf(lang, rest)
  return first === 'lead' || first === 'coLeads' ? says.fields[first] : undefined
}

/** A row by its place, a paper by its code; `*` is the order in which they stand. */
function materialName(lang: Lang, [whose, ...rest]: readonly string[]): string {
  const says = SERVICES[lang]
  if (whose === undefined) return says.materials
  if (whose === '*') return says.order
  return says.ofMaterial(/^\d+$/.test(whose) ? Number(whose) + 1 : whose, partOf(lang, rest))
}

function questionOf(lang: Lang, [group, name = '']: readonly string[]): string | undefined {
  if (group !== 'exclusions' && group !== 'conditions') return undefined
  const asked: Readonly<Record<string, { zh: string; en: string }>> = QUESTIONS[group]
  const question = Object.hasOwn(asked, name) ? asked[name] : undefined
  return question ? pick(lang, question) : SERVICES[lang].fitness[group]
}

function partOf(lang: Lang, [first = '', second = '', third = '']: readonly string[]): string {
  const { material: parts, test, tests } = SERVICES[lang]
  if (first === 'tests')
    return Object.hasOwn(test, second) ? test[second as keyof typeof test] : tests
  if (first === 'decision') {
    if (second === 'items') return parts.items
    if (second !== 'afterCheck') return parts.decision
    return third === 'how' ? parts.how : third === 'item' ? parts.afterItem : parts.due
  }
  return Object.hasOwn(parts, first) ? parts[first as keyof typeof parts] : ''
}
